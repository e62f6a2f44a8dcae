"""Every value that a dashboard's page shows, and what Prometheus itself answers to the same questions."""

import json
import math
import re
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Page, Request

from tests.support.readings import reads_as

Json = dict[str, Any]
"""A panel, or an answer of Prometheus."""

MARKUP = """id => {
  const panel = document.querySelector(`[data-panel="${id}"]`);
  const text = (element, selector) => element.querySelector(selector)?.textContent ?? null;
  const pairs = (items, name, value) =>
    [...panel.querySelectorAll(items)].map(each => [text(each, name), text(each, value)]);
  return {
    state: panel.dataset.state, note: text(panel, '.panel-note:not([hidden])'),
    values: {
      stat: () => pairs('.stat', '.stat-name', '.figure'),
      gauge: () => pairs('.gauge', '.gauge-name', '.gauge-value .figure'),
      bargauge: () => pairs('.bar', '.bar-name', '.bar-value .figure'),
      piechart: () => pairs('.pie-legend li', '.pie-name', '.pie-value, .pie-share'),
      table: () => [],
    }[panel.className.match(/kind-(\\S+)/)[1]]?.() ?? pairs('.told tr', 'th', 'td'),
    table: [...panel.querySelectorAll('.data tr')].map(row => [...row.children].map(cell => cell.textContent)),
  };
}"""


class Value(NamedTuple):
    """The newest number of a series: its name in the legend, None where the panel shows none."""

    name: str | None
    number: float
    labels: Mapping[str, str]
    query: str


class Questions:
    """What a page asked of Prometheus, to be asked again at the source."""

    def __init__(self, page: Page, prometheus: str) -> None:
        self._prometheus = prometheus
        self._asked: list[tuple[str, dict[str, str]]] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.path.startswith("/prometheus/api/v1/query"):
            parameters = {name: values[0] for name, values in parse_qs(url.query).items()}
            self._asked.append((url.path.removeprefix("/prometheus"), parameters))

    def values(self, panel: Json) -> list[Value]:
        """Return what Prometheus answers to a panel's queries with all that its variables offer."""
        return [value for target in panel.get("targets", ()) for value in self._of(target)]

    def _of(self, target: Json) -> Iterator[Value]:
        path, parameters, macros = self._question(target)
        expression = re.sub(r"\$\{?\w+\}?", ".*", _filled(target["expr"], macros))
        answer = f"{self._prometheus}{path}?{urlencode(parameters | {'query': expression})}"
        with urllib.request.urlopen(answer) as body:  # noqa: S310  our own server
            found = json.load(body)["data"]["result"]
        series = [(each["metric"], _newest(each)) for each in found]
        if target.get("format") == "heatmap":
            series = _apart(series)
        for labels, number in series:
            if number is not None:
                yield Value(_name(target, labels), number, labels, str(target["refId"]))

    def _question(self, target: Json) -> tuple[str, dict[str, str], dict[str, str]]:
        pattern = re.escape(target["expr"])
        pattern = re.sub(r"\\\$(__\w+)", lambda macro: rf"(?P<{macro[1]}>\w+)", pattern, count=1)
        pattern = re.sub(r"\\\$__\w+", lambda _: r"\w+", pattern)
        pattern = re.sub(r"\\\$(\\\{)?\w+(\\\})?", lambda _: r'[^"]*', pattern)
        for path, parameters in reversed(self._asked):
            if found := re.fullmatch(pattern, parameters["query"]):
                return path, parameters, found.groupdict()
        message = f"the page did not ask {target['expr']}"
        raise AssertionError(message)


def _filled(expression: str, macros: Mapping[str, str]) -> str:
    for name, text in macros.items():
        expression = expression.replace(f"${name}", text)
    return expression


def _newest(series: Json) -> float | None:
    points = series.get("values") or [series["value"]]
    numbers = [number for _, text in points if not math.isnan(number := float(text))]
    return numbers[-1] if numbers else None


def _apart(series: Sequence[tuple[Json, float | None]]) -> list[tuple[Json, float | None]]:
    """Return what fell into each bucket alone."""
    ordered = sorted(series, key=lambda each: float(each[0]["le"]))
    below = [0.0, *(number or 0.0 for _, number in ordered)]
    return [(labels, (number or 0.0) - below[at]) for at, (labels, number) in enumerate(ordered)]


def _name(target: Json, labels: Mapping[str, str]) -> str | None:
    legend = target.get("legendFormat") or ""
    return re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda label: labels.get(label[1], ""), legend) or None


def field_of(panel: Json, name: str | None) -> Json:
    """Return the options of the series or column of that name."""
    field = dict(panel["fieldConfig"]["defaults"])
    for override in panel["fieldConfig"]["overrides"]:
        if override["matcher"]["options"] == name:
            field |= {each["id"]: each["value"] for each in override["properties"]}
    return field


def says(text: str | None, number: float, field: Json) -> bool:
    """Whether a text is a number as a field has it: the word that it maps to, or the number in its unit."""
    for mapping in field.get("mappings", ()):
        word = mapping["options"].get(f"{number:g}", {}).get("text")
        if word is not None:
            return bool(text == word)
    return text is not None and reads_as(text, number, field.get("unit", "none"))


def differences(panel: Json, shown: Json, values: Sequence[Value]) -> list[str]:
    """Return a sentence for each value that a panel does not show, or shows and has not."""
    if panel["type"] == "table":
        return _in_cells(panel, shown["table"], values)
    if panel["type"] == "piechart":
        total = sum(max(0.0, each.number) for each in values)
        is_share = "value" not in panel["options"]["legend"]["values"]
        values = [each._replace(number=100 * max(0.0, each.number) / total) for each in values] if is_share else values
        panel = {**panel, "fieldConfig": {"defaults": {"unit": "percent"}, "overrides": []}} if is_share else panel
    return list(_in_figures(panel, list(shown["values"]), values))


def _in_figures(panel: Json, left: list[tuple[str | None, str | None]], values: Sequence[Value]) -> Iterator[str]:
    is_name = panel.get("options", {}).get("textMode") == "name"
    has_names = panel["type"] != "bargauge" or panel["targets"][0]["format"] != "heatmap"
    for each in values:
        fits = _fitting(each, field_of(panel, each.name), is_name=is_name, has_names=has_names)
        found = next((pair for pair in left if fits(*pair)), None)
        if found is None:
            yield f"{each.name} {each.number} is not shown, there is {left}"
        else:
            left.remove(found)
    yield from (f"{name} {text} is shown, and is none" for name, text in left)


def _fitting(value: Value, field: Json, *, is_name: bool, has_names: bool) -> Callable[[str | None, str | None], bool]:
    def fits(name: str | None, text: str | None) -> bool:
        is_named = name is None or value.name is None or name == value.name or not has_names
        return is_named and (is_name or says(text, value.number, field))

    return fits


def _in_cells(panel: Json, table: Sequence[Sequence[str]], values: Sequence[Value]) -> list[str]:
    """Find each value in the row of its labels and the column of its query, or of its column's label."""
    heads, rows = (table[0], table[1:]) if table else ((), ())
    transformations = {each["id"]: each["options"] for each in panel["transformations"]}
    cells = [_cell(transformations, each, panel) for each in values]
    wrong = []
    for value, (labels, column) in zip(values, cells, strict=True):
        fitting = [row for row in rows if all(row[heads.index(head)] == text for head, text in labels.items())]
        at = heads.index(column) if column in heads else None
        if len(fitting) != 1 or at is None:
            wrong.append(f"{len(fitting)} rows of {labels} and column {column} in {heads}")
        elif not says(fitting[0][at], value.number, field_of(panel, column)):
            wrong.append(f"{column} of {labels} is {value.number}, shown as {fitting[0][at]}")
    names = {head for labels, _ in cells for head in labels}
    filled = sum(text != "–" for row in rows for head, text in zip(heads, row, strict=True) if head not in names)
    return wrong if filled == len(values) else [*wrong, f"{filled} cells are filled by {len(values)} values"]


def _cell(transformations: Mapping[str, Json], value: Value, panel: Json) -> tuple[dict[str, str], str]:
    if matrix := transformations.get("groupingToMatrix"):
        row, column = matrix["rowField"], matrix["columnField"]
        return {f"{row}\\{column}": value.labels.get(row, "")}, value.labels.get(column, "")
    organize = transformations.get("organize", {})
    renamed, hidden = organize.get("renameByName", {}), organize.get("excludeByName", {})
    own = "Value" if len(panel["targets"]) == 1 else f"Value #{value.query}"
    labels = {renamed.get(name) or name: text for name, text in value.labels.items() if not hidden.get(name)}
    labels.pop("__name__", None)
    return labels, renamed.get(own) or own
