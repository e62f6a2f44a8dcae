"""Prometheus' two text formats: families of samples as bytes.

Sources: the text exposition format 0.0.4 of Prometheus and the OpenMetrics 1.0 specification.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from math import isfinite
from time import sleep
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


_AT_A_TIME = 200
"""Samples rendered before other threads get their turn."""


class _Prefixes(dict[tuple[str, ...], str]):
    """The text before each series' value, by label values; it never changes."""

    def __init__(self, metric: Metric) -> None:
        super().__init__()
        self._metric = metric

    def __missing__(self, labels: tuple[str, ...]) -> str:
        pairs = dict(zip(self._metric.labels, labels, strict=True))
        prefix = self[labels] = f"{self._metric.name}{_label_set(pairs)} "
        return prefix


class Renderer:
    """Renders pages; remembers the text before each series' value, and each metric's newest family with its text."""

    def __init__(self) -> None:
        self._prefixes: dict[str, _Prefixes] = {}
        self._newest: dict[str, tuple[Family, list[str]]] = {}

    def render(self, families: Iterable[Family], wire_format: Format) -> bytes:
        """Return the page. A family without samples is left out; so is a number that is not finite."""
        page: list[str] = []
        rested = 0
        for family in families:
            header = _header(family, wire_format)
            for lines in self._lines(family):
                if lines:
                    page += header
                    page += lines
                    header = []
                if len(page) - rested >= _AT_A_TIME:
                    sleep(0)  # let other threads run: a trading loop may be among them
                    rested = len(page)
        if wire_format is Format.OPENMETRICS:
            page.append("# EOF\n")
        return "".join(page).encode()

    def _lines(self, family: Family) -> Iterator[list[str]]:
        """Yield a family's samples as lines, some at a time; what is not finite is left out."""
        newest, text = self._newest.get(family.metric.name, (None, []))
        if newest is family:
            yield text
            return
        text = []
        for lines in self._rendered(family):
            yield lines
            text += lines
        self._newest[family.metric.name] = family, text

    def _rendered(self, family: Family) -> Iterator[list[str]]:
        prefixes = self._prefixes.setdefault(family.metric.name, _Prefixes(family.metric))
        for begin in range(0, len(family.samples), _AT_A_TIME):
            yield [
                f"{prefixes[labels]}{number[:-2] if (number := repr(value))[-2:] == '.0' else number}\n"
                for labels, value in family.samples[begin : begin + _AT_A_TIME]
                if isfinite(value)
            ]


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
    return [f"# HELP {name} {words}\n", f"# TYPE {name} {kind}\n"]
