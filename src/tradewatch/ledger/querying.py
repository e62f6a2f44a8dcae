"""Rows of a ledger as text, also where somebody else wrote what is no text: one bad row must not hide all others."""

import codecs
import sqlite3
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, islice
from typing import Any

TOLD = "time, CAST(kind AS TEXT), CAST(id AS TEXT), CASE typeof(body) WHEN 'text' THEN body ELSE quote(body) END"
"""The columns of `Told`; a body that is no text comes as an SQL literal, which is no fact's JSON."""

COLUMNS = f"sequence, CAST(system AS TEXT), {TOLD}"
"""The columns of a `Row`."""

_AT_A_TIME = 500

_SUBSTITUTE = "\x1a"
"""Stands for bytes that are not UTF-8. JSON does not allow this control character, so that no fact is made of them."""

codecs.register_error("tradewatch-substitute", lambda error: (_SUBSTITUTE, _end_of(error)))
_tolerant = partial(str, encoding="utf-8", errors="tradewatch-substitute")


def _end_of(error: UnicodeError) -> int:
    if isinstance(error, UnicodeDecodeError):
        return error.end
    raise error


def rows_of(connection: sqlite3.Connection, question: str, *values: object) -> Iterator[Sequence[Any]]:
    """Yield what a query finds, as `batches_of` does, one by one."""
    return chain.from_iterable(batches_of(connection, question, *values))


def batches_of(connection: sqlite3.Connection, question: str, *values: object) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield what a query finds, many rows at a time, never none.

    Bytes that are not UTF-8 are substituted, so that their row is no known fact. The query's answer may grow, but not
    change, while it is read. Any: each column has a type of its own.
    """
    yielded = 0
    try:
        cursor = connection.execute(question, values)
        while rows := cursor.fetchmany(_AT_A_TIME):
            yield rows
            yielded += len(rows)
    except sqlite3.OperationalError as error:
        if "decode to UTF-8" not in str(error) or connection.text_factory is _tolerant:
            raise
    else:
        return
    connection.text_factory = _tolerant  # only now: it costs time for every text
    rest = islice(connection.execute(question, values), yielded, None)
    while rows := list(islice(rest, _AT_A_TIME)):
        yield rows
