"""What a one-minute bar costs: simulated, for few and for many symbols, and replayed from a file."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.apparatus.histories import Histories
from benchmarks.apparatus.results import Beside, Row, compared, duration
from benchmarks.apparatus.timing import in_turns
from tradewatch.market.bars import Bar
from tradewatch.market.instruments import METATRADER, Instruments
from tradewatch.market.replay import replay
from tradewatch.market.simulated import SimulatedFeed

DAYS = 3
ROUNDS = 5
FEW, MANY = 8, 64

_START = datetime(2026, 1, 1, tzinfo=UTC)
_MINUTES_A_DAY = 1_440
_LIMIT_SECONDS = 5e-6
_WITHIN = 1.2


def symbols(count: int) -> Instruments:
    """Return so many symbols, of the usual kinds in turn."""
    usual = list(METATRADER.values())
    names = [f"{usual[number % len(usual)].symbol}{number}" for number in range(count)]
    return {name: replace(usual[number % len(usual)], symbol=name) for number, name in enumerate(names)}


def simulated(count: int, days: int) -> Callable[[], object]:
    """Return the work of making these days of so many symbols, a day at a time."""
    instruments = symbols(count)

    def work() -> None:
        feed = SimulatedFeed(instruments, seed=1, start=_START, warm_up=timedelta(0))
        for day in range(1, days + 1):
            feed.advance(_START + timedelta(days=day))

    return work


def bare(count: int) -> Callable[[], object]:
    """Return the work of making so many bars of nothing."""
    return lambda: [Bar("BTC", _START, 60.0, 1.0, 2.0, 1.0, 2.0, 10.0, 0.1, number) for number in range(count)]


def rows(histories: Histories, days: int = DAYS, rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield the cost of a bar: simulated for few symbols and for many, and read from a CSV file."""
    bars = days * _MINUTES_A_DAY
    works = simulated(FEW, days), simulated(MANY, days), bare(FEW * bars)
    few, many, floor = (
        taken / count
        for taken, count in zip(in_turns(works, rounds), (FEW * bars, MANY * bars, FEW * bars), strict=True)
    )
    yield compared(
        f"simulated, a bar of {FEW} symbols",
        few,
        floor=Beside("a bar of nothing", floor),
        target="<= 5 µs",
        met=few <= _LIMIT_SECONDS,
    )
    yield compared(
        f"simulated, a bar of {MANY} symbols",
        many,
        peer=Beside(f"{FEW} symbols", few),
        target="within 20 %",
        met=many <= _WITHIN * few,
    )
    yield _replayed(histories.folder / "BTCUSD-1m.csv", days, rounds)


def _replayed(path: Path, days: int, rounds: int) -> Row:
    feed = SimulatedFeed(symbols(1), seed=1, start=_START, warm_up=timedelta(0))
    bars = feed.advance(_START + timedelta(days=days))
    with path.open("w", newline="") as file:
        written = csv.writer(file)
        written.writerow(("time", "open", "high", "low", "close", "volume"))
        written.writerows((bar.time.isoformat(), *bar[3:8]) for bar in bars)
    works = lambda: replay(path).advance(_START + timedelta(days=days + 1)), lambda: _cells(path)
    ours, floor = (taken / len(bars) for taken in in_turns(works, rounds))
    return Row(
        "replayed, a bar of a CSV file, surveyed first", duration(ours), floor=f"its cells alone {duration(floor)}"
    )


def _cells(path: Path) -> int:
    with path.open(newline="") as file:
        return sum(1 for _ in csv.reader(file))
