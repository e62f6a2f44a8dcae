"""What a dashboard shows: plain types that name no program that draws them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tradewatch.catalog.concept import Unit
from tradewatch.catalog.metric import Metric
from tradewatch.catalog.query import Query

GRID_COLUMNS = 24
JUST_STARTED = 120
"""Seconds within which a start is marked: marks are looked for once a minute."""


class Drawing(StrEnum):
    """How a panel draws, by the name that Grafana has for it."""

    TIME_SERIES = "timeseries"
    STAT = "stat"
    GAUGE = "gauge"
    BAR_GAUGE = "bargauge"
    BAR_CHART = "barchart"
    PIE = "piechart"
    HEAT_MAP = "heatmap"
    STATE_TIMELINE = "state-timeline"
    TABLE = "table"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Target:
    """A query and the name of its series: ``{{label}}`` stands for a label's value."""

    query: Query
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which value on which colour counts; ``start`` None is the lowest."""

    start: float | None
    colour: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a number stands for: its text and colour."""

    text: str
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """A table of one query whose rows are one label and whose columns another."""

    rows: str
    columns: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One picture. ``width`` in columns of 24.

    ``unit``: None takes that of the first query. ``note``: what the definitions do not say, shown first.
    ``empty``: why a healthy system may have nothing here, shown instead; without it a panel must always have data.
    ``latest``: the newest value of each series alone, not its course; ``shows_names``: its name alone. ``alerts``:
    names of alerts whose runbooks help.
    ``is_distribution``: the targets are buckets, and each is drawn with what fell into it alone.
    ``meanings``: what each number stands for, for states. ``fill``: how much is painted below a line, 0 to 100.
    """

    title: str
    drawing: Drawing
    targets: tuple[Target, ...]
    width: int
    unit: Unit | None = None
    note: str = ""
    empty: str = ""
    decimals: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    thresholds: tuple[Threshold, ...] = ()
    meanings: Mapping[int, Meaning] = field(default_factory=dict)
    matrix: Matrix | None = None
    latest: bool = False
    shows_names: bool = False
    is_stacked: bool = False
    is_distribution: bool = False
    fill: int = 0
    alerts: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Panels side by side, all of one height, in as many lines as it takes; a title makes it a part of its own."""

    panels: tuple[Panel, ...]
    height: int
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """What a reader may choose: a value of ``label``, several, or all, among those that ``metric`` has now.

    ``within``: a variable that narrows the choice. ``takes_all``: whether "all" includes values that come later.
    """

    name: str
    title: str
    label: str
    metric: Metric
    within: "Variable | None" = None
    takes_all: bool = True

    @property
    def source(self) -> str:
        """The selector of the series whose values are offered."""
        within = self.within
        return self.metric.name + (f'{{{within.label}=~"${within.name}"}}' if within else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """Moments that are marked on every time series, while ``query`` has a value; can be switched off."""

    name: str
    query: Query
    colour: str
    text: str
    is_on: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """A page of panels. ``span``: how far back it looks at first, in Prometheus' notation."""

    uid: str
    title: str
    description: str
    rows: tuple[Row, ...]
    variables: tuple[Variable, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    span: str = "24h"
    tags: tuple[str, ...] = ()

    @property
    def panels(self) -> tuple[Panel, ...]:
        """All panels, in reading order."""
        return tuple(panel for row in self.rows for panel in row.panels)
