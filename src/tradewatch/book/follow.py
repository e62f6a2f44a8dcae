"""A book that follows a ledger: what is new is folded, what comes late or amended makes it fold again."""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from operator import attrgetter, itemgetter
from pathlib import Path

import msgspec

from tradewatch.book.book import Book
from tradewatch.book.trades import Amendments
from tradewatch.errors import ConfigurationError, SourceError
from tradewatch.facts import Entry, TradeClosed, TradeCorrected, TradeVoided
from tradewatch.ledger import Mark, Row, SqliteReader, entry_of

MakeBook = Callable[[Amendments], Book]


class Follower:
    """The book of one system of a ledger, kept up to date by `catch_up`. Use it from one thread at a time.

    ``system``: which one; None takes the only one there is. ``refolds`` counts folds from the beginning that late or
    amending facts made necessary.
    """

    def __init__(self, path: Path, system: str | None, make_book: MakeBook) -> None:
        self.book = make_book({})
        self.system = system
        self.refolds = 0
        self._path = path
        self._make_book = make_book
        self._reader: SqliteReader | None = None
        self._mark: Mark | None = None  # what the ledger holds at the cursor; another one in its place is folded anew
        self._cursor = 0
        self._waiting: list[Entry] = []

    def catch_up(self, until: datetime | None = None) -> None:
        """Fold every committed fact up to a moment; raises `SourceError` and keeps the book when the ledger fails."""
        try:
            reader = self._current_reader()
            if self._choose_system(reader):
                self._advance(reader, self.system or "", until)
        except SourceError:
            self.close()
            raise

    def close(self) -> None:
        """Release the ledger; the next `catch_up` opens it again."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _current_reader(self) -> SqliteReader:
        if self._reader is not None and not self._reader.is_current:
            self.close()
        if self._reader is None:
            self._reader = SqliteReader(self._path)
        return self._reader

    def _choose_system(self, reader: SqliteReader) -> bool:
        if self.system is None:
            self.system = only_system(reader, self._path)
        return self.system is not None

    def _advance(self, reader: SqliteReader, system: str, until: datetime | None) -> None:
        last = reader.last_sequence()
        if self._mark is None or reader.mark(self._cursor) != self._mark:
            self._fold_all(reader, system, last, until)
        elif last > self._cursor:
            self._fold_new(reader, system, until)
        else:
            self._fold_waiting(until)
        self._mark = reader.mark(self._cursor)

    def _fold_new(self, reader: SqliteReader, system: str, until: datetime | None) -> None:
        cursor = self._cursor
        while rows := reader.tail(system, cursor):
            cursor = rows[-1].sequence
            entries = list(_decoded(rows, self.book))
            if self._must_fold_again(entries):
                self.refolds += 1
                self._fold_all(reader, system, reader.last_sequence(), until)
                return
            self._waiting += entries
            self._cursor = cursor
        self._fold_waiting(until)

    def _must_fold_again(self, entries: Iterable[Entry]) -> bool:
        time = self.book.time
        return any(
            isinstance(entry.fact, TradeCorrected | TradeVoided) or (time is not None and entry.time < time)
            for entry in entries
        )

    def _fold_all(self, reader: SqliteReader, system: str, last: int, until: datetime | None) -> None:
        book = self._make_book(amendments(reader.amendments(system, last)))
        waiting = []
        for entry in _decoded(reader.in_event_order(system, last), book):
            if until is None or entry.time <= until:
                book.fold(entry)
            else:
                waiting.append(entry)
        self.book, self._waiting, self._cursor = book, waiting, last

    def _fold_waiting(self, until: datetime | None) -> None:
        self._waiting.sort(key=attrgetter("time"))  # stable: the global order stays within one instant
        due = len(self._waiting) if until is None else bisect_right(self._waiting, until, key=attrgetter("time"))
        for entry in self._waiting[:due]:
            self.book.fold(entry)
        del self._waiting[:due]


def only_system(reader: SqliteReader, path: Path) -> str | None:
    """Return the only system of a ledger, None without facts; raises `ConfigurationError` when there are several."""
    systems = reader.systems()
    if len(systems) > 1:
        message = f"the ledger {path} holds the systems {', '.join(systems)}: choose one with --system"
        raise ConfigurationError(message)
    return systems[0] if systems else None


def amendments(rows: Iterable[Row]) -> Amendments:
    """Return how amended trades really were: the highest revision of each, None for a voided one."""
    revisions: dict[str, tuple[float, TradeClosed | None]] = {}
    for entry in _decoded(rows, Book()):
        match entry.fact:
            case TradeCorrected() as fact:
                known = revisions.get(fact.trade_id, (0, None))
                revisions[fact.trade_id] = max(known, (fact.revision, fact.replacement), key=itemgetter(0))
            case TradeVoided() as fact:
                revisions[fact.trade_id] = (math.inf, None)
    return {trade_id: amended for trade_id, (_, amended) in revisions.items()}


def _decoded(rows: Iterable[Row], book: Book) -> Iterator[Entry]:
    """Yield the rows' entries; a row that is no known fact is counted in the book and passed over."""
    for row in rows:
        try:
            yield entry_of(row)
        except (msgspec.DecodeError, OverflowError, TypeError):  # the last two: a time that is none
            book.intake.refused[row.kind, "undecodable"] += 1
