"""The real terminal: MetaTrader 5 through its ``MetaTrader5`` package, which exists for Windows only.

Start the terminal and log in before; what the package waits for is limited by `MetaTraderSettings.timeout`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tradewatch.market.bars import Bar, Timeframe
from tradewatch.market.clock import Clock
from tradewatch.market.instruments import Instruments
from tradewatch.market.orders import Order
from tradewatch.market.quotes import Quote
from tradewatch.market.terminal.metatrader_orders import Orders, OrderTerms
from tradewatch.market.terminal.metatrader_package import Package, Record, answer, answers, found
from tradewatch.market.terminal.metatrader_prices import closed_bars, instrument, quote, seconds_of
from tradewatch.market.terminal.server_time import ServerTime
from tradewatch.market.terminal.terminal import Position, Receipt, TerminalAccount, TerminalLost, TerminalRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaTraderSettings:
    """How the terminal is reached and what it may do.

    ``symbols``: those that are used; none are those of the terminal's Market Watch. ``login``, ``password`` and
    ``server``: None keeps the account that the terminal is logged in to. ``path``: of ``terminal64.exe``; None finds
    it.
    ``server_offset``: how far the broker's clock is ahead of UTC; None finds it. ``allow_real``: whether orders may be
    sent to an account that is not a demo one.
    """

    symbols: tuple[str, ...] = ()
    login: int | None = None
    password: str | None = field(default=None, repr=False)
    server: str | None = None
    path: str | None = None
    timeout: timedelta = timedelta(seconds=10)
    server_offset: timedelta | None = None
    allow_real: bool = False
    orders: OrderTerms = field(default_factory=OrderTerms)


class MetaTraderTerminal:
    """A terminal that runs on this machine.

    ``module``: the package, or what behaves as it does; None imports it, and raises `ConfigurationError` where it
    is not installed.
    """

    def __init__(self, clock: Clock, settings: MetaTraderSettings, module: Package | None = None) -> None:
        self._clock = clock
        self._settings = settings
        self._package = found(module)
        self._times = ServerTime(settings.server_offset)
        self._orders = Orders(self._package, settings.orders, self._times)
        self._instruments: Instruments = {}
        self._connected = False

    def connect(self) -> None:
        """Find or start the terminal, log in, and learn the symbols and the server's time zone."""
        self._log_in()
        self._require_server()
        self._instruments = self._found_instruments()
        self._learn_time()
        self._connected = True

    def disconnect(self) -> None:
        """Let go of the terminal, which keeps running."""
        self._connected = False
        self._package.shutdown()

    def account(self) -> TerminalAccount:
        """Return the account; raises `TerminalLost` also when the terminal has lost its server."""
        self._require_connection()
        self._require_server()
        info = answer(self._package, self._package.account_info())
        return TerminalAccount(
            login=int(info.login),
            currency=info.currency,
            balance=float(info.balance),
            equity=float(info.equity),
            leverage=int(info.leverage),
            is_demo=self._is_demo(info),
        )

    def symbols(self) -> Instruments:
        """Return the terms of the symbols in use that the broker has, as they were when the connection was made."""
        self._require_connection()
        return self._instruments

    def quote(self, symbol: str) -> Quote | None:
        """Return the newest tick."""
        self._require_connection()
        tick = answer(self._package, self._package.symbol_info_tick(symbol))
        return quote(symbol, tick, self._times, self._clock.now())

    def bars(self, symbol: str, timeframe: Timeframe, after: datetime) -> Sequence[Bar]:
        """Return the closed bars that ended later than ``after``."""
        self._require_symbol(symbol)
        first = self._times.to_server(after - timeframe.length)
        last = self._times.to_server(self._clock.now() + timeframe.length)
        rates = self._package.copy_rates_range(symbol, self._constant(timeframe), first, last)
        return [bar for bar in self._closed(symbol, timeframe, rates) if bar.time > after]

    def history(self, symbol: str, timeframe: Timeframe, count: int) -> Sequence[Bar]:
        """Return the last closed bars; the package's first one may still be open."""
        self._require_symbol(symbol)
        rates = self._package.copy_rates_from_pos(symbol, self._constant(timeframe), 0, count + 1)
        return self._closed(symbol, timeframe, rates)[-count:] if count else []

    def send(self, order: Order) -> Receipt:
        """Open a position; refused on an account that nets positions, and on a real one unless it is allowed."""
        self._require_may_trade()
        return self._orders.send(order, self._clock.now())

    def close(self, trade_id: str) -> Receipt:
        """Close a position."""
        self._require_may_trade()
        return self._orders.close(trade_id, self._clock.now())

    def positions(self) -> Sequence[Position]:
        """Return what is open; ``trade_id`` is the order's comment where an earlier run sent it."""
        self._require_connection()
        return self._orders.positions()

    def _log_in(self) -> None:
        settings, package = self._settings, self._package
        milliseconds = int(settings.timeout.total_seconds() * 1000)
        place = () if settings.path is None else (settings.path,)
        answer(package, package.initialize(*place, timeout=milliseconds))
        if settings.login is not None:
            told = {"password": settings.password, "server": settings.server}
            given: dict[str, Any] = {
                name: value for name, value in told.items() if value is not None
            }  # Any: the package
            answer(package, package.login(settings.login, timeout=milliseconds, **given))

    def _found_instruments(self) -> Instruments:
        package = self._package
        names = self._settings.symbols or tuple(
            each.name for each in answers(package, package.symbols_get()) if each.visible
        )
        selected = [name for name in names if package.symbol_select(name, True)]  # noqa: FBT003 - it takes no names
        infos = [package.symbol_info(name) for name in selected]
        instruments = {info.name: instrument(info) for info in infos if info is not None}
        if not instruments:
            code = "unknown_symbol"
            raise TerminalRefused(code, f"the broker has none of the symbols {', '.join(names) or 'in Market Watch'}")
        return instruments

    def _learn_time(self) -> None:
        """Compare the newest ticks with the clock; raises `TerminalLost` until one moves."""
        now = self._clock.now()
        for symbol in self._instruments:
            tick = self._package.symbol_info_tick(symbol)
            if tick is not None:
                self._times.observe(symbol, seconds_of(tick), now)
        self._times.to_server(now)

    def _require_connection(self) -> None:
        if not self._connected:
            message = "the terminal is not connected: connect first"
            raise TerminalLost(message)

    def _require_server(self) -> None:
        if not answer(self._package, self._package.terminal_info()).connected:
            message = "the terminal has no connection to its server: wait, or check its network and account"
            raise TerminalLost(message)

    def _require_symbol(self, symbol: str) -> None:
        self._require_connection()
        if symbol not in self._instruments:
            code = "unknown_symbol"
            raise TerminalRefused(code, f"the terminal has no symbol {symbol}")

    def _require_may_trade(self) -> None:
        self._require_connection()
        info = answer(self._package, self._package.account_info())
        if not (self._settings.allow_real or self._is_demo(info)):
            code = "real_account"
            raise TerminalRefused(code, "orders go to demo accounts only: allow a real one, if you mean it")
        if info.margin_mode != self._package.ACCOUNT_MARGIN_MODE_RETAIL_HEDGING:
            code = "netting_account"
            raise TerminalRefused(
                code, "the account nets positions, so that trades cannot be told apart: use a hedging one"
            )

    def _is_demo(self, info: Record) -> bool:
        return bool(info.trade_mode == self._package.ACCOUNT_TRADE_MODE_DEMO)

    def _constant(self, timeframe: Timeframe) -> int:
        return int(getattr(self._package, f"TIMEFRAME_{timeframe.name}"))

    def _closed(self, symbol: str, timeframe: Timeframe, rates: Record) -> list[Bar]:
        rows = answers(self._package, rates)
        return list(closed_bars(rows, self._instruments[symbol], timeframe, self._times, self._clock.now()))
