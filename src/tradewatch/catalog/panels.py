"""Short ways to say a panel, so that a dashboard reads as a list of what it shows."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypedDict, Unpack

from tradewatch.catalog.colours import PLAIN
from tradewatch.catalog.concept import Unit
from tradewatch.catalog.query import Query
from tradewatch.catalog.view import Drawing, Matrix, Meaning, Panel, Target, Threshold


class Look(TypedDict, total=False):
    """What a panel may have beside its queries; see `Panel`."""

    unit: Unit
    note: str
    empty: str
    decimals: int
    minimum: float
    maximum: float
    thresholds: tuple[Threshold, ...]
    meanings: Mapping[int, Meaning]
    is_stacked: bool
    fill: int
    alerts: tuple[str, ...]


def named(query: Query, legend: str) -> Target:
    """Return a query whose series have a name."""
    return Target(query, legend)


def number(title: str, query: Query | Target, width: int = 4, **look: Unpack[Look]) -> Panel:
    """Return the newest value, large; of several series each with its name."""
    panel = _panel(Drawing.STAT, title, width, (query,), look)
    thresholds = panel.thresholds if panel.meanings else panel.thresholds or PLAIN
    return replace(panel, thresholds=thresholds, latest=True)


def names(title: str, target: Target, width: int = 4, **look: Unpack[Look]) -> Panel:
    """Return the names of series, large: what a metric tells by its labels."""
    return replace(number(title, target, width, **look), shows_names=True)


def trend(title: str, query: Query | Target, width: int = 4, **look: Unpack[Look]) -> Panel:
    """Return the newest value of something that stays when its source is gone, over its course."""
    return replace(number(title, query, width, **look), latest=False)


def dial(title: str, query: Query | Target, width: int = 4, **look: Unpack[Look]) -> Panel:
    """Return the newest value on a scale, from ``minimum`` to ``maximum``."""
    return _panel(Drawing.GAUGE, title, width, (query,), look)


def lines(title: str, width: int, *targets: Query | Target, **look: Unpack[Look]) -> Panel:
    """Return values over time."""
    return _panel(Drawing.TIME_SERIES, title, width, targets, look)


def bars(title: str, width: int, *targets: Query | Target, **look: Unpack[Look]) -> Panel:
    """Return the newest values as a bar for each series."""
    return _panel(Drawing.BAR_CHART, title, width, targets, look)


def levels(title: str, width: int, *targets: Query | Target, **look: Unpack[Look]) -> Panel:
    """Return the newest values as bars on a common scale, one below the other."""
    return _panel(Drawing.BAR_GAUGE, title, width, targets, look)


def shares(title: str, width: int, *targets: Query | Target, **look: Unpack[Look]) -> Panel:
    """Return the newest values as parts of a whole."""
    return _panel(Drawing.PIE, title, width, targets, look)


def timeline(title: str, width: int, query: Query | Target, **look: Unpack[Look]) -> Panel:
    """Return the states that each series went through."""
    return _panel(Drawing.STATE_TIMELINE, title, width, (query,), look)


def heat_map(title: str, width: int, query: Query | Target, **look: Unpack[Look]) -> Panel:
    """Return a row of coloured cells over time for each series."""
    return _panel(Drawing.HEAT_MAP, title, width, (query,), look)


def table(title: str, width: int, *targets: Query | Target, **look: Unpack[Look]) -> Panel:
    """Return the newest values, a column for each query."""
    return _panel(Drawing.TABLE, title, width, targets, look)


def matrix(title: str, width: int, query: Query, rows: str, columns: str, **look: Unpack[Look]) -> Panel:
    """Return the newest values by two labels."""
    panel = _panel(Drawing.TABLE, title, width, (query,), look)
    return replace(panel, matrix=Matrix(rows=rows, columns=columns))


def distribution(title: str, width: int, buckets: Query, **look: Unpack[Look]) -> Panel:
    """Return how many of a whole fell into each bucket."""
    panel = _panel(Drawing.BAR_GAUGE, title, width, (Target(buckets, "{{le}}"),), look)
    return replace(panel, is_distribution=True)


def words(title: str, width: int, text: str) -> Panel:
    """Return a text in Markdown."""
    return Panel(title=title, drawing=Drawing.TEXT, targets=(), width=width, text=text)


def _panel(drawing: Drawing, title: str, width: int, targets: tuple[Query | Target, ...], look: Look) -> Panel:
    told = tuple(each if isinstance(each, Target) else Target(each, _legend(each)) for each in targets)
    return Panel(title=title, drawing=drawing, targets=told, width=width, **look)


def _legend(query: Query) -> str:
    labels = [f"{{{{{label}}}}}" for label in sorted(query.labels - {"job", "instance"})]
    return " · ".join(labels) or ("{{instance}}" if "instance" in query.labels else "")
