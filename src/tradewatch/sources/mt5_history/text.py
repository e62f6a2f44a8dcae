"""The rows of cells in a report of MetaTrader 5, be it HTML or delimited text."""

import csv
import io
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from tradewatch.errors import SourceError
from tradewatch.sources.file import explained, not_utf8

MEND = "in MetaTrader 5 choose History, Report, and save it as HTML or text, in English"

_DELIMITERS = ("\t", ",", ";")
_HIDDEN = "hidden"
_BLANKS = "\u00a0\u202f\u2009"
"""Other blanks than the space, as they stand in numbers."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Row(NamedTuple):
    """The cells of a row, without the blanks around them, and the line on which it begins, counted from 1."""

    line: int
    cells: tuple[str, ...]


def read_rows(path: Path) -> list[Row]:
    """Return all rows that are not blank; raises `SourceError` when the file is no text."""
    with explained(path):
        text = _decoded(path, path.read_bytes())
    rows = _html_rows(text) if "<table" in text.lower() else _text_rows(path, text)
    return [row for row in rows if any(row.cells)]


def _decoded(path: Path, body: bytes) -> str:
    try:
        text = body.decode("utf-16" if body.startswith(_UTF16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path} is text neither in UTF-16 nor in UTF-8: {MEND}"
        raise SourceError(message) from error
    if "\0" in text:
        raise not_utf8(path)
    return text


class _Tables(HTMLParser):
    """Collects the rows of all tables; cells that the report hides, which stand under no heading, are left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[Row] = []
        self._line = 0
        self._cells: list[str] | None = None
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._end_row()
            self._line, self._cells = self.getpos()[0], []
        elif tag in {"td", "th"}:
            self._end_cell()
            is_hidden = _HIDDEN in (dict(attrs).get("class") or "").split()
            self._cell = None if is_hidden else []

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._end_cell()
        elif tag in {"tr", "table"}:
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def close(self) -> None:
        super().close()
        self._end_row()

    def _end_cell(self) -> None:
        if self._cell is not None and self._cells is not None:
            self._cells.append(_clean("".join(self._cell)))
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._cells is not None:
            self.rows.append(Row(self._line, tuple(self._cells)))
        self._cells = None


def _html_rows(text: str) -> list[Row]:
    tables = _Tables()
    tables.feed(text)
    tables.close()
    return tables.rows


def _text_rows(path: Path, text: str) -> list[Row]:
    """Return the rows under the delimiter that makes the widest ones most often."""
    try:
        found = [list(_delimited(text, delimiter)) for delimiter in _DELIMITERS]
    except csv.Error as error:
        message = f"{path} is not a report of MetaTrader 5 ({error}): {MEND}"
        raise SourceError(message) from error
    return max(found, key=lambda rows: sum(len(row.cells) for row in rows))


def _delimited(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    for cells in reader:
        yield Row(line, tuple(map(_clean, cells)))
        line = reader.line_num + 1


def _clean(cell: str) -> str:
    return " ".join(cell.translate(dict.fromkeys(map(ord, _BLANKS), " ")).split())
