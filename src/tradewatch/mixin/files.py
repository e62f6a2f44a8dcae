"""Every generated file: its path below the project, and its text."""

import json
from collections.abc import Iterator, Mapping, Sequence

from tradewatch.catalog.rule import Views
from tradewatch.mixin import provisioning
from tradewatch.mixin.grafana import dashboard_json
from tradewatch.mixin.prometheus.configuration import JOBS, configuration_yaml
from tradewatch.mixin.prometheus.rules import rules_yaml
from tradewatch.mixin.runbooks import alerts_page, runbook_page
from tradewatch.mixin.site import Site
from tradewatch.mixin.viewer_subset import DRAWN

DASHBOARDS = "monitoring/grafana/dashboards"
PROVISIONING = "monitoring/grafana/provisioning"
PROMETHEUS = "monitoring/prometheus"
RUNBOOKS = "docs/runbooks"
ALERTS = "docs/alerts.md"
SUBSET = "frontend/src/dashboard/subset.json"


def generated(views: Sequence[Views], site: Site) -> Mapping[str, str]:
    """Return what each generated file should say."""
    return dict([*_dashboards(views, site), *_prometheus(views, site), *_grafana(), *_pages(views), *_viewer()])


def _dashboards(views: Sequence[Views], site: Site) -> Iterator[tuple[str, str]]:
    for each in views:
        siblings = [*each.dashboards, *(page for other in views if other.is_fleet for page in other.dashboards)]
        for page in each.dashboards:
            linked = [page for other in views for page in other.dashboards] if each.is_fleet else siblings
            yield f"{DASHBOARDS}/{page.uid}.json", dashboard_json(page, linked, site)


def _prometheus(views: Sequence[Views], site: Site) -> Iterator[tuple[str, str]]:
    rule_files = [file for each in views for file in each.rules]
    for file in rule_files:
        yield f"{PROMETHEUS}/{file.path}", rules_yaml(file, site)
    yield f"{PROMETHEUS}/prometheus.yml", configuration_yaml(JOBS, [file.path for file in rule_files])


def _grafana() -> Iterator[tuple[str, str]]:
    yield f"{PROVISIONING}/datasources/prometheus.yml", provisioning.datasource_yaml()
    yield f"{PROVISIONING}/dashboards/tradewatch.yml", provisioning.dashboards_yaml()


def _viewer() -> Iterator[tuple[str, str]]:
    yield SUBSET, json.dumps({name: sorted(values) for name, values in DRAWN.items()}, indent=2) + "\n"


def _pages(views: Sequence[Views]) -> Iterator[tuple[str, str]]:
    for alert in (alert for each in views for file in each.rules for alert in file.alerts):
        yield f"{RUNBOOKS}/{alert.name}.md", runbook_page(alert)
    yield ALERTS, alerts_page(views)
