"""A page as text and packed: what a sample costs, beside the Prometheus client library and gzip's highest level."""

import gzip
from collections.abc import Iterator
from functools import partial

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from benchmarks.apparatus.histories import Histories
from benchmarks.apparatus.results import Beside, Row, compared
from benchmarks.apparatus.timing import in_turns
from tradewatch.catalog import Concept, Kind, Metric, Unit
from tradewatch.exporter import Format
from tradewatch.exporter.wire import Family, Renderer, Sample

SERIES = 5_000
TURNS = 15

_LIMIT_SECONDS = 1e-6
_CONCEPT = Concept(name="thing", definition="a thing")
_METRIC = Metric(
    name="bot_thing", concept=_CONCEPT, kind=Kind.GAUGE, unit=Unit.COUNT, help="A thing", labels=("asset", "side")
)


def rows(_histories: Histories, series: int = SERIES, turns: int = TURNS) -> Iterator[Row]:
    """Yield the cost of a sample: of its text, and of packing it."""
    samples = [Sample((f"ASSET-{number}", "BUY"), number / 7) for number in range(series)]
    renderer = Renderer()

    def rendered() -> bytes:
        """Render a family that is new each time: one that is not would be remembered."""
        return renderer.render([Family(_METRIC, _METRIC.help, samples)], Format.TEXT)

    page = rendered()
    works = (
        rendered,
        partial(generate_latest, _registry(samples)),
        partial(gzip.compress, page, 1),
        partial(gzip.compress, page, 9),
    )
    ours, theirs, fast, small = (taken / series for taken in in_turns(works, turns))
    yield compared(
        f"render, a sample of {series:,}",
        ours,
        peer=Beside("client library", theirs),
        target="<= 1 µs",
        met=ours <= _LIMIT_SECONDS,
    )
    yield compared(
        f"pack, a sample of {series:,}, gzip level 1",
        fast,
        peer=Beside("level 9", small),
        target="<= 1 µs",
        met=fast <= _LIMIT_SECONDS,
    )


def _registry(samples: list[Sample]) -> CollectorRegistry:
    registry = CollectorRegistry()
    gauge = Gauge(_METRIC.name, _METRIC.help, _METRIC.labels, registry=registry)
    for labels, value in samples:
        gauge.labels(*labels).set(value)
    return registry
