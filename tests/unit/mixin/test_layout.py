"""Rows fill the grid, and a row that does not is refused."""

import pytest

from tradewatch.catalog.view import Drawing, Panel, Row
from tradewatch.mixin.layout import LayoutError, placed


def panel(width: int, title: str = "p") -> Panel:
    return Panel(title=title, drawing=Drawing.TEXT, targets=(), width=width, text="x")


def places(*rows: Row) -> list[tuple[object, int, int, int, int]]:
    return [
        (each.content if isinstance(each.content, str) else "", each.x, each.y, each.width, each.height)
        for each in placed(rows)
    ]


def test_panels_stand_side_by_side_and_lines_below_each_other() -> None:
    first = Row(panels=(panel(8), panel(16), panel(24)), height=5)
    second = Row(title="Risk", panels=(panel(12), panel(12)), height=3)
    assert places(first, second) == [
        ("", 0, 0, 8, 5),
        ("", 8, 0, 16, 5),
        ("", 0, 5, 24, 5),
        ("Risk", 0, 10, 24, 1),
        ("", 0, 11, 12, 3),
        ("", 12, 11, 12, 3),
    ]


def test_a_line_that_is_too_wide_is_refused() -> None:
    with pytest.raises(LayoutError, match=r"the line of 'b' is 26 columns wide, and the grid has 24"):
        places(Row(panels=(panel(20), panel(6, "b")), height=4))


def test_a_line_that_is_not_full_is_refused() -> None:
    with pytest.raises(LayoutError, match=r"the line of 'b' leaves 4 of 24 columns empty"):
        places(Row(panels=(panel(20, "b"),), height=4))
