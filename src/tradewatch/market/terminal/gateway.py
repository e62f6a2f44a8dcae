"""Keeps a terminal connected without ever waiting, judges what it says, and tells what happened as facts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from tradewatch.facts import Entry
from tradewatch.market.bars import Bar, Timeframe
from tradewatch.market.clock import Clock
from tradewatch.market.instruments import Instruments
from tradewatch.market.orders import Order
from tradewatch.market.quotes import Quote
from tradewatch.market.terminal.breaker import BreakerState, Patience
from tradewatch.market.terminal.connection import Connection, Unanswered
from tradewatch.market.terminal.quote_gate import QuoteGate
from tradewatch.market.terminal.terminal import Position, Receipt, Terminal, TerminalAccount


class ReceivedBar(NamedTuple):
    """A closed bar; nobody may trade on an old one, which was missed when it closed."""

    bar: Bar
    is_old: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Ages from which prices are too old to trade on: of quotes, which are refused, and of bars, which are marked."""

    quote: timedelta = timedelta(minutes=2)
    bar: timedelta = timedelta(minutes=1)


_LIMITS = Limits()
_PATIENCE = Patience()


class Gateway:
    """The way of a runtime to a terminal: in every cycle ask `poll`, then for prices, then `take_entries`.

    While there is no connection every question is answered at once, with nothing. Neither `TerminalLost` nor
    `TerminalRefused` is raised: they become facts. ``stopwatch``: seconds that only go up, to time the calls of a real
    terminal that does not time itself; without it no call is timed. ``name``: of the connection in facts.
    """

    def __init__(  # noqa: PLR0913 - keywords, each with a default that suits a simulation
        self,
        terminal: Terminal,
        clock: Clock,
        *,
        patience: Patience = _PATIENCE,
        limits: Limits = _LIMITS,
        stopwatch: Callable[[], float] | None = None,
        name: str = "mt5",
    ) -> None:
        self._terminal = terminal
        self._clock = clock
        self._limits = limits
        self._connection = Connection(terminal, clock, patience=patience, stopwatch=stopwatch, name=name)
        self._gate = QuoteGate((), stale_after=limits.quote)
        self._known: Instruments = {}
        self._ask = self._connection.ask
        self._since = clock.now()
        self._seen: dict[tuple[str, Timeframe], datetime] = {}

    @property
    def account(self) -> TerminalAccount | None:
        """The account as the terminal last told it; None before the first connection."""
        return self._connection.account

    @property
    def instruments(self) -> Instruments:
        """The terminal's symbols; empty before the first connection."""
        return self._connection.instruments

    @property
    def breaker(self) -> BreakerState:
        """The state of the connection's breaker."""
        return self._connection.breaker

    @property
    def next_try(self) -> datetime | None:
        """When a lost connection is tried again; None while nothing waits for that."""
        return self._connection.next_try

    def poll(self) -> bool:
        """Look after the connection and return whether there is one; tries to connect when the back-off allows it."""
        is_connected = self._connection.poll()
        if self._known is not self.instruments:
            self._known = self.instruments
            self._gate.know(self._known)
        return is_connected

    def quotes(self, symbols: Iterable[str]) -> dict[str, Quote]:
        """Return the newest quotes that are fit to trade on; call it once in a cycle, for a quote passes once."""
        fit = {}
        for symbol in symbols:
            quote = self._ask("quote", self._terminal.quote, symbol)
            if isinstance(quote, Quote) and self._gate.check(quote, self._clock.now()) is None:
                fit[symbol] = quote
        return fit

    def warm_up(self, symbol: str, timeframe: Timeframe, count: int) -> list[Bar] | None:
        """Return the last ``count`` closed bars, oldest first, before any others are asked for; None if it fails."""
        bars = self._ask("history", self._terminal.history, symbol, timeframe, count)
        return None if isinstance(bars, Unanswered) else self._fit(symbol, timeframe, bars)

    def new_bars(self, symbol: str, timeframe: Timeframe) -> list[ReceivedBar]:
        """Return the bars that closed since the last call or the start, also those that were missed."""
        after = self._seen.get((symbol, timeframe), self._since)
        bars = self._ask("bars", self._terminal.bars, symbol, timeframe, after)
        fit = self._fit(symbol, timeframe, () if isinstance(bars, Unanswered) else bars)
        too_old = self._clock.now() - self._limits.bar
        return [ReceivedBar(bar, bar.time <= too_old) for bar in fit]

    def send(self, order: Order) -> Receipt | Unanswered:
        """Open a position; what came of it, or why nothing is known to have come of it."""
        return self._ask("send", self._terminal.send, order)

    def close(self, trade_id: str) -> Receipt | Unanswered:
        """Close a position; see `send`."""
        return self._ask("close", self._terminal.close, trade_id)

    def positions(self) -> Sequence[Position] | Unanswered:
        """Return what is open, if the terminal says so."""
        return self._ask("positions", self._terminal.positions)

    def take_entries(self) -> list[Entry]:
        """Return what happened since the last call, as facts in order; quotes and bars that were refused come last."""
        for refused in self._gate.take_facts():
            self._connection.telling.tell(refused)
        self._connection.tell_calls()
        return self._connection.telling.take()

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs, plain lists, numbers, texts and mappings; take the entries first. Any: JSON."""
        return {
            "connection": self._connection.state(),
            "gate": self._gate.state(),
            "since": self._since.isoformat(),
            "seen": [[symbol, timeframe.name, time.isoformat()] for (symbol, timeframe), time in self._seen.items()],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from where ``state`` was taken: `new_bars` brings what was missed. Any: JSON."""
        self._connection.restore(state["connection"])
        self._gate.restore(state["gate"])
        self._since = datetime.fromisoformat(state["since"])
        self._seen = {(symbol, Timeframe[name]): datetime.fromisoformat(time) for symbol, name, time in state["seen"]}

    def _fit(self, symbol: str, timeframe: Timeframe, bars: Sequence[Bar]) -> list[Bar]:
        """Return the bars that pass the gate; none that was seen is asked for again."""
        if not bars:
            return []
        now, key = self._clock.now(), (symbol, timeframe)
        check, newest, fit = self._gate.check_bar, self._seen.get(key), []
        for bar in bars:
            if bar.time <= now and (newest is None or bar.time > newest):
                newest = bar.time
            if check(bar, now) is None:
                fit.append(bar)
        if newest is not None:
            self._seen[key] = newest
        return fit
