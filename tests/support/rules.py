"""Alert rules tried by Prometheus' own tool: given series, which alerts fire when."""

import json
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tradewatch.catalog import Metric, Unit
from tradewatch.catalog.rule import Alert, RuleFile
from tradewatch.cli.views import VIEWS
from tradewatch.mixin.prometheus.rules import rules_yaml
from tradewatch.mixin.site import Site
from tradewatch.stack.servers import locate

Series = Mapping[str, str]
"""A series in Prometheus' notation to its values, one a minute, in promtool's notation."""


class Trial(NamedTuple):
    """Series with which an alert fires, others just inside its limits, and the minute at which to look."""

    fires: Series
    quiet: Series
    minute: int = 70


class Case(NamedTuple):
    """Series, and the alerts that fire after so many minutes."""

    name: str
    series: Series
    minute: int
    firing: Sequence[str]
    watched: Sequence[str] = ()
    """Only these alerts are looked at; all, if there are none."""


ALERTS: Mapping[str, tuple[RuleFile, Alert]] = {
    alert.name: (file, alert) for views in VIEWS for file in views.rules for alert in file.alerts
}
_BOUNDS: Mapping[Unit, tuple[float, float]] = {
    Unit.RATIO: (0, 1),
    Unit.PERCENT: (-100, 100),
    Unit.STATE: (0, 1),
    Unit.COUNT: (0, float("inf")),
    Unit.SECONDS: (0, float("inf")),
}


def failures(cases: Iterable[Case], folder: Path, files: Mapping[str, str] | None = None) -> str:
    """Return what promtool has to say about cases that come out otherwise; nothing when all are as told."""
    written = files or {file.path: rules_yaml(file, Site()) for views in VIEWS for file in views.rules}
    for path, text in written.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    tests = folder / "tests.yml"
    tests.write_text(
        json.dumps(
            {"rule_files": sorted(written), "evaluation_interval": "1m", "tests": _tests(cases)}, ensure_ascii=False
        )
    )
    done = subprocess.run([locate("promtool"), "test", "rules", tests], capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stderr
    return "" if done.returncode == 0 else done.stderr + done.stdout


def _tests(cases: Iterable[Case]) -> list[object]:
    return [
        {
            "name": case.name,
            "interval": "1m",
            "input_series": [{"series": series, "values": values} for series, values in case.series.items()],
            "promql_expr_test": [_expected(case)],
        }
        for case in cases
    ]


def _expected(case: Case) -> object:
    watched = f',alertname=~"{"|".join(case.watched)}"' if case.watched else ""
    return {
        "expr": f'count by (alertname) (ALERTS{{alertstate="firing"{watched}}})',
        "eval_time": f"{case.minute}m",
        "exp_samples": [{"labels": f'{{alertname="{name}"}}', "value": count} for name, count in _counted(case.firing)],
    }


def _counted(names: Sequence[str]) -> list[tuple[str, int]]:
    return [(name, names.count(name)) for name in sorted(set(names))]


def name_of(series: str) -> str:
    """Return the metric's name of a series."""
    return series.partition("{")[0]


def numbers(values: str) -> list[float]:
    """Return every number that promtool's notation has: of ``20+5x3`` the first and the last.

    >>> numbers("1 0x3 20+5x3 _ stale")
    [1.0, 0.0, 20.0, 35.0]
    """
    found: list[float] = []
    for word in values.split():
        match = re.fullmatch(r"(-?[\d.]+)(?:([+-][\d.]+)?x(\d+))?", word)
        if match:
            first, step, times = float(match[1]), float(match[2] or 0), int(match[3] or 0)
            found += [first] if not step else [first, first + step * times]
    return found


def outside(series: Series, catalogue: Mapping[str, Metric]) -> list[str]:
    """Return the series of a trial that could not have such values."""
    return [
        f"{name}: {values}"
        for name, values in series.items()
        if (metric := catalogue.get(name_of(name))) and not all(_possible(metric, each) for each in numbers(values))
    ]


def _possible(metric: Metric, value: float) -> bool:
    low, high = _BOUNDS.get(metric.unit, (float("-inf"), float("inf")))
    return low <= value <= high
