"""Append facts and tail them: one global order, idempotent, append-only."""

from tradewatch.ledger.ledger import Appended, Appender, Durability, Mark, Reader, Row
from tradewatch.ledger.moments import from_microseconds, to_microseconds
from tradewatch.ledger.place import ledger_path
from tradewatch.ledger.rows import entry_of
from tradewatch.ledger.sqlite import SqliteAppender, SqliteReader

__all__ = [
    "Appended",
    "Appender",
    "Durability",
    "Mark",
    "Reader",
    "Row",
    "SqliteAppender",
    "SqliteReader",
    "entry_of",
    "from_microseconds",
    "ledger_path",
    "to_microseconds",
]
