"""A terminal that any feed stands behind, for simulations and replays."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tradewatch.errors import SourceError
from tradewatch.market.bars import Bar, Timeframe
from tradewatch.market.clock import Clock
from tradewatch.market.feed import Feed
from tradewatch.market.instruments import Instruments
from tradewatch.market.orders import Order
from tradewatch.market.quotes import Quote
from tradewatch.market.terminal.disturbances import Faults, Outages
from tradewatch.market.terminal.series import REMEMBERED, Series
from tradewatch.market.terminal.simulated_account import SimulatedAccount
from tradewatch.market.terminal.terminal import Position, Receipt, TerminalAccount, TerminalLost, TerminalRefused

_UNKNOWN_SYMBOL = "unknown_symbol"
_RATE_LIMIT = "rate_limit"
_NO_OUTAGES = Outages()
_NO_FAULTS = Faults()


class SimulatedTerminal:
    """A terminal whose prices are those of ``feed`` at the clock's time.

    Its quotes lie half a spread around the close of the newest one-minute bar, at that bar's time. What goes wrong
    follows from ``seed`` and the time alone, so that it is the same however often it is asked. ``currency`` and
    ``balance``: of the account at the start. ``kept``: bars per symbol and timeframe; ``timeframes``: those that are
    asked for.
    """

    def __init__(  # noqa: PLR0913 - what stands behind it, what goes wrong, and the account
        self,
        feed: Feed,
        clock: Clock,
        *,
        seed: int,
        outages: Outages = _NO_OUTAGES,
        faults: Faults = _NO_FAULTS,
        currency: str = "USD",
        balance: float = 10_000.0,
        kept: int = 600,
        timeframes: Sequence[Timeframe] = tuple(Timeframe),
    ) -> None:
        self._feed = feed
        self._clock = clock
        self._seed = seed
        self._outages = outages
        self._faults = faults
        self._account = SimulatedAccount(feed.instruments, currency, balance)
        self._series = Series(kept, timeframes)
        self._connected = False
        self._reached: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether the feed will bring no more bars."""
        return self._feed.is_over

    def connect(self) -> None:
        """Connect, unless there is an outage."""
        self._require_no_outage()
        self._connected = True
        self._advance()

    def disconnect(self) -> None:
        """Break the connection."""
        self._connected, self._reached = False, None

    def account(self) -> TerminalAccount:
        """Return the account, a demo one."""
        self._advance()
        unrealised = sum(position.unrealised for position in self._account.positions(self._quote))
        return TerminalAccount(
            login=self._seed,
            currency=self._account.currency,
            balance=self._account.balance,
            equity=self._account.balance + unrealised,
            leverage=100,
            is_demo=True,
        )

    def symbols(self) -> Instruments:
        """Return the feed's instruments."""
        self._advance()
        return self._feed.instruments

    def quote(self, symbol: str) -> Quote | None:
        """Return the quote at the newest minute in which it moved."""
        self._advance()
        self._require_symbol(symbol)
        return self._quote(symbol)

    def bars(self, symbol: str, timeframe: Timeframe, after: datetime) -> Sequence[Bar]:
        """Return the kept bars that closed later than ``after``, unless it was asked too often."""
        self._advance()
        self._require_symbol(symbol)
        if self._faults.refuses(symbol, self._clock.now(), self._seed):
            raise TerminalRefused(_RATE_LIMIT, f"the simulated terminal was asked too often about {symbol}")
        return self._series.after(symbol, timeframe, after)

    def history(self, symbol: str, timeframe: Timeframe, count: int) -> Sequence[Bar]:
        """Return the newest kept bars, few of them after `restore`."""
        self._advance()
        self._require_symbol(symbol)
        return self._series.last(symbol, timeframe, count)

    def send(self, order: Order) -> Receipt:
        """Fill an order at the quote."""
        self._advance()
        self._require_symbol(order.asset)
        return self._account.send(order, self._quote(order.asset), self._clock.now())

    def close(self, trade_id: str) -> Receipt:
        """Close a position at the quote."""
        self._advance()
        return self._account.close(trade_id, self._quote, self._clock.now())

    def positions(self) -> Sequence[Position]:
        """Return what is open."""
        self._advance()
        return self._account.positions(self._quote)

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs, plain lists, numbers, texts and mappings. Any: JSON."""
        return {
            "connected": self._connected,
            "account": self._account.state(),
            "series": self._series.state(),
            "feed": self._feed.state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from where ``state`` was taken, with the same bars and the same faults. Any: JSON."""
        self._connected = bool(state["connected"])
        self._account.restore(state["account"])
        self._series.restore(state["series"])
        self._feed.restore(state["feed"])

    def _advance(self) -> None:
        now = self._clock.now()
        if self._connected and (now is self._reached or now == self._reached):
            return
        self._require_no_outage()
        if not self._connected:
            message = "the terminal is not connected: connect first"
            raise TerminalLost(message)
        try:
            self._series.take(self._feed.advance(now))
            self._reached = now
        except SourceError as error:
            self._connected = False
            raise TerminalLost(str(error)) from error

    def _require_no_outage(self) -> None:
        if self._outages.covers(self._clock.now(), self._seed):
            self._connected = False
            message = "the simulated terminal has an outage: connect again later"
            raise TerminalLost(message)

    def _require_symbol(self, symbol: str) -> None:
        if symbol not in self._feed.instruments:
            raise TerminalRefused(_UNKNOWN_SYMBOL, f"the terminal has no symbol {symbol}")

    def _quote(self, symbol: str) -> Quote | None:
        bar = None
        for bar in self._series.newest(symbol, REMEMBERED if self._faults.stall else 1):
            if not self._faults.stalls(symbol, bar.time, self._seed):
                break
        if bar is None:
            return None
        spread = self._spread(bar)
        return Quote(symbol, bar.time, bar.close - spread / 2, bar.close + spread / 2)

    def _spread(self, bar: Bar) -> float:
        if self._faults.crosses(bar.asset, bar.time, self._seed):
            return -self._feed.instruments[bar.asset].spread
        return 0.0 if self._faults.locks(bar.asset, bar.time, self._seed) else bar.spread
