"""Rows of a ledger back into entries."""

from tradewatch.facts import Entry
from tradewatch.facts.validity import decode
from tradewatch.ledger.ledger import Row
from tradewatch.ledger.moments import from_microseconds


def entry_of(row: Row) -> Entry:
    """Return the entry a row holds; raises `msgspec.DecodeError` when its body is not a known fact."""
    return Entry(from_microseconds(row.time), row.id, decode(row.body))
