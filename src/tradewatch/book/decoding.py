"""Rows of a ledger back into facts; one that holds no known fact stands as `Undecodable`."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from tradewatch.book.book import Undecodable
from tradewatch.facts import KIND_OF, Entry, Fact
from tradewatch.facts.validity import decode
from tradewatch.ledger import LATEST, Row, Told, from_microseconds, moments_of

EPOCH = from_microseconds(0)


def facts_of(told: Told) -> list[Fact] | None:
    """Return the facts of rows, None where one of them holds no known fact or has no time that a fact can have."""
    if set(map(type, told.times)) != {int} or min(told.times) < 0 or max(told.times) >= LATEST:
        return None
    try:
        return list(map(decode, told.bodies))
    except (msgspec.DecodeError, TypeError):  # the last: a body that is no text
        return None


def entries_of(told: Told, facts: Iterable[Fact] | None, reached: datetime) -> list[Entry]:
    """Return the entries of rows, with the ``facts`` that are known of them, if all are."""
    if facts is None:
        return list(_one_by_one(zip(*told, strict=True), reached))
    return list(map(Entry, moments_of(told.times), told.ids, facts))


def entries_of_rows(rows: Iterable[Row]) -> list[Entry]:
    """Return the entries of a few rows."""
    return list(_one_by_one(((row.time, row.kind, row.id, row.body) for row in rows), EPOCH))


def _one_by_one(rows: Iterable[tuple[int, str, str, str]], reached: datetime) -> Iterator[Entry]:
    """Yield the entry of each time, kind, id and body; one without a time comes with the last."""
    time = reached
    for microseconds, kind, fact_id, body in rows:
        try:
            if 0 <= microseconds < LATEST:
                time = from_microseconds(microseconds)
                yield Entry(time, fact_id, decode(body))
                continue
        except (msgspec.DecodeError, TypeError):  # the last: a time that is none
            pass
        yield Entry(time, fact_id, Undecodable(row_kind=kind if kind in _KINDS else "unknown"))


_KINDS = frozenset(KIND_OF.values())
