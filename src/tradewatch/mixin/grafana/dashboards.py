"""A whole dashboard as compact, sorted JSON."""

import json
from collections.abc import Sequence

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import dashboard

from tradewatch.catalog.query import RATE_INTERVAL
from tradewatch.catalog.view import Annotation, Dashboard, Variable
from tradewatch.mixin.grafana.panels import DATASOURCE, panel_of, position
from tradewatch.mixin.layout import Place, placed
from tradewatch.mixin.site import Site

_IN_MENU = "inControlsMenu"
SCHEMA_VERSION = 39
"""What Grafana 11 and 12 read as it is; they migrate it further by themselves."""


def dashboard_json(page: Dashboard, siblings: Sequence[Dashboard], site: Site) -> str:
    """Return the dashboard's file; ``siblings``: dashboards that it links to, itself left out."""
    made = dashboard.Dashboard(
        uid=page.uid,
        title=page.title,
        description=page.description,
        tags=["tradewatch", *page.tags],
        timezone="utc",
        graph_tooltip=dashboard.DashboardCursorSync.CROSSHAIR,
        time=dashboard.DashboardDashboardTime(from_val=f"now-{page.span}", to="now"),
        refresh="30s",
        schema_version=SCHEMA_VERSION,
        panels=[_placed(place, number, site) for number, place in enumerate(placed(page.rows), start=1)],
        templating=dashboard.DashboardDashboardTemplating(list_val=[_datasource(), *map(_variable, page.variables)]),
        annotations=dashboard.AnnotationContainer(list_val=[_annotation(each) for each in page.annotations]),
        links=[_link(each) for each in siblings if each.uid != page.uid],
    )
    plain = _without_menu(json.loads(json.dumps(made, cls=JSONEncoder)))
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"


def _without_menu(content: object) -> object:
    """Return JSON without the SDK's only placement, which hides links and switches of annotations in a menu."""
    if isinstance(content, dict):
        return {key: _without_menu(value) for key, value in content.items() if value != _IN_MENU}
    return [_without_menu(each) for each in content] if isinstance(content, list) else content


def _placed(place: Place, number: int, site: Site) -> dashboard.Panel | dashboard.RowPanel:
    if isinstance(place.content, str):
        return dashboard.RowPanel(title=place.content, id_val=number, grid_pos=position(place), panels=[])
    return panel_of(place, place.content, number, site)


def _datasource() -> dashboard.VariableModel:
    return dashboard.VariableModel(
        type_val=dashboard.VariableType.DATASOURCE,
        name="datasource",
        label="Data source",
        query="prometheus",
        refresh=dashboard.VariableRefresh.ON_DASHBOARD_LOAD,
        current=dashboard.VariableOption(text="Prometheus", value="prometheus"),
    )


def _variable(variable: Variable) -> dashboard.VariableModel:
    question = f"label_values({variable.source}, {variable.label})"
    return dashboard.VariableModel(
        type_val=dashboard.VariableType.QUERY,
        name=variable.name,
        label=variable.title,
        datasource=DATASOURCE,
        query={"query": question, "refId": "values"},
        definition=question,
        refresh=dashboard.VariableRefresh.ON_TIME_RANGE_CHANGED,
        sort=dashboard.VariableSort.ALPHABETICAL_ASC,
        multi=True,
        include_all=True,
        all_value=".*" if variable.takes_all else None,
        current=dashboard.VariableOption(text="All", value="$__all"),
    )


def _annotation(annotation: Annotation) -> dashboard.AnnotationQuery:
    return dashboard.AnnotationQuery(
        name=annotation.name,
        datasource=DATASOURCE,
        enable=annotation.is_on,
        icon_color=annotation.colour,
        expr=annotation.query.text.replace(RATE_INTERVAL, "2m"),
        step="60s",
        title_format=annotation.name,
        text_format=annotation.text,
    )


def _link(page: Dashboard) -> dashboard.DashboardLink:
    return dashboard.DashboardLink(
        title=page.title,
        type_val=dashboard.DashboardLinkType.LINK,
        icon="dashboard",
        url=f"/d/{page.uid}",
        include_vars=True,
        keep_time=True,
    )
