"""Questions to Prometheus, built from catalogue entries: a metric, label or value that cannot be fails at import.

>>> from tradewatch.catalog import Kind, Metric, Unit, concepts
>>> trades = Metric(name="bot_trades_total", concept=concepts.TRADES_TOLD, kind=Kind.COUNTER, unit=Unit.COUNT,
...                 help="Trades", labels=("outcome",), closed={"outcome": ("win", "loss")})
>>> total(increase(select(trades, outcome="win"), "1h")).text
'sum(increase(bot_trades_total{outcome="win"}[1h]))'
>>> (total(select(trades)) > 20).text
'sum(bot_trades_total) > 20'
>>> select(trades, outcome="draw")
Traceback (most recent call last):
tradewatch.catalog.query.QueryError: the label outcome of bot_trades_total is win or loss, never draw
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tradewatch.catalog.concept import Unit
from tradewatch.catalog.metric import Kind, Metric

TARGET_LABELS = frozenset({"job", "instance"})
"""Labels that Prometheus adds to every series that it scrapes."""

RATE_INTERVAL = "$__rate_interval"
"""A window that is never too short for the step on the screen; the dashboard's program fills it in."""
SHOWN_RANGE = "$__range"
"""All the time on the screen."""

_OPERATORS = ("=~", "!~", "!=")


class QueryError(ValueError):
    """A query that can find nothing: the metric has no such label, or the label never has such a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """An expression in PromQL. ``unit``: what its values count in, None where arithmetic has made something else.

    ``metrics`` and ``selectors``: what it asks for; ``labels``: what its series can be told apart by.
    """

    text: str
    metrics: tuple[Metric, ...]
    selectors: tuple[str, ...]
    labels: frozenset[str]
    unit: Unit | None
    is_compound: bool = False

    def __gt__(self, bound: "float | Query") -> "Query":
        return _compared(self, ">", bound)

    def __lt__(self, bound: "float | Query") -> "Query":
        return _compared(self, "<", bound)

    def __ge__(self, bound: "float | Query") -> "Query":
        return _compared(self, ">=", bound)

    def __le__(self, bound: "float | Query") -> "Query":
        return _compared(self, "<=", bound)

    def equals(self, value: float) -> "Query":
        """Keep the series that have this value."""
        return _compared(self, "==", value)

    def __sub__(self, other: "float | Query") -> "Query":
        return replace(_joined(self, "-", other), unit=self.unit)

    def __add__(self, other: "float | Query") -> "Query":
        return replace(_joined(self, "+", other), unit=self.unit)

    def __mul__(self, other: "float | Query") -> "Query":
        is_percent = self.unit is Unit.RATIO and other == Unit.PERCENT.scale
        return replace(_joined(self, "*", other), unit=Unit.PERCENT if is_percent else None)

    def __truediv__(self, other: "float | Query") -> "Query":
        is_share = isinstance(other, Query) and self.unit is other.unit is Unit.COUNT
        return replace(_joined(self, "/", other), unit=Unit.RATIO if is_share else None)

    def under(self, numerator: float) -> "Query":
        """Return a number divided by each value."""
        return replace(self, text=f"{numerator:.15g} / {_wrapped(self)}", unit=None, is_compound=True)

    def counted_in(self, unit: Unit) -> "Query":
        """Say what arithmetic has made of the values."""
        return replace(self, unit=unit)

    def where(self, other: "Query", on: Sequence[str] = ()) -> "Query":
        """Keep the series for which there is one of ``other`` with the same values of the labels ``on``."""
        return replace(_joined(self, f"and on({', '.join(on)})", other), unit=self.unit, labels=self.labels)

    def unless(self, other: "Query", on: Sequence[str] = ()) -> "Query":
        """Keep the series for which there is none of ``other``."""
        return replace(_joined(self, f"unless on({', '.join(on)})", other), unit=self.unit, labels=self.labels)

    def otherwise(self, other: "Query") -> "Query":
        """Return these series, and those of ``other`` that differ from all of them in some label."""
        return replace(_joined(self, "or", other), unit=self.unit, labels=self.labels & other.labels)

    def joined_on(self, operator: str, other: "Query", on: Sequence[str], *, many: bool = False) -> "Query":
        """Return ``self operator other`` for series that agree in the labels ``on``; ``many`` of ours to one other."""
        group = " group_left()" if many else ""
        labels = self.labels if many else frozenset(on)
        return replace(_joined(self, f"{operator} on({', '.join(on)}){group}", other), unit=None, labels=labels)


def select(metric: Metric, /, **matchers: str) -> Query:
    """Return the series of a metric. A value may begin with ``=~``, ``!~`` or ``!=``; ``from_`` is the label ``from``.

    Raises QueryError for a label that the metric has not, and for a value that a closed label never has.
    """
    found = {name.rstrip("_"): _operator(value) for name, value in matchers.items()}
    for label, (operator, value) in found.items():
        _require_possible(metric, label, operator, value)
    inside = ", ".join(f"{label}{operator}{_quoted(value)}" for label, (operator, value) in found.items())
    text = f"{metric.name}{'{' + inside + '}' if inside else ''}"
    return Query(
        text=text,
        metrics=(metric,),
        selectors=(text,),
        labels=frozenset(metric.labels) | TARGET_LABELS,
        unit=metric.unit,
    )


def buckets(metric: Metric, /, **matchers: str) -> Query:
    """Return the cumulative buckets of a histogram, by their upper bound ``le``."""
    if metric.kind is not Kind.HISTOGRAM:
        message = f"{metric.name} is a {metric.kind}, and has no buckets"
        raise QueryError(message)
    asked = select(metric, **matchers)
    text = asked.text.replace(metric.name, f"{metric.name}_bucket", 1)
    return replace(asked, text=text, selectors=(text,), labels=asked.labels | {"le"}, unit=Unit.COUNT)


def rate(query: Query, window: str = RATE_INTERVAL) -> Query:
    """Return how much counters grow a second."""
    return replace(_over("rate", query, window), unit=None)


def increase(query: Query, window: str = RATE_INTERVAL) -> Query:
    """Return by how much counters grew within the window."""
    return _over("increase", query, window)


def new_in(counters: Query, window: str, *, beside: Query, by: Sequence[str]) -> Query:
    """Return by how much a sum of counters grew within the window, counting a series that was not there before.

    `increase` knows no growth from nothing to 1, which is how the first error of a kind comes. ``beside``: what is on
    every page with numbers; where it is there and the counters are not, they count as 0.
    """
    known = total(counters, by).otherwise(total(beside, by) * 0)
    return replace(known, text=f"increase(({known.text})[{window}:1m])", unit=counters.unit, is_compound=False)


def delta(query: Query, window: str) -> Query:
    """Return by how much gauges changed within the window."""
    return _over("delta", query, window)


def changes(query: Query, window: str) -> Query:
    """Return how often values changed within the window."""
    return replace(_over("changes", query, window), unit=Unit.COUNT)


def highest_over(query: Query, window: str) -> Query:
    """Return the highest value of each series within the window."""
    return _over("max_over_time", query, window)


def lowest_over(query: Query, window: str) -> Query:
    """Return the lowest value of each series within the window."""
    return _over("min_over_time", query, window)


def total(query: Query, by: Sequence[str] = ()) -> Query:
    """Return the sum."""
    return _aggregated("sum", query, by)


def highest(query: Query, by: Sequence[str] = ()) -> Query:
    """Return the maximum."""
    return _aggregated("max", query, by)


def lowest(query: Query, by: Sequence[str] = ()) -> Query:
    """Return the minimum."""
    return _aggregated("min", query, by)


def mean(query: Query, by: Sequence[str] = ()) -> Query:
    """Return the mean."""
    return _aggregated("avg", query, by)


def count(query: Query, by: Sequence[str] = ()) -> Query:
    """Return how many series there are."""
    return replace(_aggregated("count", query, by), unit=Unit.COUNT)


def best(query: Query, by: Sequence[str] = ()) -> Query:
    """Return the series with the highest value, one for each value of the labels ``by``."""
    clause = f" by ({', '.join(by)})" if by else ""
    return replace(query, text=f"topk{clause} (1, {query.text})", is_compound=False)


def quantile(share: float, query: Query) -> Query:
    """Return the quantile of rates of buckets, interpolated."""
    (metric,) = query.metrics
    labels = query.labels - {"le"}
    text = f"histogram_quantile({share:g}, {query.text})"
    return replace(query, text=text, labels=labels, unit=metric.unit, is_compound=False)


def at_least(query: Query, bound: float) -> Query:
    """Return the values, none below the bound."""
    return replace(query, text=f"clamp_min({query.text}, {bound:g})", is_compound=False)


def absent(query: Query) -> Query:
    """Return 1 while a selector finds nothing."""
    return replace(query, text=f"absent({query.text})", unit=None, is_compound=False)


def absolute(query: Query) -> Query:
    """Return the values without their sign."""
    return replace(query, text=f"abs({query.text})", is_compound=False)


def seconds_since(moment: Query) -> Query:
    """Return how many seconds ago a Unix time was."""
    return replace(moment, text=f"time() - {_wrapped(moment)}", unit=Unit.SECONDS, is_compound=True)


def constant(value: float) -> Query:
    """Return a series without labels that always has this value."""
    return Query(text=f"vector({value:g})", metrics=(), selectors=(), labels=frozenset(), unit=None)


def recorded(name: str, of: Query) -> Query:
    """Return what a recording rule has kept of a query under a name."""
    return replace(of, text=name, selectors=(name,), is_compound=False)


def _operator(value: str) -> tuple[str, str]:
    operator = next((each for each in _OPERATORS if value.startswith(each)), "=")
    return operator, value.removeprefix(operator)


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _require_possible(metric: Metric, label: str, operator: str, value: str) -> None:
    bounds = {"le"} if metric.kind is Kind.HISTOGRAM else set()
    if label not in {*metric.labels, *TARGET_LABELS, *bounds}:
        message = f"{metric.name} has the labels {', '.join(metric.labels) or 'of its target alone'}, not {label}"
        raise QueryError(message)
    possible = metric.closed.get(label)
    if possible is None or "$" in value:
        return
    is_possible = any(re.fullmatch(value, each) for each in possible) if "~" in operator else value in possible
    if not is_possible:
        message = f"the label {label} of {metric.name} is {' or '.join(possible)}, never {value}"
        raise QueryError(message)


def _over(function: str, query: Query, window: str) -> Query:
    return replace(query, text=f"{function}({query.text}[{window}])", is_compound=False)


def _aggregated(function: str, query: Query, by: Sequence[str]) -> Query:
    missing = set(by) - query.labels
    if missing:
        message = f"{query.text} has no label {', '.join(sorted(missing))}"
        raise QueryError(message)
    clause = f" by ({', '.join(by)}) " if by else ""
    return replace(query, text=f"{function}{clause}({query.text})", labels=frozenset(by), is_compound=False)


def _compared(query: Query, operator: str, bound: "float | Query") -> Query:
    return replace(_joined(query, operator, bound), unit=query.unit)


def _joined(left: Query, operator: str, right: "float | Query") -> Query:
    if not isinstance(right, Query):
        return replace(left, text=f"{_wrapped(left)} {operator} {right:.15g}", is_compound=True)
    return Query(
        text=f"{_wrapped(left)} {operator} {_wrapped(right)}",
        metrics=tuple({each.name: each for each in (*left.metrics, *right.metrics)}.values()),
        selectors=tuple(dict.fromkeys((*left.selectors, *right.selectors))),
        labels=left.labels,
        unit=left.unit,
        is_compound=True,
    )


def _wrapped(query: Query) -> str:
    return f"({query.text})" if query.is_compound else query.text
