"""Prometheus' two text formats: families of samples as bytes.

Sources: the text exposition format 0.0.4 of Prometheus and the OpenMetrics 1.0 specification.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from math import isfinite
from typing import NamedTuple

from tradewatch.catalog import Kind, Metric


class Format(StrEnum):
    """A text format, by its content type."""

    TEXT = "text/plain; version=0.0.4; charset=utf-8"
    OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


class Sample(NamedTuple):
    """Label values, in the order of the metric's labels, and the number as it is published."""

    labels: tuple[str, ...]
    value: float


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


_WHOLE = 1e15
"""Whole numbers below this are written without an exponent."""


class Renderer:
    """Renders pages; remembers the text before each series' value, which never changes."""

    def __init__(self) -> None:
        self._prefixes: dict[tuple[str, tuple[str, ...]], str] = {}

    def render(self, families: Iterable[Family], wire_format: Format) -> bytes:
        """Return the page. A family without samples is left out; so is a number that is not finite."""
        lines: list[str] = []
        for family in families:
            samples = [sample for sample in family.samples if isfinite(sample.value)]
            if samples:
                lines += _header(family, wire_format)
                lines += [f"{self._prefix(family.metric, labels)}{_number(value)}" for labels, value in samples]
        if wire_format is Format.OPENMETRICS:
            lines.append("# EOF")
        return "".join(f"{line}\n" for line in lines).encode()

    def _prefix(self, metric: Metric, labels: tuple[str, ...]) -> str:
        key = (metric.name, labels)
        prefix = self._prefixes.get(key)
        if prefix is None:
            pairs = dict(zip(metric.labels, labels, strict=True))
            prefix = self._prefixes[key] = f"{metric.name}{_label_set(pairs)} "
        return prefix


def _label_set(pairs: Mapping[str, str]) -> str:
    if not pairs:
        return ""
    return "{" + ",".join(f'{name}="{value.translate(_ESCAPES)}"' for name, value in pairs.items()) + "}"


def _header(family: Family, wire_format: Format) -> list[str]:
    metric = family.metric
    name, kind = metric.name, metric.kind.value
    if wire_format is Format.OPENMETRICS and metric.kind is Kind.COUNTER:
        name = metric.name.removesuffix("_total")
        kind = kind if name != metric.name else "unknown"  # a counter by another name is none in OpenMetrics
    words = family.help.translate(_HELP_ESCAPES[wire_format])
    return [f"# HELP {name} {words}", f"# TYPE {name} {kind}"]


def _number(value: float) -> str:
    """Return the shortest text that reads back as the same float; whole numbers without a point."""
    return repr(int(value)) if isinstance(value, int) or (value.is_integer() and abs(value) < _WHOLE) else repr(value)
