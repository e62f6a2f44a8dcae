"""Pages of metrics read by the client library's parsers, the judges of our renderer."""

import math
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import Metric as ParsedFamily
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from tradewatch.exporter import Format, Service

Series = dict[tuple[str, frozenset[tuple[str, str]]], float]
"""A sample's name and labels to its value."""


def parsed(page: bytes, wire_format: Format) -> Series:
    """Return every sample of a page; fails on one that is not finite or is there twice."""
    parse = parse_openmetrics if wire_format is Format.OPENMETRICS else parse_text
    return _series(parse(page.decode()))


def _series(families: Iterable[ParsedFamily]) -> Series:
    series: Series = {}
    for family in families:
        for sample in family.samples:
            key = (sample.name, frozenset(sample.labels.items()))
            assert key not in series, f"{key} is there twice"
            assert math.isfinite(sample.value), f"{key} is {sample.value}"
            series[key] = sample.value
    return series


def scrape(ledger: Path, wire_format: Format = Format.TEXT) -> Series:
    """Return the samples of a ledger's page."""
    service = Service(ledger)
    try:
        return parsed(service.page(wire_format), wire_format)
    finally:
        service.close()


def sample(series: Series, name: str, **labels: str) -> float | None:
    """Return one sample's value, None when it is absent."""
    return series.get((name, frozenset(labels.items())))
