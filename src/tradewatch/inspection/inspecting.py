"""Every panel and every rule, asked of a server: with each value of each variable, and with all of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tradewatch.catalog.query import Query
from tradewatch.catalog.rule import Alert, Recording, RuleFile, Views
from tradewatch.catalog.view import Dashboard, Panel
from tradewatch.errors import ConfigurationError
from tradewatch.inspection.filling import asked_for, everything, exactly, filled, seconds
from tradewatch.inspection.outcome import Outcome, Verdict
from tradewatch.inspection.server import QueryRefusedError, Server


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A dashboard with the values that its variables have on a server."""

    dashboard: Dashboard
    values: Mapping[str, Sequence[str]]
    now: float
    only_history: bool

    @property
    def all_chosen(self) -> Mapping[str, str]:
        """What each variable matches."""
        return {each.name: everything(each, self.values[each.name]) for each in self.dashboard.variables}


def inspect(server: Server, views: Sequence[Views], now: float, *, only_history: bool = False) -> Iterator[Outcome]:
    """Yield what every panel and rule finds, of the systems that the server knows; ``now`` in Unix seconds.

    ``only_history``: nothing has been scraped, so what only a scrape tells may be missing (`Verdict.ONLY_SCRAPED`).
    Raises `ConfigurationError` where the server has none of our series, and as `Server` does.
    """
    known = present(server, views)
    for each in known:
        for dashboard in each.dashboards:
            yield from _inspected(server, dashboard, now, only_history=only_history)
        for file in each.rules:
            yield from _rules(server, file, only_history=only_history)


def present(server: Server, views: Sequence[Views]) -> Sequence[Views]:
    """Return the views of whose metrics the server has some; raises `ConfigurationError` when there are none."""
    names = set(server.label_values("__name__"))
    known = [each for each in views if names & {metric.name for metric in each.metrics}]
    if not known:
        message = f"{server.address} has none of our metrics: start an exporter, and ask again once it was scraped"
        raise ConfigurationError(message)
    return known


def _inspected(server: Server, dashboard: Dashboard, now: float, *, only_history: bool) -> Iterator[Outcome]:
    values = {each.name: server.label_values(each.label, each.metric.name) for each in dashboard.variables}
    page = _Page(dashboard=dashboard, values=values, now=now, only_history=only_history)
    for panel in dashboard.panels:
        if panel.targets:
            yield _panel(server, page, panel)
    for annotation in dashboard.annotations:
        yield _asked(server, page, annotation.name, annotation.query.text)


def _panel(server: Server, page: _Page, panel: Panel) -> Outcome:
    where, what = page.dashboard.uid, panel.title
    try:
        found = [_found(server, page, panel, target.query.text, page.all_chosen) for target in panel.targets]
        without = tuple(_without(server, page, panel)) if all(found) else ()
    except QueryRefusedError as error:
        return Outcome(where=where, what=what, series=0, verdict=Verdict.ERROR, reason=str(error))
    if all(found):
        return Outcome(where=where, what=what, series=sum(found), verdict=Verdict.FOUND, without=without)
    missing = [target.query for target, number in zip(panel.targets, found, strict=True) if not number]
    verdict, reason = _emptiness(server, page, panel, missing)
    return Outcome(where=where, what=what, series=sum(found), verdict=verdict, reason=reason)


def _emptiness(server: Server, page: _Page, panel: Panel, missing: Sequence[Query]) -> tuple[Verdict, str]:
    """Return what it means that a panel's queries find nothing, and why they do not."""
    if panel.empty:
        return Verdict.DECLARED, panel.empty
    lost = [_lost(server, page, panel, query) for query in missing] if page.only_history else []
    if lost and all(_is_only_scraped(query, selectors) for query, selectors in zip(missing, lost, strict=True)):
        return Verdict.ONLY_SCRAPED, ", ".join(dict.fromkeys(each for selectors in lost for each in selectors))
    return Verdict.EMPTY, f"nothing for {filled(missing[0].text, page.dashboard.span, page.all_chosen)}"


def _lost(server: Server, page: _Page, panel: Panel, query: Query) -> Sequence[str]:
    """Return the selectors of a query that find nothing."""
    found = {each: _found(server, page, panel, each, page.all_chosen) for each in query.selectors}
    return [selector for selector, number in found.items() if not number]


def _is_only_scraped(query: Query, missing: Sequence[str]) -> bool:
    """Whether a query lacks something, and nothing but what only a scrape tells."""
    names = {metric.name for metric in query.metrics if metric.concept.only_scraped}
    return bool(missing) and all(selector.partition("{")[0] in names for selector in missing)


def _found(server: Server, page: _Page, panel: Panel, asked: str, choice: Mapping[str, str]) -> int:
    """Return how many series there are now; where a panel shows a course, how many there were within its span."""
    span = page.dashboard.span
    expression = filled(asked, span, choice)
    return server.count(expression) or (0 if panel.latest else server.count_within(expression, seconds(span), page.now))


def _without(server: Server, page: _Page, panel: Panel) -> Iterator[str]:
    """Yield each choice of one value, of one variable, with which a panel is empty that has something for all."""
    used = frozenset().union(*(asked_for(target.query.text) for target in panel.targets))
    for variable in page.dashboard.variables:
        for value in page.values[variable.name] if variable.name in used else ():
            choice = {**page.all_chosen, variable.name: exactly(value)}
            if not any(_found(server, page, panel, target.query.text, choice) for target in panel.targets):
                yield f"{variable.name}={value}"


def _asked(server: Server, page: _Page, name: str, query: str) -> Outcome:
    """Return whether a server understands a question that need not find anything."""
    where, what = page.dashboard.uid, f"annotation {name}"
    try:
        series = server.count(filled(query, page.dashboard.span, page.all_chosen))
    except QueryRefusedError as error:
        return Outcome(where=where, what=what, series=0, verdict=Verdict.ERROR, reason=str(error))
    return Outcome(where=where, what=what, series=series, verdict=Verdict.FOUND)


def _rules(server: Server, file: RuleFile, *, only_history: bool) -> Iterator[Outcome]:
    rules: Iterable[Alert | Recording] = (*file.recordings, *file.alerts)
    for rule in rules:
        absent = rule.absent if isinstance(rule, Alert) else "what it records begins later"
        yield _rule(server, file.path, rule, absent, only_history=only_history)


def _rule(server: Server, where: str, rule: Alert | Recording, absent: str, *, only_history: bool) -> Outcome:
    """Return whether a rule can fire: whether the series that it asks for are there."""
    try:
        server.count(rule.query.text)
        found = {selector: server.count(selector) for selector in rule.query.selectors}
    except QueryRefusedError as error:
        return Outcome(where=where, what=rule.name, series=0, verdict=Verdict.ERROR, reason=str(error))
    series = sum(found.values())
    if all(found.values()):
        return Outcome(where=where, what=rule.name, series=series, verdict=Verdict.FOUND)
    missing = [selector for selector, number in found.items() if not number]
    verdict, reason = Verdict.EMPTY, f"it cannot fire: nothing for {', '.join(missing)}"
    if absent:
        verdict, reason = Verdict.DECLARED, absent
    elif only_history and _is_only_scraped(rule.query, missing):
        verdict, reason = Verdict.ONLY_SCRAPED, ", ".join(missing)
    return Outcome(where=where, what=rule.name, series=series, verdict=verdict, reason=reason)
