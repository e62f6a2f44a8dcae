"""Every panel and every rule, asked of a server: with each value of each variable, and with all of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tradewatch.catalog.rule import Alert, Recording, RuleFile, Views
from tradewatch.catalog.view import Dashboard, Panel, Target
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

    @property
    def all_chosen(self) -> Mapping[str, str]:
        """What each variable matches."""
        return {each.name: everything(each, self.values[each.name]) for each in self.dashboard.variables}


def inspect(server: Server, views: Sequence[Views], now: float) -> Iterator[Outcome]:
    """Yield what every panel and rule finds, of the systems that the server knows; ``now`` in Unix seconds.

    Raises `ConfigurationError` where the server has none of our series, and as `Server` does.
    """
    known = present(server, views)
    for each in known:
        for dashboard in each.dashboards:
            yield from _inspected(server, dashboard, now)
        for file in each.rules:
            yield from _rules(server, file)


def present(server: Server, views: Sequence[Views]) -> Sequence[Views]:
    """Return the views of whose metrics the server has some; raises `ConfigurationError` when there are none."""
    names = set(server.label_values("__name__"))
    known = [each for each in views if names & {metric.name for metric in each.metrics}]
    if not known:
        message = f"{server.address} has none of our metrics: start an exporter, and ask again once it was scraped"
        raise ConfigurationError(message)
    return known


def _inspected(server: Server, dashboard: Dashboard, now: float) -> Iterator[Outcome]:
    values = {each.name: server.label_values(each.label, each.metric.name) for each in dashboard.variables}
    page = _Page(dashboard=dashboard, values=values, now=now)
    for panel in dashboard.panels:
        if panel.targets:
            yield _panel(server, page, panel)
    for annotation in dashboard.annotations:
        yield _asked(server, page, annotation.name, annotation.query.text)


def _panel(server: Server, page: _Page, panel: Panel) -> Outcome:
    where, what = page.dashboard.uid, panel.title
    try:
        found = [_found(server, page, panel, target, page.all_chosen) for target in panel.targets]
        without = tuple(_without(server, page, panel)) if all(found) else ()
    except QueryRefusedError as error:
        return Outcome(where=where, what=what, series=0, verdict=Verdict.ERROR, reason=str(error))
    if all(found):
        return Outcome(where=where, what=what, series=sum(found), verdict=Verdict.FOUND, without=without)
    verdict = Verdict.DECLARED if panel.empty else Verdict.EMPTY
    missing = next(target for target, number in zip(panel.targets, found, strict=True) if not number)
    reason = panel.empty or f"nothing for {filled(missing.query.text, page.dashboard.span, page.all_chosen)}"
    return Outcome(where=where, what=what, series=sum(found), verdict=verdict, reason=reason)


def _found(server: Server, page: _Page, panel: Panel, target: Target, choice: Mapping[str, str]) -> int:
    """Return how many series there are now; where a panel shows a course, how many there were within its span."""
    span = page.dashboard.span
    expression = filled(target.query.text, span, choice)
    return server.count(expression) or (0 if panel.latest else server.count_within(expression, seconds(span), page.now))


def _without(server: Server, page: _Page, panel: Panel) -> Iterator[str]:
    """Yield each choice of one value, of one variable, with which a panel is empty that has something for all."""
    used = frozenset().union(*(asked_for(target.query.text) for target in panel.targets))
    for variable in page.dashboard.variables:
        for value in page.values[variable.name] if variable.name in used else ():
            choice = {**page.all_chosen, variable.name: exactly(value)}
            if not any(_found(server, page, panel, target, choice) for target in panel.targets):
                yield f"{variable.name}={value}"


def _asked(server: Server, page: _Page, name: str, query: str) -> Outcome:
    """Return whether a server understands a question that need not find anything."""
    where, what = page.dashboard.uid, f"annotation {name}"
    try:
        series = server.count(filled(query, page.dashboard.span, page.all_chosen))
    except QueryRefusedError as error:
        return Outcome(where=where, what=what, series=0, verdict=Verdict.ERROR, reason=str(error))
    return Outcome(where=where, what=what, series=series, verdict=Verdict.FOUND)


def _rules(server: Server, file: RuleFile) -> Iterator[Outcome]:
    rules: Iterable[Alert | Recording] = (*file.recordings, *file.alerts)
    for rule in rules:
        absent = rule.absent if isinstance(rule, Alert) else "what it records begins later"
        yield _rule(server, file.path, rule, absent)


def _rule(server: Server, where: str, rule: Alert | Recording, absent: str) -> Outcome:
    """Return whether a rule can fire: whether the series that it asks for are there."""
    try:
        server.count(rule.query.text)
        found = {selector: server.count(selector) for selector in rule.query.selectors}
    except QueryRefusedError as error:
        return Outcome(where=where, what=rule.name, series=0, verdict=Verdict.ERROR, reason=str(error))
    series = sum(found.values())
    if all(found.values()):
        return Outcome(where=where, what=rule.name, series=series, verdict=Verdict.FOUND)
    missing = ", ".join(selector for selector, number in found.items() if not number)
    verdict = Verdict.DECLARED if absent else Verdict.EMPTY
    reason = absent or f"it cannot fire: nothing for {missing}"
    return Outcome(where=where, what=rule.name, series=series, verdict=verdict, reason=reason)
