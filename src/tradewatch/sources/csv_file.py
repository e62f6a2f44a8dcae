"""Trades from a CSV file with a header, one trade a row."""

import csv
from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import msgspec

from tradewatch.sources.csv_header import Header, opened, read_header
from tradewatch.sources.csv_values import direction, moment, number, price_if_set
from tradewatch.sources.file import require_file
from tradewatch.sources.numbering import numbered
from tradewatch.sources.source import WHOLE_ROW, BadRow, Contents, Options, Reason
from tradewatch.sources.telling import Fault, Field, Record, Told, tell, values_of

_PARSERS = {
    "direction": direction,
    "quantity": number,
    "entry_price": number,
    "exit_price": number,
    "fees": number,
    "funding": number,
    "pnl": number,
    "stop": price_if_set,
    "take_profit": price_if_set,
    "contract_value": number,
    "confidence": number,
    "worst_unrealised": number,
    "best_unrealised": number,
}
_MOMENTS = ("opened_at", "closed_at")
_KNOWN_WHEN_OPENED = ("asset", "direction", "quantity", "entry_price", "opened_at")
_KNOWN_WHEN_CLOSED = ("asset", "direction", "quantity", "entry_price", "exit_price", "closed_at")


class CsvSource:
    """A CSV file: `csv_header.COLUMNS`, in any order, delimited by comma, semicolon or tab, in UTF-8."""

    name = "csv"
    suffixes = (".csv",)
    uses = frozenset({"timezone", "columns"})

    def read(self, path: Path, options: Options) -> Contents:
        """Open a file; its rows are read while the trades are iterated, twice, and few of them are held."""
        require_file(path)
        header = read_header(path, options.columns)
        rows = partial(_rows, path, header, _fields(header, options))
        return Contents(trades=numbered(rows, path.name, header.theirs), ignored_columns=header.ignored)


class _Line(NamedTuple):
    number: int
    cells: list[str] | csv.Error


def _fields(header: Header, options: Options) -> tuple[Field, ...]:
    parsers = _PARSERS | dict.fromkeys(_MOMENTS, partial(moment, zone=options.timezone))
    return tuple(Field(name, header.theirs[name], parsers.get(name, str)) for name in header.positions)


def _rows(path: Path, header: Header, fields: tuple[Field, ...]) -> Iterator[Told | BadRow]:
    lines = _lines(path, header.delimiter)
    next(lines, None)  # the header
    for line in lines:
        told = _told(line, header, fields)
        yield told.at(path.name, line.number, header.theirs) if isinstance(told, Fault) else told


def _lines(path: Path, delimiter: str) -> Iterator[_Line]:
    """Yield the rows that are not blank, with the number of the line on which each begins."""
    with opened(path) as file:
        reader = csv.reader(file, delimiter=delimiter)
        while True:
            number = reader.line_num + 1
            cells = _next(reader)
            if cells is None:
                return
            if isinstance(cells, csv.Error) or any(map(str.strip, cells)):
                yield _Line(number, cells)


def _next(reader: Iterator[list[str]]) -> list[str] | csv.Error | None:
    try:
        return next(reader, None)
    except csv.Error as error:
        return error


def _told(line: _Line, header: Header, fields: tuple[Field, ...]) -> Told | Fault:
    if isinstance(line.cells, csv.Error):
        return Fault(WHOLE_ROW, str(line.cells), Reason.UNREADABLE)
    cells = line.cells
    expected = len(header.names)
    if len(cells) < expected or any(cells[expected:]):
        return Fault(WHOLE_ROW, f"{len(cells)} cells, the header has {expected}", Reason.WRONG_NUMBER_OF_CELLS)
    record = values_of(fields, partial(_cell, cells, header.positions))
    told = record if isinstance(record, Fault) else tell(line.number, record, _fingerprint)
    if isinstance(told, Fault) and told.reason is Reason.OUT_OF_BOUNDS:
        return told._replace(found=cells[header.positions[told.column]])  # as it is written there
    return told


def _cell(cells: list[str], positions: Mapping[str, int], field: Field) -> str | None:
    return cells[positions[field.name]].strip() or None


def _fingerprint(record: Record) -> str:
    """Return what a trade without an id is numbered by: nothing that its closing would change, if it can be."""
    names = _KNOWN_WHEN_OPENED if "opened_at" in record else _KNOWN_WHEN_CLOSED
    return blake2b(msgspec.json.encode([record[name] for name in names]), digest_size=8).hexdigest()
