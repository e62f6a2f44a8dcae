"""Where each panel stands: rows of our own on a grid of 24 columns, filled without a gap."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tradewatch.catalog.view import GRID_COLUMNS, Panel, Row

HEADING_HEIGHT = 1


class LayoutError(ValueError):
    """The panels of a line are not as wide as the grid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A panel, or the heading of a part, and where it stands."""

    content: Panel | str
    x: int
    y: int
    width: int
    height: int


def placed(rows: Sequence[Row]) -> Iterator[Place]:
    """Yield every heading and panel with its place; raises LayoutError for a line that is not full."""
    y = 0
    for row in rows:
        if row.title:
            yield Place(content=row.title, x=0, y=y, width=GRID_COLUMNS, height=HEADING_HEIGHT)
            y += HEADING_HEIGHT
        for line in _lines(row.panels):
            yield from _line(line, y, row.height)
            y += row.height


def _line(panels: Sequence[Panel], y: int, height: int) -> Iterator[Place]:
    x = 0
    for panel in panels:
        yield Place(content=panel, x=x, y=y, width=panel.width, height=height)
        x += panel.width


def _lines(panels: Sequence[Panel]) -> Iterator[Sequence[Panel]]:
    line: list[Panel] = []
    for panel in panels:
        line.append(panel)
        width = sum(each.width for each in line)
        if width > GRID_COLUMNS:
            message = f"the line of {panel.title!r} is {width} columns wide, and the grid has {GRID_COLUMNS}"
            raise LayoutError(message)
        if width == GRID_COLUMNS:
            yield tuple(line)
            line.clear()
    if line:
        width = sum(each.width for each in line)
        message = f"the line of {line[-1].title!r} leaves {GRID_COLUMNS - width} of {GRID_COLUMNS} columns empty"
        raise LayoutError(message)
