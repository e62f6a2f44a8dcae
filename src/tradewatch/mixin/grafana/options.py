"""What each kind of panel has of its own: options of the drawing, and of its series."""

from collections.abc import Callable, Mapping

from grafana_foundation_sdk.models import (
    barchart,
    bargauge,
    common,
    gauge,
    heatmap,
    piechart,
    stat,
    statetimeline,
    table,
    text,
    timeseries,
)

from tradewatch.catalog.view import Drawing, Panel
from tradewatch.mixin.grafana.units import decimals, grafana_unit

_NEWEST = common.ReduceDataOptions(calcs=["lastNotNull"], fields="", values=False)
_ALL_SERIES = common.VizTooltipOptions(mode=common.TooltipDisplayMode.MULTI, sort=common.SortOrder.DESCENDING)
_LEGEND = common.VizLegendOptions(
    display_mode=common.LegendDisplayMode.LIST, placement=common.LegendPlacement.BOTTOM, show_legend=True, calcs=[]
)
_LEGEND_BESIDE = common.VizLegendOptions(
    display_mode=common.LegendDisplayMode.TABLE,
    placement=common.LegendPlacement.RIGHT,
    show_legend=True,
    calcs=["lastNotNull"],
)
_WIDE = 16
"""From so many columns on there is room for a legend beside the lines."""


def _time_series(panel: Panel) -> tuple[object, object]:
    legend = _LEGEND_BESIDE if panel.width >= _WIDE and len(panel.targets) == 1 else _LEGEND
    mode = common.GraphThresholdsStyleMode
    custom = common.GraphFieldConfig(
        draw_style=common.GraphDrawStyle.LINE,
        line_width=1,
        fill_opacity=panel.fill,
        show_points=common.VisibilityMode.AUTO,
        span_nulls=False,
        thresholds_style=common.GraphThresholdsStyleConfig(mode=mode.DASHED if panel.thresholds else mode.OFF),
        stacking=common.StackingConfig(
            mode=common.StackingMode.NORMAL if panel.is_stacked else common.StackingMode.NONE, group="A"
        ),
    )
    return timeseries.Options(legend=legend, tooltip=_ALL_SERIES), custom


def _stat(panel: Panel) -> tuple[object, object]:
    graph = common.BigValueGraphMode
    options = stat.Options(
        graph_mode=graph.NONE if panel.latest else graph.AREA,
        color_mode=common.BigValueColorMode.BACKGROUND if panel.meanings else common.BigValueColorMode.VALUE,
        justify_mode=common.BigValueJustifyMode.AUTO,
        text_mode=common.BigValueTextMode.NAME if panel.shows_names else common.BigValueTextMode.AUTO,
        reduce_options=_NEWEST,
        orientation=common.VizOrientation.AUTO,
    )
    return options, None


def _gauge(_: Panel) -> tuple[object, object]:
    return gauge.Options(reduce_options=_NEWEST, orientation=common.VizOrientation.AUTO), None


def _bar_gauge(panel: Panel) -> tuple[object, object]:
    orientation = common.VizOrientation
    options = bargauge.Options(
        display_mode=common.BarGaugeDisplayMode.GRADIENT,
        value_mode=common.BarGaugeValueMode.COLOR,
        show_unfilled=True,
        reduce_options=_NEWEST,
        orientation=orientation.VERTICAL if panel.is_distribution else orientation.HORIZONTAL,
    )
    return options, None


def _bar_chart(panel: Panel) -> tuple[object, object]:
    options = barchart.Options(
        orientation=common.VizOrientation.AUTO,
        show_value=common.VisibilityMode.AUTO,
        stacking=common.StackingMode.NORMAL if panel.is_stacked else common.StackingMode.NONE,
        legend=_LEGEND,
        tooltip=_ALL_SERIES,
    )
    return options, barchart.FieldConfig(axis_placement=common.AxisPlacement.AUTO)


def _pie(_: Panel) -> tuple[object, object]:
    legend = piechart.PieChartLegendOptions(
        display_mode=common.LegendDisplayMode.TABLE,
        placement=common.LegendPlacement.RIGHT,
        show_legend=True,
        values=[piechart.PieChartLegendValues.VALUE, piechart.PieChartLegendValues.PERCENT],
    )
    options = piechart.Options(
        pie_type=piechart.PieChartType.DONUT, reduce_options=_NEWEST, legend=legend, tooltip=_ALL_SERIES
    )
    return options, None


def _heat_map(panel: Panel) -> tuple[object, object]:
    colour = heatmap.HeatmapColorOptions(
        mode=heatmap.HeatmapColorMode.SCHEME,
        scheme="RdYlGn",
        fill="dark-green",
        scale=heatmap.HeatmapColorScale.LINEAR,
        exponent=1,
        steps=64,
        min_val=panel.minimum,
        max_val=panel.maximum,
    )
    options = heatmap.Options(
        calculate=False,
        color=colour,
        cell_gap=1,
        filter_values=heatmap.FilterValueRange(),
        cell_values=heatmap.CellValues(unit=grafana_unit(panel), decimals=decimals(panel)),
        rows_frame=heatmap.RowsHeatmapOptions(layout=common.HeatmapCellLayout.AUTO),
        show_value=common.VisibilityMode.NEVER,
        legend=heatmap.HeatmapLegend(show=True),
        tooltip=heatmap.HeatmapTooltip(mode=common.TooltipDisplayMode.SINGLE, show_color_scale=True),
        y_axis=heatmap.YAxisConfig(axis_placement=common.AxisPlacement.LEFT),
    )
    return options, None


def _state_timeline(_: Panel) -> tuple[object, object]:
    options = statetimeline.Options(
        show_value=common.VisibilityMode.AUTO,
        row_height=0.9,
        merge_values=True,
        align_value=common.TimelineValueAlignment.LEFT,
        legend=_LEGEND,
        tooltip=common.VizTooltipOptions(mode=common.TooltipDisplayMode.SINGLE),
    )
    return options, statetimeline.FieldConfig(fill_opacity=80, line_width=0)


def _table(panel: Panel) -> tuple[object, object]:
    cell = {"type": "color-background" if panel.thresholds else "auto"}
    options = table.Options(show_header=True, cell_height=common.TableCellHeight.SM)
    return options, {"cellOptions": cell, "align": "auto", "inspect": False}


def _text(panel: Panel) -> tuple[object, object]:
    return text.Options(mode=text.TextMode.MARKDOWN, content=panel.text), None


OPTIONS: Mapping[Drawing, Callable[[Panel], tuple[object, object]]] = {
    Drawing.TIME_SERIES: _time_series,
    Drawing.STAT: _stat,
    Drawing.GAUGE: _gauge,
    Drawing.BAR_GAUGE: _bar_gauge,
    Drawing.BAR_CHART: _bar_chart,
    Drawing.PIE: _pie,
    Drawing.HEAT_MAP: _heat_map,
    Drawing.STATE_TIMELINE: _state_timeline,
    Drawing.TABLE: _table,
    Drawing.TEXT: _text,
}
"""A kind of panel to what makes its options, and those of its series."""
