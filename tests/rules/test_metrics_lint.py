"""Prometheus' own linter on every page; what it may complain about is declared on the metric, with a reason."""

import subprocess
from pathlib import Path

import pytest
from tests.golden.test_bot_page import FACTS
from tests.support.books import ledger_of

from tradewatch.catalog import Metric
from tradewatch.exporter import Format, Service
from tradewatch.exporter.metrics import ALL
from tradewatch.stack.servers import locate
from tradewatch.systems import system_of


def complaints(page: bytes) -> set[str]:
    """Return promtool's complaints about a page: ``name complaint`` each."""
    checked = subprocess.run([locate("promtool"), "check", "metrics"], input=page, capture_output=True, check=False)
    return set(checked.stderr.decode().splitlines())


def excused(metrics: tuple[Metric, ...], complaint: str) -> bool:
    name, _, words = complaint.partition(" ")
    return any(metric.name == name and any(part in words for part in metric.lint_exceptions) for metric in metrics)


def test_the_page_of_a_bot_passes_but_for_declared_exceptions(tmp_path: Path) -> None:
    service = Service(ledger_of(tmp_path / "bot.db", FACTS))
    metrics = (*ALL, *system_of("bot").metrics)
    assert [each for each in complaints(service.page(Format.TEXT)) if not excused(metrics, each)] == []
    service.close()


def test_the_linter_does_complain_about_a_bad_page() -> None:
    assert complaints(b"# TYPE bot_x counter\nbot_x 1\n") != set()


@pytest.mark.parametrize("metrics", [ALL, system_of("bot").metrics], ids=["exporter", "bot"])
def test_no_two_metrics_share_a_name(metrics: tuple[Metric, ...]) -> None:
    names = [metric.name for metric in metrics]
    assert sorted(set(names)) == sorted(names)
