"""The functions and shapes of the ``MetaTrader5`` package, in memory: named tuples, NumPy arrays, ``last_error``."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

import numpy as np

from tests.support.terminals import START
from tradewatch.market.clock import SimulatedClock

Result = TypeVar("Result")

RATES = np.dtype(
    [
        ("time", "<i8"),
        ("open", "<f8"),
        ("high", "<f8"),
        ("low", "<f8"),
        ("close", "<f8"),
        ("tick_volume", "<u8"),
        ("spread", "<i4"),
        ("real_volume", "<u8"),
    ]
)


class AccountInfo(NamedTuple):
    login: int = 4711
    trade_mode: int = 0
    leverage: int = 500
    margin_mode: int = 2
    balance: float = 10_000.0
    equity: float = 10_050.0
    currency: str = "USD"


class TerminalInfo(NamedTuple):
    connected: bool = True


class SymbolInfo(NamedTuple):
    name: str
    visible: bool = True
    digits: int = 5
    point: float = 0.00001
    spread: int = 12
    bid: float = 1.1
    filling_mode: int = 2
    swap_mode: int = 1
    swap_long: float = -7.5
    swap_short: float = 2.5
    volume_min: float = 0.01
    volume_max: float = 50.0
    volume_step: float = 0.01
    trade_contract_size: float = 100_000.0
    currency_base: str = "EUR"
    currency_profit: str = "USD"


class Tick(NamedTuple):
    time: int
    bid: float
    ask: float
    time_msc: int


class TradePosition(NamedTuple):
    ticket: int
    time_msc: int
    type: int
    magic: int
    volume: float
    price_open: float
    sl: float
    tp: float
    profit: float
    symbol: str
    comment: str


class TradeDeal(NamedTuple):
    ticket: int
    order: int
    time_msc: int
    entry: int
    magic: int
    position_id: int
    volume: float
    price: float
    comment: str


class OrderSendResult(NamedTuple):
    retcode: int
    deal: int = 0
    order: int = 0
    volume: float = 0.0
    price: float = 0.0
    comment: str = ""


class FakeMetaTrader5:
    """A terminal whose server's clock is ahead of ours by ``ahead``.

    ``error``: what all calls fail with; ``retcode``: what orders end with. ``requests``: what was sent.
    """

    TIMEFRAME_M1, TIMEFRAME_M5, TIMEFRAME_M15, TIMEFRAME_H1 = 1, 5, 15, 16385
    ACCOUNT_TRADE_MODE_DEMO, ACCOUNT_MARGIN_MODE_RETAIL_HEDGING = 0, 2
    TRADE_ACTION_DEAL, ORDER_TIME_GTC = 1, 0
    ORDER_TYPE_BUY, ORDER_TYPE_SELL = 0, 1
    POSITION_TYPE_BUY, POSITION_TYPE_SELL = 0, 1
    ORDER_FILLING_FOK, ORDER_FILLING_IOC, ORDER_FILLING_RETURN = 0, 1, 2
    DEAL_ENTRY_IN, DEAL_ENTRY_OUT = 0, 1

    def __init__(self, clock: SimulatedClock, ahead: timedelta = timedelta(hours=3)) -> None:
        self.clock = clock
        self.ahead = ahead
        self.error: tuple[int, str] | None = None
        self.retcode = 10009
        self.price_in_result = True
        self.terminal = TerminalInfo()
        self.account = AccountInfo()
        self.infos = {name: SymbolInfo(name) for name in ("EURUSD+", "GBPUSD+")}
        self.ticks: dict[str, Tick] = {}
        self.rates: dict[tuple[str, int], list[tuple[Any, ...]]] = {}  # Any: the columns of RATES
        self.positions: list[TradePosition] = []
        self.deals: list[TradeDeal] = []
        self.calls: list[tuple[Any, ...]] = []  # Any: each function's own arguments
        self.requests: list[dict[str, Any]] = []  # Any: the package's own
        self._error = (1, "Success")
        self.tick()

    def server(self, moment: datetime) -> int:
        return int((moment + self.ahead).timestamp())

    def tick(self, bid: float = 1.1, ask: float = 1.10012) -> None:
        """A price moves now, in every symbol."""
        seconds = self.server(self.clock.now())
        for name in self.infos:
            self.ticks[name] = Tick(seconds, bid, ask, seconds * 1000 + 250)

    def minutes(self, count: int, symbol: str = "EURUSD+", timeframe: int = 1, length: int = 60) -> None:
        """There are bars that began at START and each ``length`` after, rising by a pip."""
        self.rates[symbol, timeframe] = [
            (self.server(START) + length * number, 1.1, 1.2, 1.0, 1.1 + number / 10_000, 40 + number, 20, 0)
            for number in range(count)
        ]

    def initialize(self, *place: str, timeout: int) -> bool:
        return self._told(("initialize", *place, timeout), result=True) or False

    def login(self, login: int, *, password: str = "", server: str = "", timeout: int) -> bool:
        return self._told(("login", login, password, server, timeout), result=True) or False

    def shutdown(self) -> None:
        self.calls.append(("shutdown",))

    def last_error(self) -> tuple[int, str]:
        return self._error

    def terminal_info(self) -> TerminalInfo | None:
        return self._told(("terminal_info",), self.terminal)

    def account_info(self) -> AccountInfo | None:
        return self._told(("account_info",), self.account)

    def symbols_get(self) -> tuple[SymbolInfo, ...] | None:
        return self._told(("symbols_get",), tuple(self.infos.values()))

    def symbol_info(self, name: str) -> SymbolInfo | None:
        return self._told(("symbol_info", name), self.infos.get(name))

    def symbol_select(self, name: str, enable: bool) -> bool:  # noqa: FBT001 - as the package
        return self._told(("symbol_select", name, enable), result=name in self.infos) or False

    def symbol_info_tick(self, name: str) -> Tick | None:
        return self._told(("symbol_info_tick", name), self.ticks.get(name))

    def copy_rates_from_pos(self, symbol: str, timeframe: int, start: int, count: int) -> Any:
        rows = self.rates.get((symbol, timeframe), [])
        newest_first = rows[::-1][start : start + count]
        return self._told(("copy_rates_from_pos", count), np.array(newest_first[::-1], dtype=RATES))

    def copy_rates_range(self, symbol: str, timeframe: int, first: int, last: int) -> Any:
        rows = [row for row in self.rates.get((symbol, timeframe), []) if first <= row[0] <= last]
        return self._told(("copy_rates_range", first, last), np.array(rows, dtype=RATES))

    def positions_get(self) -> tuple[TradePosition, ...] | None:
        return self._told(("positions_get",), tuple(self.positions))

    def history_deals_get(self, first: int = 0, last: int = 0, *, ticket: int = 0) -> tuple[TradeDeal, ...] | None:
        if ticket:
            return self._told(("history_deals_get", ticket), tuple(deal for deal in self.deals if deal.order == ticket))
        found = tuple(deal for deal in self.deals if first <= deal.time_msc / 1000 <= last)
        return self._told(("history_deals_get", first, last), found)

    def order_send(self, request: dict[str, Any]) -> OrderSendResult | None:
        self.requests.append(request)
        if self.error is None and self.retcode == 10009:
            return self._executed(request)
        return self._told(("order_send",), OrderSendResult(self.retcode, comment="as the server says"))

    def _executed(self, request: dict[str, Any]) -> OrderSendResult:
        number = len(self.requests)
        ticket, is_closing = 5000 + number, "position" in request
        milliseconds = self.server(self.clock.now()) * 1000
        position = request.get("position", ticket)
        self.deals.append(
            TradeDeal(
                9000 + number,
                ticket,
                milliseconds,
                self.DEAL_ENTRY_OUT if is_closing else self.DEAL_ENTRY_IN,
                request["magic"],
                position,
                request["volume"],
                request["price"],
                request["comment"],
            )
        )
        self._settle(request, ticket, milliseconds)
        price = request["price"] if self.price_in_result else 0.0
        return OrderSendResult(10009, 9000 + number, ticket, request["volume"], price, "Request executed")

    def _settle(self, request: dict[str, Any], ticket: int, milliseconds: int) -> None:
        if "position" in request:
            self.positions = [each for each in self.positions if each.ticket != request["position"]]
            return
        levels = (request.get("sl", 0.0), request.get("tp", 0.0))
        terms = (request["type"], request["magic"], request["volume"], request["price"], *levels, -1.2)
        self.positions.append(TradePosition(ticket, milliseconds, *terms, request["symbol"], request["comment"]))

    def _told(self, call: tuple[Any, ...], result: Result) -> Result | None:
        self.calls.append(call)
        self._error = self.error or (1, "Success")
        return None if self.error else result
