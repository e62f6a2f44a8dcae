"""The linter of dashboards and rules: what it finds in them, as sentences. It reads the files, not what made them."""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import promql_parser

from tradewatch.catalog import Kind, Metric, Unit
from tradewatch.catalog.query import TARGET_LABELS
from tradewatch.mixin.grafana.units import UNITS
from tradewatch.mixin.viewer_subset import MACROS

Json = Mapping[str, Any]
"""A dashboard's file."""

SUFFIXES = ("_bucket", "_sum", "_count")
POSSIBLE_UNITS = {
    **{unit: {name} for unit, name in UNITS.items()},
    Unit.MONEY: {"locale", "currencyUSD"},
    Unit.COUNT: {"short", "none", "bytes"},
    Unit.STATE: {"none", "short"},
    Unit.TIMES: {"none", "short"},
}
SCALES = {"percent": Unit.PERCENT, "percentunit": Unit.RATIO}


def panels(dashboard: Json) -> list[dict[str, Any]]:
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def expressions(dashboard: Json) -> Iterator[str]:
    """Yield every query of a dashboard, its variables and annotations included."""
    for panel in panels(dashboard):
        yield from (target["expr"] for target in panel.get("targets", ()))
    yield from (each["expr"] for each in dashboard["annotations"]["list"])


def filled(expression: str) -> str:
    """Return a query as Prometheus is asked it."""
    for macro in sorted(MACROS, key=len, reverse=True):
        expression = expression.replace(macro, "5m")
    return re.sub(r"\$\{?\w+\}?", ".+", expression)


def selectors(expression: str) -> list[tuple[str, dict[str, tuple[str, str]]]]:
    """Return what a query selects: each metric's name, and its matchers as operator and value."""
    return list(_selectors(promql_parser.parse(expression)))


def _selectors(node: Any) -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
    if isinstance(node, promql_parser.VectorSelector):
        found = {each.name: (str(each.op), each.value) for each in node.matchers.matchers}
        yield str(node.name), found
    for name in ("expr", "lhs", "rhs", "args", "vector_selector", "param"):
        inside = getattr(node, name, None)
        for each in inside if isinstance(inside, list) else [inside]:
            if each is not None:
                yield from _selectors(each)


def named(name: str, catalogue: Mapping[str, Metric]) -> Metric | None:
    """Return the metric that a series belongs to."""
    if name in catalogue:
        return catalogue[name]
    base = next((name.removesuffix(end) for end in SUFFIXES if name.endswith(end)), name)
    metric = catalogue.get(base)
    return metric if metric is not None and metric.kind is Kind.HISTOGRAM else None


def impossible(expression: str, catalogue: Mapping[str, Metric]) -> Iterator[str]:
    """Yield a sentence for each metric, label or value of a query that cannot be."""
    for name, matchers in selectors(filled(expression)):
        metric = named(name, catalogue)
        if metric is None:
            yield f"no metric {name} is in the catalogue"
            continue
        for label, (operator, value) in matchers.items():
            if label not in {*metric.labels, *TARGET_LABELS, "le"}:
                yield f"{name} has no label {label}"
            elif operator.startswith("MatchOp.Not"):
                continue
            elif label in metric.closed and not any(re.fullmatch(value, each) for each in metric.closed[label]):
                yield f"the label {label} of {name} is never {value}"


def badly_scaled(panel: Json, catalogue: Mapping[str, Metric]) -> Iterator[str]:
    """Yield a sentence where a panel's unit is not that of a metric that it shows as it is."""
    columns = {
        override["matcher"]["options"]: each["value"]
        for override in panel["fieldConfig"]["overrides"]
        for each in override["properties"]
        if each["id"] == "unit"
    }
    for target in panel.get("targets", ()):
        shown = columns.get(target["legendFormat"], panel["fieldConfig"]["defaults"]["unit"])
        expression = filled(target["expr"])
        found = [metric for name, _ in selectors(expression) if (metric := named(name, catalogue))]
        is_count = any(name.endswith(("_bucket", "_count")) for name, _ in selectors(expression))
        if is_count:
            continue
        if _is_plain(expression) and found and shown not in POSSIBLE_UNITS[found[0].unit]:
            yield f"{panel['title']!r} shows {found[0].name} ({found[0].unit.name.lower()}) as {shown}"
        elif shown in SCALES and not _is_plain(expression) and not _makes(SCALES[shown], expression, found):
            yield f"{panel['title']!r} shows arithmetic on {', '.join(each.name for each in found)} as {shown}"


def _is_plain(expression: str) -> bool:
    """Return whether a query changes no scale: a selector, aggregated or not."""
    node = promql_parser.parse(expression)
    while isinstance(node, promql_parser.AggregateExpr | promql_parser.ParenExpr):
        node = node.expr
    return isinstance(node, promql_parser.VectorSelector)


def _makes(unit: Unit, expression: str, found: list[Metric]) -> bool:
    """Return whether arithmetic on these metrics can be in a unit: a share of two alike, or a hundred times a share."""
    units = {metric.unit for metric in found}
    is_share = len(units) == 1 and "/" in expression
    is_hundredfold = units <= {Unit.RATIO, Unit.TIMES, Unit.COUNT} and "* 100" in expression
    return units == {unit} or (unit is Unit.RATIO and is_share) or (unit is Unit.PERCENT and is_hundredfold)


def misplaced(dashboard: Json) -> Iterator[str]:
    """Yield a sentence for each panel that overlaps another, leaves the grid, or shares its id or title."""
    places = [(panel["title"], panel["gridPos"]) for panel in dashboard["panels"]]
    for title, place in places:
        if place["x"] < 0 or place["x"] + place["w"] > 24 or place["w"] < 1 or place["h"] < 1:
            yield f"{title!r} leaves the grid"
    for (first, a), (second, b) in itertools.combinations(places, 2):
        if (
            a["x"] < b["x"] + b["w"]
            and b["x"] < a["x"] + a["w"]
            and a["y"] < b["y"] + b["h"]
            and b["y"] < a["y"] + a["h"]
        ):
            yield f"{first!r} overlaps {second!r}"
    titles = [panel["title"] for panel in panels(dashboard)]
    yield from (f"the title {each!r} is not unique" for each in sorted(set(titles)) if titles.count(each) > 1)
    ids = [panel["id"] for panel in dashboard["panels"]]
    yield from (f"the id {each} is not unique" for each in sorted(set(ids)) if ids.count(each) > 1)


def bare(dashboard: Json) -> Iterator[str]:
    """Yield a sentence for each panel that lacks what every panel must have."""
    for panel in panels(dashboard):
        if panel["type"] == "text":
            continue
        defaults = panel["fieldConfig"]["defaults"]
        if not panel.get("description"):
            yield f"{panel['title']!r} has no description"
        if not defaults.get("unit") or not defaults.get("noValue"):
            yield f"{panel['title']!r} has no unit, or no words for no value"
        if panel["type"] == "state-timeline" and not defaults.get("mappings"):
            yield f"{panel['title']!r} draws numbers as states without their meaning"
        if not panel.get("targets"):
            yield f"{panel['title']!r} asks nothing"


def unnamed(dashboard: Json, catalogue: Mapping[str, Metric]) -> Iterator[str]:
    """Yield a sentence for each legend that names a label which the metrics have not, and each unknown variable."""
    known = {each["name"] for each in dashboard["templating"]["list"]}
    for panel in panels(dashboard):
        for target in panel.get("targets", ()):
            metrics = [named(name, catalogue) for name, _ in selectors(filled(target["expr"]))]
            labels = {label for each in metrics if each for label in each.labels} | TARGET_LABELS | {"le"}
            yield from (
                f"{panel['title']!r} names the label {label}"
                for label in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])
                if label not in labels
            )
            asked = set(re.findall(r"\$\{?(?!__)(\w+)", target["expr"]))
            yield from (f"{panel['title']!r} asks for the variable {each}" for each in sorted(asked - known))


def findings(dashboard: Json, catalogue: Mapping[str, Metric]) -> list[str]:
    """Return everything that is wrong with a dashboard."""
    every: Iterable[Iterable[str]] = (
        (sentence for each in expressions(dashboard) for sentence in impossible(each, catalogue)),
        (sentence for panel in panels(dashboard) for sentence in badly_scaled(panel, catalogue)),
        misplaced(dashboard),
        bare(dashboard),
        unnamed(dashboard, catalogue),
    )
    return [sentence for part in every for sentence in part]
