"""One cycle: what the terminal says goes to the trader, and what the trader says becomes facts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tradewatch.facts import Entry, Heartbeat, stamp
from tradewatch.market.bars import Bar, Timeframe
from tradewatch.market.clock import Clock
from tradewatch.market.quotes import Quote
from tradewatch.market.terminal import Gateway, ReceivedBar
from tradewatch.systems.running.marks import Marks
from tradewatch.systems.velocitytrader.trader import Trader

WARM_UP_BARS = 600
"""Bars of each timeframe that are looked at before the first decision, if the terminal has them."""

_LEARNING_STEP = timedelta(minutes=15)

# Any in this file: a state is what `state` of the same version returned.


class Cycle:
    """Runs cycle after cycle; the first timeframe is the one that prices come in.

    ``stopwatch``: seconds that only go up, to tell how long a cycle took; None where that must not be told.
    """

    def __init__(
        self,
        gateway: Gateway,
        trader: Trader,
        clock: Clock,
        timeframes: Sequence[Timeframe],
        stopwatch: Callable[[], float] | None = None,
    ) -> None:
        self.gateway = gateway
        self.trader = trader
        self.timeframes = timeframes
        self.base = timeframes[0]
        self._clock = clock
        self._stopwatch = stopwatch
        self._cold = {(symbol, timeframe) for symbol in trader.broker.instruments for timeframe in timeframes}
        self._last = clock.now()
        self._marks = Marks(trader.broker)
        self._experiences: dict[str, int] = {}

    @property
    def timeframe(self) -> Timeframe:
        """The timeframe that prices come in: how often there is a cycle."""
        return self.base

    @property
    def next_try(self) -> datetime | None:
        """When a lost connection is tried again; None while nothing waits for that."""
        return self.gateway.next_try

    def release(self, time: datetime) -> None:
        """Take in that a person ended the halt of the drawdown limit."""
        self.trader.risk.release(time, self.trader.broker.equity)

    def begin(self) -> list[Entry]:
        """Connect and look at past bars, before the first cycle; return the facts."""
        if self.gateway.poll():
            self._warm_up()
        return self.gateway.take_entries()

    def run(self, *, halted: bool) -> list[Entry]:
        """Return the facts of one cycle, in order of time. ``halted``: no trade with money is opened."""
        began = self._stopwatch() if self._stopwatch else 0.0
        now = self._clock.now()
        entries: list[Entry] = []
        if self.gateway.poll():
            self._warm_up()
            entries += self._trade(now, halted=halted)
        entries = [*self.gateway.take_entries(), *entries, *self._account(now), *self._learning(now)]
        spent = self._stopwatch() - began if self._stopwatch else None
        entries.append(Entry(now, f"heartbeat/{stamp(now)}", self._heartbeat(spent)))
        self._last = now
        return sorted(entries, key=lambda entry: entry.time)

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs, apart from gateway and trader."""
        return {
            "cold": [[symbol, timeframe.name] for symbol, timeframe in sorted(self._cold, key=str)],
            "last": self._last.isoformat(),
            "marked": self._marks.last,
            "experiences": dict(self._experiences),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from where ``state`` was taken."""
        self._cold = {(symbol, Timeframe[name]) for symbol, name in state["cold"]}
        self._marks.last = state["marked"]
        self._last = datetime.fromisoformat(state["last"])
        self._experiences = dict(state["experiences"])

    def _heartbeat(self, spent: float | None) -> Heartbeat:
        return Heartbeat(interval=float(self.base.seconds), cycle_seconds=spent)

    def _warm_up(self) -> None:
        """Look at past bars, once there is a terminal that tells them; what it does not tell is asked for again."""
        if not self._cold:
            return
        for symbol in self._symbols():
            for timeframe in self.timeframes:
                if (symbol, timeframe) in self._cold:
                    self._look_back(symbol, timeframe)

    def _look_back(self, symbol: str, timeframe: Timeframe) -> None:
        bars = self.gateway.warm_up(symbol, timeframe, WARM_UP_BARS)
        if bars is None:
            return
        self._cold.discard((symbol, timeframe))
        for bar in bars:
            self.trader.observe(bar, timeframe)
            if timeframe is self.base:
                self.trader.broker.on_bar(bar)

    def _symbols(self) -> Sequence[str]:
        known = self.gateway.instruments
        return [symbol for symbol in self.trader.broker.instruments if symbol in known]

    def _trade(self, now: datetime, *, halted: bool) -> list[Entry]:
        symbols = self._symbols()
        received = {symbol: self._new_bars(symbol, self.base) for symbol in symbols}
        entries = self._settle(now, received)
        quotes = self.gateway.quotes(symbols)
        begins = [(timeframe, now - timeframe.length) for timeframe in self.timeframes]
        for symbol in symbols:
            for timeframe, begin in begins:
                bars = received[symbol] if timeframe is self.base else self._longer(begin, symbol, timeframe)
                if bars:
                    entries += self._observe(now, bars, timeframe, quotes.get(symbol), halted=halted)
        self.trader.close_overdue(now)
        return entries

    def _longer(self, begin: datetime, symbol: str, timeframe: Timeframe) -> Sequence[ReceivedBar]:
        """Return new bars of a longer timeframe; nobody is asked before one that began then can have closed."""
        last = self.trader.watches[symbol, timeframe].bar
        return [] if last is not None and last.time > begin else self._new_bars(symbol, timeframe)

    def _new_bars(self, symbol: str, timeframe: Timeframe) -> Sequence[ReceivedBar]:
        """Return new bars; one that had closed at the last cycle was missed, and comes too late to be traded on."""
        received = self.gateway.new_bars(symbol, timeframe)
        last = self._last
        return [each if each.bar.time > last else each._replace(is_old=True) for each in received]

    def _settle(self, now: datetime, received: Mapping[str, Sequence[ReceivedBar]]) -> list[Entry]:
        """Show the broker all new prices in order of time; what old ones bring is told now, when it is known."""
        everything = [each for bars in received.values() for each in bars]
        everything.sort(key=lambda each: each.bar.time)
        entries: list[Entry] = []
        for bar, is_old in everything:
            entries += self.trader.settle(now, bar.known_at(now) if is_old else bar)
            if not is_old and self.base is not self.trader.primary:  # which is told with its indicators
                entries.append(self._told(bar))
        return entries

    def _observe(
        self, now: datetime, bars: Sequence[ReceivedBar], timeframe: Timeframe, quote: Quote | None, *, halted: bool
    ) -> Iterator[Entry]:
        """Take closed bars; the agents decide on the newest one, if it is not old and there is a price to trade at."""
        for bar, is_old in bars:
            if (bar.asset, timeframe) in self._cold:
                if not is_old and timeframe is self.base is self.trader.primary:
                    yield self._told(bar)
                continue
            watch = self.trader.observe(bar, timeframe)
            if not is_old:
                yield from self.trader.tell(watch, self.base)
                if quote is not None:
                    yield from self.trader.decide(now, watch, quote, halted=halted)

    def _told(self, bar: Bar) -> Entry:
        return Entry(bar.time, f"bar/{bar.asset}/{self.base.name}/{stamp(bar.time)}", bar.fact)

    def _account(self, now: datetime) -> Iterator[Entry]:
        yield from self.trader.risk.watch(now, self.trader.broker.equity)
        yield from self._marks.at(now)

    def _learning(self, now: datetime) -> Iterator[Entry]:
        """Yield how far the agents have learned, at whole quarters of an hour."""
        if (now - datetime.min.replace(tzinfo=now.tzinfo)) % _LEARNING_STEP >= self.base.length:
            return
        for name, agent in self.trader.agents.items():
            if agent.experiences != self._experiences.get(name):
                self._experiences[name] = agent.experiences
                yield Entry(now, f"learning/{name}/{stamp(now)}", agent.learning_fact())
