"""Prometheus' two text formats: families of samples as bytes.

Sources: the text exposition format 0.0.4 of Prometheus and the OpenMetrics 1.0 specification.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from math import isfinite
from operator import add
from time import sleep
from typing import NamedTuple

import msgspec

from tradewatch.book import COUNT, SUM, Reading
from tradewatch.catalog import Kind, Metric


class Format(StrEnum):
    """A text format, by its content type."""

    TEXT = "text/plain; version=0.0.4; charset=utf-8"
    OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


Sample = Reading
"""Label values, in the order of the metric's labels, and the number as it is published."""


class Family(NamedTuple):
    """A metric, its help with nothing left to fill in, and its samples."""

    metric: Metric
    help: str
    samples: Sequence[Sample]


_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})
_HELP_ESCAPES = {
    Format.TEXT: str.maketrans({"\\": "\\\\", "\n": "\\n"}),
    Format.OPENMETRICS: _ESCAPES,
}


_AT_A_TIME = 1_000
"""Samples rendered before other threads get their turn."""


class _Prefixes(dict[tuple[str, ...], str]):
    """The text before each series' value, by label values; it never changes."""

    def __init__(self, metric: Metric) -> None:
        super().__init__()
        self._metric = metric

    def __missing__(self, labels: tuple[str, ...]) -> str:
        name, pairs = named(self._metric, labels)
        prefix = self[labels] = f"{name}{_label_set(pairs)} "
        return prefix


def named(metric: Metric, labels: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """Return the name of a series and its labels, in the page's order; ``labels``: the values of its sample.

    >>> from tradewatch.catalog import Concept, Unit
    >>> metric = Metric(name="lag", concept=Concept(name="lag", definition="lag"), kind=Kind.HISTOGRAM,
    ...     unit=Unit.SECONDS, help="lag", labels=("api",))
    >>> named(metric, ("orders", "0.5")), named(metric, ("orders", "sum"))
    (('lag_bucket', {'api': 'orders', 'le': '0.5'}), ('lag_sum', {'api': 'orders'}))
    """
    if metric.kind is not Kind.HISTOGRAM:
        return metric.name, dict(zip(metric.labels, labels, strict=True))
    *values, part = labels
    pairs = dict(zip(metric.labels, values, strict=True))
    if part in {SUM, COUNT}:
        return f"{metric.name}_{part}", pairs
    return f"{metric.name}_bucket", {**pairs, "le": part}


class Renderer:
    """Renders pages; remembers what never changes, and each metric's newest family with its text."""

    def __init__(self) -> None:
        self._prefixes: dict[str, _Prefixes] = {}
        self._newest: dict[str, tuple[Family, str]] = {}
        self._headers: dict[tuple[str, str, Format], str] = {}
        self._rendered = 0

    def render(self, families: Iterable[Family], wire_format: Format) -> bytes:
        """Return the page. A family without samples is left out; so is a number that is not finite."""
        page: list[str] = []
        for family in families:
            if text := self._text(family):
                page += self._header(family, wire_format), text
        if wire_format is Format.OPENMETRICS:
            page.append("# EOF\n")
        return "".join(page).encode()

    def _header(self, family: Family, wire_format: Format) -> str:
        key = family.metric.name, family.help, wire_format
        if key not in self._headers:
            self._headers[key] = _header(family, wire_format)
        return self._headers[key]

    def _text(self, family: Family) -> str:
        """Return a family's samples as lines."""
        newest, text = self._newest.get(family.metric.name, (None, ""))
        if newest is not family:
            prefixes = self._prefixes.setdefault(family.metric.name, _Prefixes(family.metric))
            parts = range(0, len(family.samples), _AT_A_TIME)
            text = "".join([self._lines(prefixes, family.samples[begin : begin + _AT_A_TIME]) for begin in parts])
            self._newest[family.metric.name] = family, text
        return text

    def _lines(self, prefixes: _Prefixes, samples: Sequence[Sample]) -> str:
        self._rendered += len(samples)
        if self._rendered >= _AT_A_TIME:
            self._rendered = 0
            sleep(0)  # let other threads run: a trading loop may be among them
        labels, values = zip(*samples, strict=True)
        numbers = _numbers(values)
        if _NOT_FINITE in numbers:
            finite = [sample for sample in samples if isfinite(sample.value)]
            return self._lines(prefixes, finite) if finite else ""
        return "\n".join(map(add, map(prefixes.__getitem__, labels), numbers)) + "\n"


_NOT_FINITE = "null"


def _numbers(values: Iterable[float]) -> list[str]:
    """Return each number's shortest text that is exactly it, without a fraction where there is none.

    A JSON encoder writes it ten times as fast as `repr`; what is not finite becomes `_NOT_FINITE`.
    """
    text = msgspec.json.encode(list(map(float, values))).decode()
    return f"{text[1:-1]},".replace(".0,", ",").split(",")[:-1]


def _label_set(pairs: Mapping[str, str]) -> str:
    if not pairs:
        return ""
    return "{" + ",".join(f'{name}="{value.translate(_ESCAPES)}"' for name, value in pairs.items()) + "}"


def _header(family: Family, wire_format: Format) -> str:
    metric = family.metric
    name, kind = metric.name, metric.kind.value
    if wire_format is Format.OPENMETRICS and metric.kind is Kind.COUNTER:
        name = metric.name.removesuffix("_total")
        kind = kind if name != metric.name else "unknown"  # a counter by another name is none in OpenMetrics
    words = family.help.translate(_HELP_ESCAPES[wire_format])
    return f"# HELP {name} {words}\n# TYPE {name} {kind}\n"
