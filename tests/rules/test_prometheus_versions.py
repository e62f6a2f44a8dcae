"""Rules, queries and configuration mean the same in Prometheus 2.42, which tests them, and in 3.

What 3 changed, from its migration guide, and why none of it concerns us. Each entry is checked below:

- ``.`` in a regular expression matches a line feed too: only ``.*``, for "all", is used, and must match everything.
- Range selectors and the look-back leave out their left end: a window that is as long as a scrape's interval would find
  one sample less, so every window is at least four of them.
- ``holt_winters`` has another name, and functions behind a feature flag come and go: only those below are used.
- ``le`` and ``quantile`` are normalised (``1`` becomes ``1.0``): no value of them is named but ``+Inf``.
- Names may be any text, in quotes: none is.
- The API v1 of Alertmanager is gone: none is asked for.
- A target's port is no longer added or taken away: every target has one.
- A variable in an external label is replaced: there are no external labels.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import promql_parser
import pytest

from tests.support.dashboards import expressions, filled
from tradewatch.cli.views import VIEWS
from tradewatch.mixin.prometheus.configuration import JOBS

ROOT = Path(__file__).parents[2]
CONFIGURATION = (ROOT / "monitoring/prometheus/prometheus.yml").read_text()
SCRAPE_SECONDS = 15
UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
FUNCTIONS = {
    "abs",
    "changes",
    "clamp_min",
    "delta",
    "histogram_quantile",
    "increase",
    "max_over_time",
    "min_over_time",
    "rate",
    "time",
    "vector",
}
AGGREGATIONS = {"sum", "max", "min", "avg", "count", "topk"}
WORDS = {"by", "on", "and", "or", "unless", "group_left"}


def asked() -> Iterator[str]:
    """Yield every query of every rule and dashboard."""
    for views in VIEWS:
        for file in views.rules:
            yield from (alert.query.text for alert in file.alerts)
            yield from (recording.query.text for recording in file.recordings)
        for page in views.dashboards:
            dashboard = json.loads((ROOT / f"monitoring/grafana/dashboards/{page.uid}.json").read_text())
            yield from expressions(dashboard)


QUERIES = sorted(set(asked()))


def without_texts(query: str) -> str:
    return re.sub(r'"[^"]*"', '""', query)


def test_only_known_functions_are_used() -> None:
    used = {name for query in QUERIES for name in re.findall(r"\b([a-z_]+) ?\(", without_texts(query))}
    assert used - FUNCTIONS - AGGREGATIONS - WORDS == set()


def seconds(duration: str) -> int:
    return int(duration[:-1]) * UNITS[duration[-1]]


def test_windows_are_at_least_four_scrapes_long() -> None:
    windows = {window for query in QUERIES for window in re.findall(r"\[([^\]]+)\]", query)} - {
        "$__rate_interval",
        "$__range",
    }
    assert windows
    asked = [(window, step or f"{SCRAPE_SECONDS}s") for window, _, step in (each.partition(":") for each in windows)]
    assert [(window, step) for window, step in asked if seconds(window) < 4 * seconds(step)] == []


def test_regular_expressions_are_variables_or_lists_of_names() -> None:
    found = {value for query in QUERIES for value in re.findall(r'[=!]~"([^"]*)"', query)}
    assert [each for each in found if not re.fullmatch(r"\$\w+|[A-Za-z|]+", each)] == []


def test_no_bound_of_a_bucket_is_named_but_infinity() -> None:
    found = {value for query in QUERIES for value in re.findall(r'\b(?:le|quantile)[=!~]+"([^"]*)"', query)}
    assert found <= {"+Inf"}


def test_names_are_plain_and_stand_before_their_braces() -> None:
    assert [query for query in QUERIES if re.search(r'\{\s*"', query)] == []


@pytest.mark.parametrize("word", ["api_version", "external_labels", "feature", "scrape_classic_histograms"])
def test_the_configuration_has_nothing_that_was_changed(word: str) -> None:
    assert word not in CONFIGURATION


def test_every_target_has_its_port() -> None:
    targets = re.findall(r'- "(127\.0\.0\.1[^"]*)"', CONFIGURATION)
    assert sorted(targets) == sorted([f"127.0.0.1:{port}" for port in JOBS.values()] + ["127.0.0.1:9093"])


def test_a_parser_of_newer_versions_reads_every_query() -> None:
    for query in QUERIES:
        assert promql_parser.parse(filled(query)) is not None
