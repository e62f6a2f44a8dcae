"""What of a dashboard the built-in viewer would not draw as Grafana does, as sentences."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tradewatch.mixin.viewer_subset import DASHBOARD, PANEL, PANELS, ROW, Permitted


def refusals(dashboard: Mapping[str, Any]) -> list[str]:
    """Return a sentence for everything in a dashboard that the viewer would not draw as Grafana does. Any: JSON."""
    without_panels = {key: value for key, value in dashboard.items() if key != "panels"}
    return [
        *_refused("the dashboard", without_panels, DASHBOARD),
        *(sentence for panel in dashboard.get("panels", ()) for sentence in _of_panel(panel)),
    ]


def _of_panel(panel: Mapping[str, Any]) -> Iterator[str]:
    kind, name = str(panel.get("type")), f"the panel {panel.get('title')!r}"
    if kind == "row":
        yield from _refused(name, panel, ROW)
    elif kind in PANELS:
        yield from _refused(name, panel, {**PANEL, **PANELS[kind]})
    else:
        yield f"{name} is a {kind}, which the viewer does not draw"


def _refused(name: str, content: Mapping[str, Any], permitted: Permitted) -> Iterator[str]:
    for path, value in _leaves(content, ""):
        known = next((each for each in _spellings(path) if each in permitted), None)
        if known is None:
            yield f"{name} has {path}, which the viewer does not know"
            continue
        values = permitted[known]
        if values is not None and value not in values:
            yield f"{name} has {path} {value!r}, and the viewer knows {sorted(map(repr, values))}"


def _spellings(path: str) -> Iterator[str]:
    """Yield a path as it is, and with any one key left open."""
    yield path
    keys = re.split(r"\.", path)
    yield from (".".join((*keys[:at], "*", *keys[at + 1 :])) for at in range(len(keys)))


def _leaves(content: object, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(content, Mapping) and content:
        for key, value in content.items():
            yield from _leaves(value, f"{path}.{key}" if path else str(key))
    elif isinstance(content, list) and content:
        for value in content:
            yield from _leaves(value, f"{path}[]")
    else:
        yield path, content if not isinstance(content, Mapping | list) else None
