"""Trades from an account history that MetaTrader 5 exported: its report, or a text of positions or deals.

https://www.metatrader5.com/en/terminal/help/trading_advanced/history_report
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import partial
from pathlib import Path

from tradewatch.errors import SourceError
from tradewatch.sources.csv_values import direction
from tradewatch.sources.file import require_file
from tradewatch.sources.mt5_history.deals import COSTS, Deal, Money, deals_of, money_of, total
from tradewatch.sources.mt5_history.pairing import paired
from tradewatch.sources.mt5_history.tables import CLOSED, DEALS, OPEN, Report, Table, read_report
from tradewatch.sources.mt5_history.text import Row, read_rows
from tradewatch.sources.mt5_history.values import moment, number
from tradewatch.sources.numbering import numbered
from tradewatch.sources.source import BadRow, Contents, Options, Reason
from tradewatch.sources.telling import Fault, Field, Record, Told, tell, values_of

_THEIRS = {
    "trade_id": "Position",
    "asset": "Symbol",
    "direction": "Type",
    "quantity": "Volume",
    "entry_price": "Price",
    "opened_at": "Time",
    "exit_price": "Price 2",
    "closed_at": "Time 2",
    "pnl": "Profit",
}
_CENT = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A report, with the zone of its times and its deals in order of time; ``faults``: rows that are no deals."""

    path: Path
    report: Report
    zone: tzinfo
    deals: Sequence[Deal]
    faults: Sequence[tuple[Row, Fault]]


class Mt5HistorySource:
    """The report on an account's history, as HTML or as text, with English headings."""

    name = "mt5-history"
    suffixes = (".html", ".htm")
    uses = frozenset({"timezone"})

    def read(self, path: Path, options: Options) -> Contents:
        """Open a report; times are those of the broker's server, in UTC unless ``timezone`` says otherwise."""
        require_file(path)
        file = _opened(path, options.timezone or UTC)
        money = money_of(file.deals)
        return Contents(
            trades=numbered(partial(_rows, file), path.name, _THEIRS),
            cash_flows=money.flows,
            starting_equity=money.starting_equity,
            currency=file.report.currency,
            remarks=tuple(_remarks(file, money, is_assumed=options.timezone is None)),
        )


def _opened(path: Path, zone: tzinfo) -> _File:
    report = read_report(path, read_rows(path))
    deals: list[Deal] = []
    faults: list[tuple[Row, Fault]] = []
    for each in deals_of(report.table(DEALS), zone):
        if isinstance(each, Deal):
            deals.append(each)
        else:
            faults.append(each)
    deals.sort(key=lambda deal: (deal.time, len(deal.number), deal.number))
    return _File(path=path, report=report, zone=zone, deals=deals, faults=faults)


def _rows(file: _File) -> Iterator[Told | BadRow]:
    for row, found in _records(file):
        told = found if isinstance(found, Fault) else _tell(row, found)
        if isinstance(told, Fault) and told.reason is Reason.DECIMAL_COMMA:
            raise SourceError(_decimal_comma(file.path, row, told))
        yield told.at(file.path.name, row.line, _THEIRS) if isinstance(told, Fault) else told


def _tell(row: Row, record: Record) -> Told | Fault:
    if "trade_id" not in record:
        return Fault("trade_id", "", Reason.MISSING)
    return tell(row.line, record, str)  # it has an id, so that nothing stands for one


def _records(file: _File) -> Iterator[tuple[Row, Record | Fault]]:
    """Yield the trades; from the deals only where there is no table of positions, for positions say which is which."""
    tables = file.report.tables
    if CLOSED in tables or OPEN in tables:
        for name in (CLOSED, OPEN):
            table = file.report.table(name)
            fields = _fields(file.zone, is_open=name == OPEN)
            yield from ((row, _record(table, row, fields, is_open=name == OPEN)) for row in table.rows)
    else:
        yield from paired(file.deals)
    yield from file.faults


def _fields(zone: tzinfo, *, is_open: bool) -> tuple[Field, ...]:
    parsers: dict[str, Callable[[str], object]] = {
        "direction": direction,
        "quantity": number,
        "entry_price": number,
        "opened_at": partial(moment, zone=zone),
        "exit_price": number,
        "closed_at": partial(moment, zone=zone),
        "pnl": number,
    }
    names = [name for name in _THEIRS if not (is_open and name in {"exit_price", "closed_at", "pnl"})]
    known = tuple(Field(name, _THEIRS[name], parsers.get(name, str)) for name in names)
    return known if is_open else (*known, *(Field(name, name, number) for name in COSTS))


def _record(table: Table, row: Row, fields: tuple[Field, ...], *, is_open: bool) -> Record | Fault:
    record = values_of(fields, lambda field: table.cell(row, field.theirs))
    if isinstance(record, Fault) or is_open:
        return record
    if "pnl" not in record:
        return Fault("pnl", "", Reason.MISSING)
    costs = {
        "fees": 0.0 - total(record, "Commission", "Fee"),  # theirs are negative when they cost
        "funding": 0.0 - total(record, "Swap"),
        "pnl": total(record, "pnl", *COSTS),
    }
    return {name: value for name, value in record.items() if name not in COSTS} | costs


def _decimal_comma(path: Path, row: Row, fault: Fault) -> str:
    column = _THEIRS.get(fault.column, fault.column)
    return (
        f"{path} writes numbers with a comma (line {row.line}, {column}: {fault.found!r}), which is not guessed at: "
        "set the terminal to English under View, Languages, and export again"
    )


def _remarks(file: _File, money: Money, *, is_assumed: bool) -> Iterator[str]:
    if is_assumed:
        yield "times are taken as UTC: if the broker's server has another clock, say which with --timezone"
    if money.flows:
        yield f"deposits and withdrawals that are imported as cash flows: {len(money.flows)}"
    for kind, amount in sorted(money.others.items()):
        yield f"deals of the type {kind} are neither trades nor cash flows and are left out: {amount:.2f} in all"
    fees = math.fsum(deal.values.get("Fee", 0.0) for deal in file.deals)
    if CLOSED in file.report.tables and abs(fees) >= _CENT:
        yield f"the deals name fees of {fees:.2f} in all, which the table of positions leaves out, and so does the P&L"
