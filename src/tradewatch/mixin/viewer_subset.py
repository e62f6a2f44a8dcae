"""What the built-in viewer draws of Grafana's dashboards: a dashboard that needs more is refused, so both views agree.

A path is the keys down to a value, ``[]`` for each of a list; ``*`` stands for any one key. What is permitted there is
a set of values, or ANY.
"""

from collections.abc import Mapping
from typing import Any

ANY = None
Permitted = Mapping[str, frozenset[Any] | None]  # Any: JSON's values


def _only(*values: object) -> frozenset[Any]:
    return frozenset(values)


_YES, _NO = frozenset({True}), frozenset({False})
_EITHER = _YES | _NO

UNITS = frozenset({"none", "short", "percent", "percentunit", "s", "locale", "currencyUSD", "hertz", "bytes"})
COLOUR_MODES = frozenset({"thresholds", "fixed", "palette-classic-by-name"})
VARIABLE_TYPES = frozenset({"datasource", "query"})
MACROS = frozenset({"$__rate_interval", "$__range"})
"""What the viewer fills in inside a query, beside the dashboard's own variables."""

_DATASOURCE: Permitted = {
    "datasource.type": _only("prometheus"),
    "datasource.uid": _only("${datasource}"),
}
_LINK: Permitted = {
    "asDropdown": _NO,
    "icon": ANY,
    "includeVars": ANY,
    "keepTime": ANY,
    "tags": ANY,
    "targetBlank": ANY,
    "title": ANY,
    "tooltip": ANY,
    "type": _only("link"),
    "url": ANY,
}


def _below(prefix: str, permitted: Permitted) -> Permitted:
    return {f"{prefix}.{path}": values for path, values in permitted.items()}


DASHBOARD: Permitted = {
    **dict.fromkeys(("uid", "title", "description", "tags[]", "time.from", "time.to", "refresh"), ANY),
    "editable": ANY,
    "fiscalYearStartMonth": _only(0),
    "graphTooltip": _only(0, 1, 2),
    "schemaVersion": ANY,
    "timezone": _only("utc", "browser"),
    **_below("links[]", _LINK),
    **_below("annotations.list[]", _DATASOURCE),
    **{
        f"annotations.list[].{name}": ANY
        for name in ("builtIn", "enable", "expr", "hide", "iconColor", "name", "step", "textFormat", "titleFormat")
    },
    **_below("templating.list[]", _DATASOURCE),
    "templating.list[].type": VARIABLE_TYPES,
    **{
        f"templating.list[].{name}": ANY
        for name in (
            "allValue",
            "allowCustomValue",
            "auto",
            "auto_count",
            "auto_min",
            "current.text",
            "current.value",
            "definition",
            "includeAll",
            "label",
            "multi",
            "name",
            "query",
            "query.query",
            "query.refId",
            "refresh",
            "skipUrlSync",
            "sort",
        )
    },
}
"""A dashboard without its panels."""

_PLACE: Permitted = {"id": ANY, "title": ANY, "type": ANY, **{f"gridPos.{side}": ANY for side in "xywh"}}
ROW: Permitted = {**_PLACE, "collapsed": _NO, "panels": ANY}

PANEL: Permitted = {
    **_PLACE,
    **_DATASOURCE,
    "description": ANY,
    "transparent": _NO,
    "repeatDirection": ANY,
    "links": ANY,
    **_below("links[]", _LINK),
    **_below("targets[]", _DATASOURCE),
    "targets[].expr": ANY,
    "targets[].format": _only("time_series", "table", "heatmap"),
    "targets[].instant": _EITHER,
    "targets[].range": _EITHER,
    "targets[].legendFormat": ANY,
    "targets[].refId": ANY,
    "fieldConfig.defaults.color.mode": COLOUR_MODES,
    "fieldConfig.defaults.decimals": ANY,
    "fieldConfig.defaults.min": ANY,
    "fieldConfig.defaults.max": ANY,
    "fieldConfig.defaults.noValue": ANY,
    "fieldConfig.defaults.unit": UNITS,
    "fieldConfig.defaults.thresholds.mode": _only("absolute"),
    "fieldConfig.defaults.thresholds.steps[].color": ANY,
    "fieldConfig.defaults.thresholds.steps[].value": ANY,
    "fieldConfig.defaults.mappings[].type": _only("value"),
    **{f"fieldConfig.defaults.mappings[].options.*.{name}": ANY for name in ("text", "color", "index")},
    "fieldConfig.overrides": ANY,
    "fieldConfig.overrides[].matcher.id": _only("byName"),
    "fieldConfig.overrides[].matcher.options": ANY,
    "fieldConfig.overrides[].properties[].id": _only("color", "unit", "decimals"),
    "fieldConfig.overrides[].properties[].value": ANY,
    "fieldConfig.overrides[].properties[].value.mode": _only("fixed"),
    "fieldConfig.overrides[].properties[].value.fixedColor": ANY,
}
"""What every panel may have."""

_LEGEND: Permitted = {
    "options.legend.calcs": ANY,
    "options.legend.calcs[]": _only("lastNotNull"),
    "options.legend.displayMode": _only("list", "table"),
    "options.legend.placement": _only("bottom", "right"),
    "options.legend.showLegend": _EITHER,
    "options.tooltip.mode": _only("single", "multi"),
    "options.tooltip.sort": _only("asc", "desc", "none"),
}
_NEWEST: Permitted = {
    "options.reduceOptions.calcs[]": _only("lastNotNull"),
    "options.reduceOptions.fields": _only(""),
    "options.reduceOptions.values": _NO,
}
_LINES: Permitted = {
    "fieldConfig.defaults.custom.fillOpacity": ANY,
    "fieldConfig.defaults.custom.lineWidth": ANY,
}

PANELS: Mapping[str, Permitted] = {
    "timeseries": {
        **_LEGEND,
        **_LINES,
        "fieldConfig.defaults.custom.drawStyle": _only("line"),
        "fieldConfig.defaults.custom.showPoints": _only("auto"),
        "fieldConfig.defaults.custom.spanNulls": _NO,
        "fieldConfig.defaults.custom.stacking.group": _only("A"),
        "fieldConfig.defaults.custom.stacking.mode": _only("none", "normal"),
        "fieldConfig.defaults.custom.thresholdsStyle.mode": _only("off", "dashed"),
    },
    "stat": {
        **_NEWEST,
        "options.colorMode": _only("value", "background"),
        "options.graphMode": _only("none", "area"),
        "options.justifyMode": _only("auto"),
        "options.orientation": _only("auto"),
        "options.percentChangeColorMode": _only("standard"),
        "options.showPercentChange": _NO,
        "options.textMode": _only("auto", "name"),
        "options.wideLayout": _YES,
    },
    "gauge": {
        **_NEWEST,
        "options.minVizHeight": ANY,
        "options.minVizWidth": ANY,
        "options.orientation": _only("auto"),
        "options.showThresholdLabels": _NO,
        "options.showThresholdMarkers": _YES,
        "options.sizing": _only("auto"),
    },
    "bargauge": {
        **_NEWEST,
        **_LEGEND,
        "options.displayMode": _only("gradient"),
        "options.maxVizHeight": ANY,
        "options.minVizHeight": ANY,
        "options.minVizWidth": ANY,
        "options.namePlacement": _only("auto"),
        "options.orientation": _only("horizontal", "vertical"),
        "options.showUnfilled": _YES,
        "options.sizing": _only("auto"),
        "options.valueMode": _only("color"),
    },
    "barchart": {
        **_LEGEND,
        **_LINES,
        "fieldConfig.defaults.custom.axisPlacement": _only("auto"),
        "fieldConfig.defaults.custom.gradientMode": _only("none"),
        "options.barRadius": ANY,
        "options.barWidth": ANY,
        "options.fullHighlight": _NO,
        "options.groupWidth": ANY,
        "options.orientation": _only("auto"),
        "options.showValue": _only("auto"),
        "options.stacking": _only("none", "normal"),
        "options.xTickLabelMaxLength": ANY,
        "options.xTickLabelRotation": ANY,
        "options.xTickLabelSpacing": ANY,
    },
    "piechart": {
        **_NEWEST,
        **_LEGEND,
        "options.legend.values[]": _only("value", "percent"),
        "options.orientation": _only("auto"),
        "options.pieType": _only("donut", "pie"),
    },
    "heatmap": {
        "options.calculate": _NO,
        "options.cellGap": ANY,
        "options.cellValues.decimals": ANY,
        "options.cellValues.unit": UNITS,
        **{f"options.color.{name}": ANY for name in ("exponent", "fill", "max", "min", "steps")},
        "options.color.mode": _only("scheme"),
        "options.color.reverse": _NO,
        "options.color.scale": _only("linear"),
        "options.color.scheme": _only("RdYlGn"),
        "options.exemplars.color": ANY,
        "options.filterValues": ANY,
        "options.legend.show": _EITHER,
        "options.rowsFrame.layout": _only("auto"),
        "options.selectionMode": _only("x"),
        "options.showValue": _only("never"),
        "options.tooltip.mode": _only("single"),
        "options.tooltip.showColorScale": ANY,
        "options.yAxis.axisPlacement": _only("left"),
    },
    "state-timeline": {
        **_LEGEND,
        **_LINES,
        "options.alignValue": _only("left"),
        "options.mergeValues": _YES,
        "options.perPage": ANY,
        "options.rowHeight": ANY,
        "options.showValue": _only("auto"),
    },
    "table": {
        "fieldConfig.defaults.custom.align": _only("auto"),
        "fieldConfig.defaults.custom.cellOptions.type": _only("auto", "color-background"),
        "fieldConfig.defaults.custom.inspect": _NO,
        "options.cellHeight": _only("sm"),
        "options.footer.countRows": _NO,
        "options.footer.reducer": ANY,
        "options.footer.show": _NO,
        "options.frameIndex": _only(0),
        "options.showHeader": _YES,
        "options.showTypeIcons": _NO,
        "transformations[].id": _only("groupingToMatrix", "merge", "organize"),
        "transformations[].options": ANY,
        **{f"transformations[].options.{name}": ANY for name in ("columnField", "rowField", "valueField")},
        **{f"transformations[].options.{name}": ANY for name in ("excludeByName", "indexByName", "renameByName")},
        **{f"transformations[].options.{name}.*": ANY for name in ("excludeByName", "indexByName", "renameByName")},
    },
    "text": {"options.mode": _only("markdown"), "options.content": ANY},
}
"""What each kind of panel may have beside that."""

DRAWN: Mapping[str, frozenset[str]] = {
    "panels": frozenset({*PANELS, "histogram", "row"}),
    "transformations": frozenset({"groupingToMatrix", "merge", "organize"}),
    "calculations": frozenset(
        {"count", "diff", "first", "firstNotNull", "last", "lastNotNull", "max", "mean", "min", "range", "sum"}
    ),
    "mappings": frozenset({"range", "regex", "special", "value"}),
    "matchers": frozenset({"byFrameRefID", "byName", "byRegexp"}),
    "variables": VARIABLE_TYPES | {"constant", "custom", "interval", "textbox"},
    "units": UNITS | {"cps", "currencyEUR", "currencyGBP", "decbytes", "ms", "ops"},
}
"""What the page draws at all, also of dashboards that others made: the rest it names in its place.

What ours may have, above, is a part of it. The page reads this from a file that `tradewatch gen` writes.
"""
