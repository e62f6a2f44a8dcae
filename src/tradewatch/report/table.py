"""A report as a person reads it in a terminal."""

from datetime import timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tradewatch.report.report import Part, Report, Statistic

_UNDEFINED = "–"
_DEFINITION_WIDTH = 60


def show(report: Report, console: Console) -> None:
    """Print the report: what it is about, notes, statistics with their definitions, the parts."""
    _show_header(report, console)
    console.print()
    console.print(_statistics_table(report))
    for label, parts in report.by.items():
        if len(parts) > 1 or (parts and parts[0].name != "UNKNOWN"):
            console.print()
            console.print(_parts_table(label, parts, report.currency))


def _show_header(report: Report, console: Console) -> None:
    about = [report.ledger, f"system {report.system}"]
    about += [each for each in (report.mode, report.currency, f"{report.pnl} P&L") if each]
    as_of = f", as of {report.as_of:%Y-%m-%d %H:%M:%S} UTC" if report.as_of else ""
    console.print(Text(" · ".join(about) + as_of, style="bold"))
    for note in report.notes:
        console.print(Text(f"note: {note}", style="yellow"))


def _statistics_table(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("statistic")
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("n", justify="right")
    table.add_column("definition", max_width=_DEFINITION_WIDTH, style="dim")
    for line in report.statistics.values():
        count = "" if line.n is None else str(line.n)
        table.add_row(line.name, _value(line, report.currency), count, _definition(line))
    return table


def _definition(line: Statistic) -> str:
    return line.definition if line.value is not None else f"undefined {line.undefined}"


def _value(line: Statistic, currency: str | None) -> str:
    if line.value is None:
        return _UNDEFINED
    if line.unit == "ratio":
        return f"{line.value:.2%}"
    if line.unit == "money":
        return _money(line.value, currency)
    if line.unit == "seconds":
        return str(timedelta(seconds=round(line.value)))
    return f"{line.value:,.0f}" if line.unit == "count" else f"{line.value:.4g}"


def _money(value: float, currency: str | None = None) -> str:
    digits = f"{value:,.2f}" if abs(value) >= 1 or value == 0 else f"{value:.6g}"
    return f"{digits} {currency}" if currency else digits


def _parts_table(label: str, parts: list[Part], currency: str | None) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(f"by {label.replace('_', ' ')}", min_width=14)
    net_profit = f"net {currency}" if currency else "net profit"
    for column in ("trades", "win rate", net_profit, "profit factor", "expectancy"):
        table.add_column(column, justify="right", no_wrap=True)
    for part in parts:
        table.add_row(Text(part.name), *_part_cells(part))
    return table


def _part_cells(part: Part) -> tuple[str, ...]:
    return (
        str(part.closed_trades),
        _UNDEFINED if part.win_rate is None else f"{part.win_rate:.1%}",
        _money(part.net_profit),
        _UNDEFINED if part.profit_factor is None else f"{part.profit_factor:.4g}",
        _UNDEFINED if part.expectancy is None else _money(part.expectancy),
    )
