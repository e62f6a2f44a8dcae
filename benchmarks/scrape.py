"""One scrape over HTTP, of a short and of a long history, beside pandas that computes everything anew."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.apparatus import pandas_way
from benchmarks.apparatus.histories import Histories, append
from benchmarks.apparatus.processes import Exporter, exporting
from benchmarks.apparatus.results import Beside, Row, compared
from benchmarks.apparatus.timing import in_turns, seconds
from benchmarks.apparatus.trades import SPAN, START, THOUSAND_SERIES, closing

SHORT = 1_000
TURNS = 51
PANDAS_TURNS = 3

_LIMIT_SECONDS = 0.005
_TIMES_FASTER = 1_000
_SPREAD = 0.2


def rows(histories: Histories, turns: int = TURNS) -> Iterator[Row]:
    """Yield what a scrape costs with nothing new and with one new trade, and how both depend on the history."""
    lengths = (SHORT, histories.trades)
    short, long = (histories.ledger(trades) for trades in lengths)
    peers = [pandas_way.measured(histories.flat(trades), PANDAS_TURNS).seconds for trades in lengths]
    with exporting(short) as few, exporting(long) as many:
        print(f"samples on the page: {_samples(few):,} and {_samples(many):,}")
        # Both connections live through the same, so that the system treats them alike.
        floors = in_turns([partial(few.get, "/-/healthy"), partial(many.get, "/-/healthy")], turns)
        quiet = in_turns([few.scrape, many.scrape], turns)
        busy = with_a_new_trade([(few, short), (many, long)], turns)
    for what, taken in (("nothing new", quiet), ("one new trade", busy)):
        for trades, ours, peer, floor in zip(lengths, taken, peers, floors, strict=True):
            yield _beside_pandas(f"scrape, {what}, {trades:,} trades", (ours, peer, floor), far=trades != SHORT)
        yield _beside_each_other(f"scrape, {what}, {histories.trades:,} beside {SHORT:,} trades", *taken)


def _samples(exporter: Exporter) -> int:
    return sum(not line.startswith(b"#") for line in exporter.get("/metrics").splitlines())


def with_a_new_trade(exporters: list[tuple[Exporter, Path]], turns: int) -> list[float]:
    """Return the median seconds of scrapes that each find one new trade."""
    numbers, random = count(10**9), Random(8)  # noqa: S311 - a simulation, not a secret
    taken: list[list[float]] = [[] for _ in exporters]
    for turn in range(turns):
        time = START + SPAN + timedelta(seconds=turn + 1)
        for (exporter, ledger), each in zip(exporters, taken, strict=True):
            append(ledger, [closing(next(numbers), time, random, THOUSAND_SERIES)])
            each.append(seconds(exporter.scrape))
    return [median(each) for each in taken]


def _beside_pandas(what: str, measured: tuple[float, float, float], *, far: bool) -> Row:
    """Return a row; only the long history (``far``) has to be so many times faster."""
    ours, peer, floor = measured
    in_time, faster = ours <= _LIMIT_SECONDS, peer / ours >= _TIMES_FASTER
    return compared(
        what,
        ours,
        peer=Beside("pandas", peer),
        floor=Beside("healthy", floor),
        target=f"<= 5 ms, >= {_TIMES_FASTER:,} x" if far else "<= 5 ms",
        met=in_time and (faster or not far),
    )


def _beside_each_other(what: str, few: float, many: float) -> Row:
    return compared(what, many, peer=Beside("few", few), target="within 20 %", met=abs(many / few - 1) <= _SPREAD)
