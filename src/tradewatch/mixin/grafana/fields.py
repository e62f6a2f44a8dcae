"""How numbers become text and colour: units, thresholds, meanings, one colour per entity."""

import re
from collections.abc import Iterator, Mapping

from grafana_foundation_sdk.models import dashboard

from tradewatch.catalog.colours import ENTITIES, LINES
from tradewatch.catalog.view import Drawing, Panel, Target
from tradewatch.mixin.grafana.units import decimals, grafana_unit
from tradewatch.mixin.words import no_value

_ONE_LABEL = re.compile(r"^\{\{(\w+)\}\}$")
_COLOURED_BY_VALUE = frozenset({Drawing.STAT, Drawing.GAUGE, Drawing.TABLE, Drawing.STATE_TIMELINE})


def field_config(panel: Panel, custom: object) -> dashboard.FieldConfigSource:
    """Return what applies to all series of a panel, and what to some of them."""
    defaults = dashboard.FieldConfig(
        unit=grafana_unit(panel),
        decimals=decimals(panel),
        min_val=panel.minimum,
        max_val=panel.maximum,
        mappings=_mappings(panel),
        thresholds=_thresholds(panel),
        color=dashboard.FieldColor(mode=_colour_mode(panel)),
        no_value=no_value(panel),
        custom=custom,
    )
    return dashboard.FieldConfigSource(defaults=defaults, overrides=list(_overrides(panel)))


def _colour_mode(panel: Panel) -> dashboard.FieldColorModeId:
    by_value = panel.drawing in _COLOURED_BY_VALUE or (panel.drawing is Drawing.BAR_GAUGE and panel.thresholds)
    mode = dashboard.FieldColorModeId
    return mode.THRESHOLDS if by_value else mode.PALETTE_CLASSIC_BY_NAME


def _mappings(panel: Panel) -> list[dashboard.ValueMapping] | None:
    if not panel.meanings:
        return None
    options = {
        str(value): dashboard.ValueMappingResult(text=meaning.text, color=meaning.colour, index=index)
        for index, (value, meaning) in enumerate(panel.meanings.items())
    }
    return [dashboard.ValueMap(options=options)]


def _thresholds(panel: Panel) -> dashboard.ThresholdsConfig:
    steps = [dashboard.Threshold(value=each.start, color=each.colour) for each in panel.thresholds]
    return dashboard.ThresholdsConfig(
        mode=dashboard.ThresholdsMode.ABSOLUTE,
        steps=steps or [dashboard.Threshold(value=None, color="text")],
    )


def _overrides(panel: Panel) -> Iterator[dashboard.DashboardFieldConfigSourceOverrides]:
    if panel.drawing is Drawing.TABLE and not panel.matrix:
        yield from map(_column, panel.targets)
    if panel.drawing in _COLOURED_BY_VALUE or panel.drawing is Drawing.HEAT_MAP:
        return
    for name, colour in _colours(panel).items():
        value = dashboard.DynamicConfigValue(id_val="color", value={"mode": "fixed", "fixedColor": colour})
        yield dashboard.DashboardFieldConfigSourceOverrides(
            matcher=dashboard.MatcherConfig(id_val="byName", options=name), properties=[value]
        )


def _column(target: Target) -> dashboard.DashboardFieldConfigSourceOverrides:
    """Return the unit of a table's column."""
    alone = Panel(title=target.legend, drawing=Drawing.STAT, targets=(target,), width=1)
    values = {"unit": grafana_unit(alone), "decimals": decimals(alone)}
    return dashboard.DashboardFieldConfigSourceOverrides(
        matcher=dashboard.MatcherConfig(id_val="byName", options=target.legend),
        properties=[
            dashboard.DynamicConfigValue(id_val=name, value=value)
            for name, value in values.items()
            if value is not None
        ],
    )


def _colours(panel: Panel) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for target in panel.targets:
        label = _ONE_LABEL.match(target.legend)
        if label:
            found |= ENTITIES.get(label[1], {})
        elif target.legend in LINES:
            found[target.legend] = LINES[target.legend]
    return found
