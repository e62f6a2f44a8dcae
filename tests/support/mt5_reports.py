"""Account histories as MetaTrader 5 exports them: its HTML with hidden cells, titles, totals and a summary."""

from collections.abc import Iterable, Sequence
from datetime import datetime

CLOSED = "Time Position Symbol Type Volume Price S_/_L T_/_P Time Price Commission Swap Profit"
OPEN = "Time Position Symbol Type Volume Price S_/_L T_/_P Market_Price Swap Profit Comment"
ORDERS = "Open_Time Order Symbol Type Volume Price S_/_L T_/_P Time State Comment"
DEALS = "Time Deal Symbol Type Direction Volume Price Order Commission Fee Swap Profit Balance Comment"

Cells = Sequence[object]


def mt5_time(moment: datetime) -> str:
    return moment.strftime("%Y.%m.%d %H:%M:%S")


def names(heading: str) -> list[str]:
    return [name.replace("_", " ") for name in heading.split()]


def mt5_report(
    closed: Iterable[Cells] | None = None,
    still_open: Iterable[Cells] = (),
    deals: Iterable[Cells] | None = None,
    account: str = "4711 (USD, Broker-Demo, demo, Hedge)",
) -> str:
    """Return a report; a table that is None is left out."""
    rows = [
        '<tr align="center"><td colspan="14"><div><b>Trade History Report</b></div></td></tr>',
        f'<tr><th colspan="4">Account:</th><th colspan="10"><b>{account}</b></th></tr>',
    ]
    if closed is not None:
        rows += [_title("Positions"), _heading(CLOSED), *(_row(cells, hidden=4) for cells in closed)]
    rows += [_title("Orders"), _heading(ORDERS), _row(_AN_ORDER, hidden=4)]
    if deals is not None:
        rows += [_title("Deals"), _heading(DEALS), *(_row(cells, hidden=4) for cells in deals)]
        rows.append(_row(("", "", "", "", "", "", "", "", "- 9.99", "0.00", "0.00", "99.99", "1 099.99", "")))
    rows += [_title("Open Positions"), _heading(OPEN), *(_row(cells) for cells in still_open)]
    rows += [_row(("Balance:", "1 099.99", "", "Free Margin:", "1 000.00", "", "", "Margin:", "0.00", "", "", "", ""))]
    return f"<!DOCTYPE html>\n<html><body><table>\n{chr(10).join(rows)}\n</table></body></html>\n"


_AN_ORDER = ("2024.01.31 12:00:00", "9", "X", "buy", "1 / 1", "market", "", "", "2024.01.31 12:00:00", "filled", "")


def mt5_text(*tables: tuple[str, str, Iterable[Cells]], delimiter: str = "\t") -> str:
    """Return tables as text: each with its title, its heading and its rows."""
    lines = [delimiter.join(("Account:", "", "4711 (EUR, Broker-Demo, demo, Hedge)".replace(delimiter, ";")))]
    for title, heading, rows in tables:
        lines += [title, delimiter.join(names(heading)), *(delimiter.join(map(str, cells)) for cells in rows)]
    return "\n".join(lines) + "\n"


def _title(text: str) -> str:
    return f'<tr align="center"><th colspan="14"><div style="font: 10pt"><b>{text}</b></div></th></tr>'


def _heading(heading: str) -> str:
    cells = "".join(f'<td nowrap style="height: 30px"><b>{name}</b></td>' for name in names(heading))
    return f'<tr align="center" bgcolor="#E5F0FC">{cells}</tr>'


def _row(cells: Cells, hidden: int | None = None) -> str:
    written = [f"<td>{str(cell).replace(' ', '&nbsp;') if _is_number(cell) else cell}</td>" for cell in cells]
    if hidden is not None:
        written.insert(hidden, '<td class="hidden" colspan="8">cannot be seen</td>')
    return f'<tr bgcolor="#FFFFFF" align="right">{"".join(written)}</tr>'


def _is_number(cell: object) -> bool:
    return str(cell).replace(" ", "").replace("-", "").replace(".", "").isdigit() and ":" not in str(cell)
