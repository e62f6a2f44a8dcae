"""A panel and its queries."""

from string import ascii_uppercase

from grafana_foundation_sdk.models import common, dashboard, prometheus

from tradewatch.catalog.view import Drawing, Panel, Target
from tradewatch.mixin.grafana.fields import field_config
from tradewatch.mixin.grafana.options import OPTIONS
from tradewatch.mixin.layout import Place
from tradewatch.mixin.site import Site
from tradewatch.mixin.words import description

DATASOURCE = common.DataSourceRef(type_val="prometheus", uid="${datasource}")
_ALWAYS_NOW = frozenset({Drawing.GAUGE, Drawing.BAR_GAUGE, Drawing.BAR_CHART, Drawing.PIE, Drawing.TABLE})


def panel_of(place: Place, panel: Panel, number: int, site: Site) -> dashboard.Panel:
    """Return a panel at its place."""
    options, custom = OPTIONS[panel.drawing](panel)
    return dashboard.Panel(
        type_val=panel.drawing.value,
        id_val=number,
        title=panel.title,
        description=description(panel),
        datasource=DATASOURCE,
        grid_pos=position(place),
        links=[_runbook(alert, site) for alert in panel.alerts],
        targets=[_target(panel, target, name) for target, name in zip(panel.targets, ascii_uppercase, strict=False)],
        transformations=_transformations(panel),
        field_config=field_config(panel, custom),
        options=options,
    )


def position(place: Place) -> dashboard.GridPos:
    """Return a place on Grafana's grid."""
    return dashboard.GridPos(x=place.x, y=place.y, w=place.width, h=place.height)


def _runbook(alert: str, site: Site) -> dashboard.DashboardLink:
    return dashboard.DashboardLink(
        title=f"Runbook: {alert}",
        type_val=dashboard.DashboardLinkType.LINK,
        url=site.runbook(alert),
        target_blank=True,
    )


def _target(panel: Panel, target: Target, name: str) -> prometheus.Dataquery:
    is_now = panel.latest or panel.drawing in _ALWAYS_NOW
    return prometheus.Dataquery(
        datasource=DATASOURCE,
        expr=target.query.text,
        format_val=_format(panel),
        instant=is_now,
        range_val=not is_now,
        legend_format=target.legend,
        ref_id=name,
    )


def _format(panel: Panel) -> prometheus.PromQueryFormat:
    if panel.is_distribution:
        return prometheus.PromQueryFormat.HEATMAP
    is_table = panel.drawing is Drawing.TABLE
    return prometheus.PromQueryFormat.TABLE if is_table else prometheus.PromQueryFormat.TIME_SERIES


def _transformations(panel: Panel) -> list[dashboard.DataTransformerConfig] | None:
    if panel.drawing is not Drawing.TABLE:
        return None
    if panel.matrix:
        options: dict[str, object] = {
            "rowField": panel.matrix.rows,
            "columnField": panel.matrix.columns,
            "valueField": "Value",
        }
        return [dashboard.DataTransformerConfig(id_val="groupingToMatrix", options=options)]
    names = {f"Value #{name}": target.legend for name, target in zip(ascii_uppercase, panel.targets, strict=False)}
    if len(panel.targets) == 1:
        names = {"Value": panel.targets[0].legend}
    hidden = dict.fromkeys(("Time", "__name__", "job", "instance"), True)
    organize = {"excludeByName": hidden, "indexByName": {}, "renameByName": names}
    return [
        dashboard.DataTransformerConfig(id_val="merge", options={}),
        dashboard.DataTransformerConfig(id_val="organize", options=organize),
    ]
