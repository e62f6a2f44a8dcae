"""The tables of a MetaTrader 5 account history, found by their English headings."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tradewatch.errors import SourceError
from tradewatch.sources.mt5_history.text import MEND, Row

CLOSED = "Positions"
OPEN = "Open Positions"
DEALS = "Deals"

# The first that fits counts: a deal may have all that an open position has.
_NEEDED: Mapping[str, frozenset[str]] = {
    DEALS: frozenset({"Time", "Deal", "Symbol", "Type", "Direction", "Volume", "Price", "Profit"}),
    CLOSED: frozenset({"Time", "Position", "Symbol", "Type", "Volume", "Price", "Time 2", "Price 2", "Profit"}),
    OPEN: frozenset({"Time", "Position", "Symbol", "Type", "Volume", "Price", "Profit"}),
}
_OTHERS = frozenset({"Orders", "Working Orders", "Results"})
_OTHER_HEADING = frozenset({"Open Time", "Order", "State"})
_FEWEST_HEADINGS = 7
_ACCOUNT = re.compile(r"\d+ \(([A-Z]{3,5})\b")
_STANDARD = {name.casefold(): name for names in _NEEDED.values() for name in names} | {
    name.casefold(): name for name in ("Order", "Commission", "Fee", "Swap", "Balance", "Comment", "Market Price")
}


@dataclass(slots=True)
class Table:
    """Rows under a heading: ``positions`` says in which cell each column stands; a second Time is ``Time 2``."""

    positions: Mapping[str, int] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def cell(self, row: Row, name: str) -> str | None:
        """Return a cell; None when it is empty or there is no such column."""
        position = self.positions.get(name, len(row.cells))
        return row.cells[position] or None if position < len(row.cells) else None


@dataclass(slots=True)
class Report:
    """What an export holds; a table that it has not is None. ``currency``: the account's, if it is told."""

    tables: dict[str, Table] = field(default_factory=dict)
    currency: str | None = None

    def table(self, name: str) -> Table:
        """Return a table, one without rows if there is none."""
        return self.tables.get(name, Table())


def read_report(path: Path, rows: Iterable[Row]) -> Report:
    """Return the tables among the rows of a file; raises `SourceError` when there is neither positions nor deals."""
    report = Report()
    table: Table | None = None
    widest = Row(0, ())
    for row in rows:
        heading = _heading(row)
        name = next((name for name, needed in _NEEDED.items() if needed <= heading.keys()), None)
        if name is not None:
            table = report.tables.setdefault(name, Table(heading))
            table.positions = heading
        elif _ends_table(row, heading):
            table = None
        elif table is not None and table.cell(row, "Time"):
            table.rows.append(row)
        report.currency = report.currency or _currency(row)
        widest = max(widest, row, key=lambda each: len([cell for cell in each.cells if cell]))
    if not report.tables:
        raise SourceError(_unknown(path, widest))
    return report


def _heading(row: Row) -> dict[str, int]:
    """Return where each of our columns would stand if the row were a heading."""
    heading: dict[str, int] = {}
    times: Counter[str] = Counter()
    for position, cell in enumerate(row.cells):
        name = _STANDARD.get(cell.casefold(), cell)
        times[name] += 1
        if name:
            heading[name if times[name] == 1 else f"{name} {times[name]}"] = position
    return heading


def _ends_table(row: Row, heading: Mapping[str, int]) -> bool:
    filled = [cell for cell in row.cells if cell]
    is_title = len(filled) == 1 and filled[0] in {*_NEEDED, *_OTHERS}
    is_summary = bool(filled) and filled[0].endswith(":")
    return is_title or is_summary or heading.keys() >= _OTHER_HEADING


def _currency(row: Row) -> str | None:
    if not row.cells or not row.cells[0].startswith("Account"):
        return None
    found = _ACCOUNT.search(" ".join(row.cells))
    return found[1] if found else None


def _unknown(path: Path, widest: Row) -> str:
    names = [cell for cell in widest.cells if cell]
    if len(names) < _FEWEST_HEADINGS:
        return f"{path} is not an account history of MetaTrader 5, it has no table of positions or deals: {MEND}"
    shown = ", ".join(names[:4])
    return (
        f"{path} has no table with the English headings of positions or deals (its widest row begins {shown}): "
        "set the terminal to English under View, Languages, and export again"
    )
