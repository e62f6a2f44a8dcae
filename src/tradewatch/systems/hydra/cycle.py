"""One cycle: prices, open positions, then of each asset its regime, votes and order; all of it as facts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any

from tradewatch.facts import Entry, ErrorOccurred, Heartbeat, stamp
from tradewatch.market.bars import Timeframe
from tradewatch.market.clock import Clock
from tradewatch.market.terminal import Gateway, ReceivedBar
from tradewatch.systems.hydra.trader import Trader
from tradewatch.systems.running.marks import Marks

WARM_UP_BARS = 300
"""Bars that are looked at before the first vote, if the terminal has them; 121 make a regime."""

_TIME = itemgetter(0)  # of an entry
_BAR_TIME = attrgetter("bar.time")

# Any in this file: a state is what `state` of the same version returned.


class Cycle:
    """Runs cycle after cycle. An asset without new prices is passed over; the others go on.

    ``stopwatch``: seconds that only go up, to tell how long a cycle took. ``faults``: what is wrong with engines, each
    told when a run begins that has not told it yet.
    """

    def __init__(  # noqa: PLR0913 - what it is made of
        self,
        gateway: Gateway,
        trader: Trader,
        clock: Clock,
        timeframe: Timeframe,
        *,
        stopwatch: Callable[[], float],
        faults: Sequence[ErrorOccurred] = (),
    ) -> None:
        self.gateway = gateway
        self.trader = trader
        self.timeframe = timeframe
        self._clock = clock
        self._stopwatch = stopwatch
        self._faults = faults
        self._told: set[str] = set()
        self._is_new = True
        self._cold = dict.fromkeys(trader.assets)
        self._last = clock.now()
        self._marks = Marks(trader.broker)

    @property
    def next_try(self) -> datetime | None:
        """When a lost connection is tried again; None while nothing waits for that."""
        return self.gateway.next_try

    def release(self, time: datetime) -> None:
        """Take in that a person ended the kill switch."""
        self.trader.guardian.release(time)

    def begin(self) -> list[Entry]:
        """Connect and look at past bars, before the first cycle; return the facts.

        A run that goes on asks nothing of its terminal here: this moment's cycle has done so before it was killed.
        """
        now = self._clock.now()
        faults = [entry for fault in self._untold() for entry in self.trader.fault(now, fault)]
        warmed = list(self._warm_up(now)) if self._is_new and self.gateway.poll() else []
        return [*faults, *self.gateway.take_entries(), *warmed]

    def run(self, *, halted: bool) -> list[Entry]:
        """Return the facts of one cycle, in order of time. ``halted``: no trade is opened."""
        now, began = self._clock.now(), self._stopwatch()
        entries: list[Entry] = []
        if self.gateway.poll():
            entries += self._warm_up(now)
            entries += self._trade(now, halted=halted)
        else:
            entries += self.trader.guard(now)
            entries += self.trader.take_back(now)
        entries = [*self.gateway.take_entries(), *entries, *self._marks.at(now)]
        heartbeat = Heartbeat(interval=float(self.timeframe.seconds), cycle_seconds=round(self._stopwatch() - began, 6))
        entries.append(Entry(now, f"heartbeat/{stamp(now)}", heartbeat))
        self._last = now
        return sorted(entries, key=_TIME)

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs, apart from gateway and trader."""
        return {
            "cold": list(self._cold),
            "last": self._last.isoformat(),
            "marked": self._marks.last,
            "told": sorted(self._told),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from where ``state`` was taken."""
        self._cold = dict.fromkeys(state["cold"])
        self._last = datetime.fromisoformat(state["last"])
        self._marks.last = state["marked"]
        self._told = set(state["told"])
        self._is_new = False

    def _untold(self) -> Iterator[ErrorOccurred]:
        for fault in self._faults:
            if fault.message not in self._told:
                self._told.add(fault.message)
                yield fault

    def _warm_up(self, now: datetime) -> Iterator[Entry]:
        """Look at past bars of assets whose past was not seen; what is not told yet is asked for again."""
        for asset in [asset for asset in self._cold if asset in self.gateway.instruments]:
            bars = self.gateway.warm_up(asset, self.timeframe, WARM_UP_BARS)
            if bars is None:
                continue
            del self._cold[asset]
            for bar in bars:
                self.trader.broker.on_bar(bar)
                self.trader.observe(bar)
            yield from self.trader.regime_told(now, asset)

    def _trade(self, now: datetime, *, halted: bool) -> Iterator[Entry]:
        received = self._received()
        for bar, is_old in received:
            yield from self.trader.settle(now, bar.known_at(now) if is_old else bar)
        for each in received:
            yield from self._observe(each)
        yield from self.trader.guard(now)
        fresh = dict.fromkeys(bar.asset for bar, is_old in received if not is_old)
        yield from self.trader.decide(now, fresh, halted=halted)

    def _received(self) -> list[ReceivedBar]:
        """Return new bars in order of time; one that had closed at the last cycle was missed, and comes too late."""
        known = self.gateway.instruments
        assets = [asset for asset in self.trader.assets if asset in known and asset not in self._cold]
        received = [each for asset in assets for each in self.gateway.new_bars(asset, self.timeframe)]
        received.sort(key=_BAR_TIME)
        return [each if each.bar.time > self._last else each._replace(is_old=True) for each in received]

    def _observe(self, received: ReceivedBar) -> Iterator[Entry]:
        """Take a closed bar; an old one changes regimes, but was nobody's price when it closed."""
        bar, is_old = received
        change = self.trader.observe(bar)
        if not is_old:
            yield self.trader.told(bar)
        if change is not None:
            yield change if not is_old else change._replace(time=self._clock.now())
