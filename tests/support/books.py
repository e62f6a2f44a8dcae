"""Books and ledgers made from a list of facts, and what they read."""

from collections.abc import Iterable
from pathlib import Path

from tradewatch.book import Book, ProfitSource, moment_of, read, wanted
from tradewatch.catalog import Concept, concepts
from tradewatch.facts import Entry
from tradewatch.ledger import SqliteAppender

KEPT = wanted(
    (concept, labels)
    for concept in (concepts.NET_PROFIT, concepts.WIN_RATE, concepts.TRADES_TOLD_BY_OUTCOME)
    for labels in ((), ("asset",), ("strategy",), ("direction",), ("regime",), ("asset", "outcome"))
)


def book_of(*entries: Entry, profit: ProfitSource = ProfitSource.REPORTED) -> Book:
    """Return the book of entries that are in event order."""
    book = Book(KEPT, profit=profit, compares_parts=True)
    for entry in entries:
        book.fold(entry)
    return book


def reading(book: Book, concept: Concept, *values: str, labels: tuple[str, ...] = ()) -> float | None:
    """Return what a book reads of a concept for these label values as of its newest fact; None when undefined."""
    assert book.time is not None
    found = {each.labels: each.value for each in read(moment_of(book, book.time), concept, labels)}
    return found.get(values)


def ledger_of(path: Path, entries: Iterable[Entry], system: str = "bot") -> Path:
    """Append entries to a ledger; every one must be new."""
    told = list(entries)
    appender = SqliteAppender(path)
    result = appender.append(told, system)
    appender.close()
    assert result.new == len(told), result
    return path
