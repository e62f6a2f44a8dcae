"""Append facts and tail them: one global order, idempotent, append-only."""

from tradewatch.ledger.claim import claimed
from tradewatch.ledger.ledger import BEGINNING, Appended, Appender, Durability, Mark, Place, Reader, Row, Told
from tradewatch.ledger.moments import LATEST, from_microseconds, moments_of, to_microseconds
from tradewatch.ledger.place import ledger_path
from tradewatch.ledger.rows import entry_of
from tradewatch.ledger.sqlite import SqliteAppender, SqliteReader

__all__ = [
    "BEGINNING",
    "LATEST",
    "Appended",
    "Appender",
    "Durability",
    "Mark",
    "Place",
    "Reader",
    "Row",
    "SqliteAppender",
    "SqliteReader",
    "Told",
    "claimed",
    "entry_of",
    "from_microseconds",
    "ledger_path",
    "moments_of",
    "to_microseconds",
]
