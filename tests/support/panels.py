"""Dashboards that hold every kind of panel, on numbers that a test knows."""

import json
from pathlib import Path
from typing import Any

Panel = dict[str, Any]  # Any: Grafana's JSON
_STEPS = [{"value": None, "color": "red"}, {"value": 10, "color": "green"}]
_NAMED = 'label_replace(vector({value}), "name", "{name}", "", "")'


def of_names(**values: float) -> str:
    """Return PromQL that finds a series for each name."""
    return " or ".join(_NAMED.format(value=value, name=name) for name, value in values.items())


def panel(kind: str, title: str, expression: str, **changes: Any) -> Panel:  # Any: fields and options
    """Return a panel of one query, whose series are called by their label ``name``."""
    instant = kind not in {"timeseries", "state-timeline", "heatmap", "histogram"}
    target = {
        "expr": expression,
        "legendFormat": "{{name}}",
        "refId": "A",
        "instant": instant,
        "format": "table" if kind == "table" else "time_series",
    }
    field = {"unit": changes.pop("unit", "short"), "thresholds": {"mode": "absolute", "steps": _STEPS}}
    field |= changes.pop("field", {})
    return {
        "type": kind,
        "title": title,
        "description": f"What **{title}** means.",
        "targets": [target],
        "fieldConfig": {"defaults": field, "overrides": []},
        "options": {"legend": {"showLegend": True}, "colorMode": "value", "graphMode": "area"},
    } | changes


def dashboard(path: Path, *panels: Panel, **changes: Any) -> None:  # Any: fields of a dashboard
    """Write a dashboard with panels side by side, four in a row."""
    placed = [
        {**each, "id": number, "gridPos": {"x": number % 4 * 6, "y": number // 4 * 8, "w": 6, "h": 8}}
        for number, each in enumerate(panels)
    ]
    content = {"uid": path.stem, "title": path.stem.title(), "panels": placed, "time": {"from": "now-5m", "to": "now"}}
    path.write_text(json.dumps(content | {"refresh": "5s"} | changes))
