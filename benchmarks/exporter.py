"""A page of metrics: what a scrape costs as the history grows, and beside the Prometheus client library."""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from tradewatch.catalog import Concept, Kind, Metric, Unit
from tradewatch.exporter import Format, Service
from tradewatch.exporter.wire import Family, Renderer, Sample
from tradewatch.ledger import SqliteAppender
from tradewatch.systems.bot.sample import simulated_trades

_TRADES = (1_000, 10_000, 100_000)
_SERIES = 5_000
_REPEATS = 15


def main() -> None:
    """Print the cost of a first and of a further page, and of rendering a sample."""
    for trades in _TRADES:
        _scrapes(trades)
    _rendering()


def _scrapes(trades: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bot.db")
        _fill(path, trades)
        service = Service(path)
        first = _seconds(lambda: service.page(Format.TEXT))
        further = median(_seconds(lambda: service.page(Format.TEXT)) for _ in range(_REPEATS))
        service.close()
    a_trade = first / trades * 1e6
    print(f"{trades:>9,} trades: first page {a_trade:.1f} µs a trade, further pages {further * 1e3:.2f} ms")


def _fill(path: Path, trades: int) -> None:
    appender = SqliteAppender(path)
    facts = islice(simulated_trades(7, datetime(2020, 1, 1, tzinfo=UTC)), 2 * trades)
    while batch := list(islice(facts, 5_000)):
        appender.append(batch, "bot")
    appender.close()


def _rendering() -> None:
    concept = Concept(name="thing", definition="a thing")
    metric = Metric(
        name="bot_thing", concept=concept, kind=Kind.GAUGE, unit=Unit.COUNT, help="A thing", labels=("asset", "side")
    )
    samples = [Sample((f"ASSET-{number}", "BUY"), number / 7) for number in range(_SERIES)]
    renderer, family = Renderer(), Family(metric, metric.help, samples)
    ours = _median(lambda: renderer.render([family], Format.TEXT))
    registry = CollectorRegistry()
    gauge = Gauge("bot_thing", "A thing", ["asset", "side"], registry=registry)
    for (asset, side), value in samples:
        gauge.labels(asset, side).set(value)
    theirs = _median(lambda: generate_latest(registry))
    each = ours / _SERIES * 1e6
    print(f"rendering {_SERIES:,} samples: {each:.2f} µs each; client library {theirs / ours:.1f} times that")


def _median(work: Callable[[], object]) -> float:
    work()
    return median(_seconds(work) for _ in range(_REPEATS))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
