"""The minutes of HYDRA's eight assets, as a whole run goes through them, and what it writes of them."""

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from tradewatch.facts import Entry, stamp
from tradewatch.ledger import SqliteAppender
from tradewatch.market.bars import Bar, Timeframe
from tradewatch.market.clock import SimulatedClock
from tradewatch.market.instruments import CRYPTO
from tradewatch.market.simulated import SimulatedFeed
from tradewatch.market.terminal import RARE_FAULTS, RARE_OUTAGES, Gateway, SimulatedTerminal
from tradewatch.systems.hydra.consensus import consensus
from tradewatch.systems.hydra.engines import ballot, engines
from tradewatch.systems.hydra.regime_detector import RegimeDetector

START = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MINUTES_A_DAY = 1_440
AT_A_TIME = 16_000
"""Facts of one commit: those of about half a second at full speed."""


def feed(days: int) -> SimulatedFeed:
    """Return these days of the eight assets."""
    return SimulatedFeed(CRYPTO, seed=1, start=START, days=days, warm_up=timedelta(0))


def simulated(days: int) -> Callable[[], object]:
    """Return the work of making all bars, a minute at a time."""

    def work() -> None:
        made = feed(days)
        for minute in range(1, days * MINUTES_A_DAY + 1):
            made.advance(START + minute * MINUTE)

    return work


def received(days: int) -> Callable[[], object]:
    """Return the work of making all bars and getting them through terminal and gateway, with their disturbances."""

    def work() -> None:
        clock = SimulatedClock(START)
        terminal = SimulatedTerminal(feed(days), clock, seed=1, outages=RARE_OUTAGES, faults=RARE_FAULTS)
        gateway = Gateway(terminal, clock)
        for minute in range(1, days * MINUTES_A_DAY + 1):
            clock.wait_until(START + minute * MINUTE)
            if gateway.poll():
                for asset in CRYPTO:
                    gateway.new_bars(asset, Timeframe.M1)
            gateway.take_entries()

    return work


def facts_of(bars: Sequence[Bar]) -> list[Entry]:
    """Return a fact of each bar with its indicators, and one of its round of votes."""
    detector, built_in = RegimeDetector(CRYPTO), engines(()).engines
    weights = dict.fromkeys(built_in, 100.0 / len(built_in))
    entries = []
    for bar in bars:
        detector.update(bar)
        told = bar.fact_of(detector.indicators(bar.asset))
        entries.append(Entry(bar.time, f"bar/{bar.asset}/{stamp(bar.time)}", told))
        view = detector.view(bar.asset)
        if view is not None:
            fact = consensus(ballot(built_in, view).votes, weights).fact(f"{bar.asset}/{stamp(bar.time)}", bar.asset)
            entries.append(Entry(bar.time, fact.identity, fact))
    return entries


def appended(entries: Sequence[Entry], folder: Path) -> Callable[[], object]:
    """Return the work of committing all facts to a new ledger each time."""
    numbers = count()

    def work() -> None:
        with closing(SqliteAppender(folder / f"hydra-{next(numbers)}.db")) as appender:
            for first in range(0, len(entries), AT_A_TIME):
                appender.append(entries[first : first + AT_A_TIME], "hydra")

    return work
