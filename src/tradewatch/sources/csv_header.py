"""The header of a CSV file: its delimiter, and which column is which."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TextIO

from tradewatch.errors import ConfigurationError, SourceError
from tradewatch.sources.file import explained, not_utf8

REQUIRED = ("asset", "direction", "quantity", "entry_price", "exit_price", "closed_at")
OPTIONAL = (
    "trade_id",
    "opened_at",
    "fees",
    "funding",
    "pnl",
    "strategy",
    "tag",
    "exit_reason",
    "stop",
    "take_profit",
    "contract_value",
    "engine",
    "agent",
    "timeframe",
    "mode",
    "confidence",
    "worst_unrealised",
    "best_unrealised",
)
COLUMNS = REQUIRED + OPTIONAL

_DELIMITERS = (",", ";", "\t")


class Header(NamedTuple):
    """Which column is where. ``names``: as the file has them; ``positions`` and ``theirs``: of our columns."""

    delimiter: str
    names: tuple[str, ...]
    positions: Mapping[str, int]
    theirs: Mapping[str, str]
    ignored: tuple[str, ...]


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """Open a CSV file as text; errors while it is read become a `SourceError`."""
    with explained(path), path.open(encoding="utf-8-sig", newline="") as file:
        yield file


def read_header(path: Path, renamed: Mapping[str, str]) -> Header:
    """Return the header; ``renamed``: our names to the file's. Raises `ConfigurationError` if columns are not there."""
    unknown = [name for name in renamed if name not in COLUMNS]
    if unknown:
        message = f"--column names {unknown[0]}, which is not one of our columns: {', '.join(COLUMNS)}"
        raise ConfigurationError(message)
    found = [_header(delimiter, _first_row(path, delimiter), renamed) for delimiter in _DELIMITERS]
    header = max(found, key=lambda header: (len(header.positions), len(header.names)))
    _require(path, header, renamed)
    return header


def _first_row(path: Path, delimiter: str) -> list[str]:
    try:
        with opened(path) as file:
            filled = (row for row in csv.reader(file, delimiter=delimiter) if any(map(str.strip, row)))
            row = next(filled, None)
    except csv.Error as error:
        message = f"{path} is not a CSV file ({error}): give a text file whose first line names the columns"
        raise SourceError(message) from error
    if row and "\0" in "".join(row):
        raise not_utf8(path)
    if row is None:
        message = f"{path} holds nothing but blanks: export the trades again"
        raise SourceError(message)
    return [name.strip() for name in row]


def _header(delimiter: str, names: list[str], renamed: Mapping[str, str]) -> Header:
    wanted = {renamed.get(name, name).casefold(): name for name in COLUMNS}
    positions: dict[str, int] = {}
    for position, name in enumerate(names):
        ours = wanted.get(name.casefold())
        if ours is not None:
            positions.setdefault(ours, position)
    theirs = {ours: names[position] for ours, position in positions.items()}
    used = {name.casefold() for name in theirs.values()}
    ignored = tuple(name for name in names if name and name.casefold() not in used)
    return Header(delimiter, tuple(names), positions, theirs, ignored)


def _require(path: Path, header: Header, renamed: Mapping[str, str]) -> None:
    missing = [name for name in dict.fromkeys((*renamed, *REQUIRED)) if name not in header.positions]
    if missing:
        absent = ", ".join(renamed.get(name, name) for name in missing)
        message = (
            f"{path} has no column {absent}; its columns are {', '.join(header.names)}: "
            f"say which one it is with --column {missing[0]}=NAME"
        )
        raise ConfigurationError(message)
    times = Counter(name.casefold() for name in header.names)
    for name in header.theirs.values():
        if times[name.casefold()] > 1:
            message = f"{path} has {times[name.casefold()]} columns {name}: rename all but one"
            raise ConfigurationError(message)
