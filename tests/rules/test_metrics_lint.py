"""Prometheus' own linter on every page; what it may complain about is declared on the metric, with a reason."""

import subprocess
from pathlib import Path

import pytest

from tests.golden.test_bot_page import FACTS
from tests.support.books import ledger_of
from tradewatch.book.reading import distributed
from tradewatch.catalog import Kind, Metric, distributions
from tradewatch.exporter import Format, Service
from tradewatch.exporter.metrics import ALL
from tradewatch.exporter.wire import Family, Renderer, Sample
from tradewatch.stack.servers import locate
from tradewatch.stats import Histogram
from tradewatch.systems import SYSTEMS

EVERY_METRIC = (*ALL, *(metric for system in SYSTEMS for metric in system.metrics))


def complaints(page: bytes) -> set[str]:
    """Return promtool's complaints about a page: ``name complaint`` each."""
    checked = subprocess.run([locate("promtool"), "check", "metrics"], input=page, capture_output=True, check=False)
    return set(checked.stderr.decode().splitlines())


def excused(metrics: tuple[Metric, ...], complaint: str) -> bool:
    name, _, words = complaint.partition(" ")
    return any(metric.name == name and any(part in words for part in metric.lint_exceptions) for metric in metrics)


def family_of(metric: Metric) -> Family:
    """Return a metric's family with a sample, or the whole of a distribution."""
    labels = ("x",) * len(metric.labels)
    if metric.kind is not Kind.HISTOGRAM:
        return Family(metric, metric.help, [Sample(labels, 1)])
    histogram = Histogram(distributions.BOUNDS[metric.concept])
    return Family(metric, metric.help, [Sample(*reading) for reading in distributed(labels, histogram)])


@pytest.mark.parametrize("system", [system.name for system in SYSTEMS])
def test_the_page_of_a_system_passes_but_for_declared_exceptions(tmp_path: Path, system: str) -> None:
    service = Service(ledger_of(tmp_path / "bot.db", FACTS, system))
    assert [each for each in complaints(service.page(Format.TEXT)) if not excused(EVERY_METRIC, each)] == []
    service.close()


def test_every_metric_of_the_catalogue_passes_whether_a_page_has_it_or_not() -> None:
    found = complaints(Renderer().render(map(family_of, EVERY_METRIC), Format.TEXT))
    assert [each for each in found if not excused(EVERY_METRIC, each)] == []


def test_no_declared_exception_is_stale() -> None:
    declared = [(metric.name, part) for metric in EVERY_METRIC for part in metric.lint_exceptions]
    found = complaints(Renderer().render(map(family_of, EVERY_METRIC), Format.TEXT))
    assert [each for each in declared if not any(each[0] in line and each[1] in line for line in found)] == []


def test_the_linter_does_complain_about_a_bad_page() -> None:
    assert complaints(b"# TYPE bot_x counter\nbot_x 1\n") != set()


def test_no_two_metrics_share_a_name() -> None:
    names = [metric.name for metric in EVERY_METRIC]
    assert sorted(set(names)) == sorted(names)
