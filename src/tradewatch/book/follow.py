"""A book that follows a ledger: what is new is folded, what comes late or amended makes it fold again."""

import math
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from operator import attrgetter, itemgetter
from pathlib import Path

from tradewatch.book.book import Book, Undecodable
from tradewatch.book.decoding import EPOCH, entries_of, entries_of_rows, facts_of
from tradewatch.book.snapshots import Snapshot, Snapshots
from tradewatch.book.trades import Amendments
from tradewatch.errors import ConfigurationError, SourceError
from tradewatch.facts import Entry, TradeClosed, TradeCorrected, TradeVoided
from tradewatch.ledger import BEGINNING, Mark, Place, Row, SqliteReader, Told, from_microseconds, to_microseconds

MakeBook = Callable[[Amendments], Book]

Remembered = Callable[[str, str], Snapshots | None]
"""Returns what an earlier follower remembered of a ledger, by its identity, and a system; None when there is none."""


class Follower:
    """The book of one system of a ledger, kept up to date by `catch_up`. Use it from one thread at a time.

    ``system``: which one; None takes the only one there is. ``snapshots``: what is remembered of the book's past, from
    which it folds again; ``remembered`` brings those of an earlier follower. ``identity``: the ledger's, once known.
    ``is_complete``: whether the ledger's whole past is in the book; one that is being folded is not shown before.
    ``refolds`` counts folds that late or amending facts made necessary, ``late`` the late facts.
    """

    def __init__(
        self, path: Path, system: str | None, make_book: MakeBook, remembered: Remembered = lambda *_: None
    ) -> None:
        self.book = make_book({})
        self.system = system
        self._asked_for = system
        self.identity: str | None = None
        self.is_complete = False
        self.refolds = 0
        self.late = 0
        self.snapshots = Snapshots()
        self._remembered = remembered
        self._path = path
        self._make_book = make_book
        self._reader: SqliteReader | None = None
        self._mark: Mark | None = None  # what the ledger holds at the cursor; another one in its place is folded anew
        self._cursor = 0
        self._waiting: list[Entry] = []
        self._fold: _Fold | None = None

    def catch_up(self, until: datetime | None = None, seconds: float = math.inf) -> bool:
        """Fold every committed fact up to a moment, for about so many seconds; return whether that was all.

        Raises `SourceError` and keeps the book when the ledger fails.
        """
        deadline = time.monotonic() + seconds
        try:
            reader = self._current_reader()
            return not self._choose_system(reader) or self._advance(reader, self.system or "", until, deadline)
        except SourceError:
            self.close()
            raise

    def remember(self) -> None:
        """Take a snapshot of the book as it is now."""
        reached = self.book.reached
        if self._mark is not None and reached is not None and self._fold is None:
            self.snapshots.take(self.book, Place(to_microseconds(reached), self._cursor), self._mark)

    def close(self) -> None:
        """Release the ledger; the next `catch_up` opens it again."""
        self._fold = None
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
        identity = reader.identity()
        if identity != self.identity:
            self.identity, self.system = identity, self._asked_for
            self.book, self.is_complete, self._mark, self._fold = self._make_book({}), False, None, None
        if self.system is None:
            self.system = only_system(reader, self._path)
        self.is_complete = self.is_complete or self.system is None
        return self.system is not None

    def _advance(self, reader: SqliteReader, system: str, until: datetime | None, deadline: float) -> bool:
        if self._fold is None and not self._is_same_past(reader):
            self._begin_fold(reader, system)
        if self._fold is not None and not self._go_on_folding(self._fold, until, deadline):
            return False
        return self._fold_new(reader, system, until, deadline)

    def _is_same_past(self, reader: SqliteReader) -> bool:
        return self._mark is not None and reader.mark(self._cursor) == self._mark

    def _begin_fold(self, reader: SqliteReader, system: str) -> None:
        if self._mark is None:
            self.snapshots = self._remembered(self.identity or "", system) or Snapshots()
        last = reader.last_sequence()
        book, place = self._restored(reader, system, amendments(reader.amendments(system, last)))
        told = reader.told_in_event_order(system, last, place)
        self._fold = _Fold(book, told, Place(0, last), reader.mark(last))

    def _restored(self, reader: SqliteReader, system: str, amended: Amendments) -> tuple[Book, Place]:
        """Return the book of the newest snapshot that is still true, a new one without, and where it goes on."""
        for snapshot in list(self.snapshots):
            if is_true(snapshot, reader, system):
                book = self._make_book(amended)
                with suppress(ValueError):
                    snapshot.restore(book)
                    return book, snapshot.place
            self.snapshots.forget(snapshot)
        return self._make_book(amended), BEGINNING

    def _go_on_folding(self, fold: "_Fold", until: datetime | None, deadline: float) -> bool:
        if not fold.go_on(until, self.snapshots, deadline):
            return False
        self.book, self._waiting, self._cursor, self._mark = fold.book, fold.waiting, fold.last.sequence, fold.mark
        self._fold, self.is_complete = None, True
        return True

    def _fold_new(self, reader: SqliteReader, system: str, until: datetime | None, deadline: float) -> bool:
        while (last := reader.last_sequence()) > self._cursor:
            rows = reader.tail(system, self._cursor)
            if not rows:  # what is new is of other systems
                self._cursor, self._mark = last, reader.mark(last)
                break
            entries = entries_of_rows(rows)
            if self._must_fold_again(entries):
                self.refolds += 1
                self._begin_fold(reader, system)
                return self._advance(reader, system, until, deadline)
            self._waiting += entries
            self._cursor = rows[-1].sequence
            self._mark = reader.mark(self._cursor)
            self._fold_waiting(until)
            if self.snapshots.is_due(self.book):
                self.remember()
            if time.monotonic() >= deadline:
                return False
        self._fold_waiting(until)
        return True

    def _must_fold_again(self, entries: Iterable[Entry]) -> bool:
        newest = self.book.time
        known = [entry for entry in entries if not isinstance(entry.fact, Undecodable)]
        late = sum(newest is not None and entry.time < newest for entry in known)
        self.late += late
        return late > 0 or any(isinstance(entry.fact, TradeCorrected | TradeVoided) for entry in entries)

    def _fold_waiting(self, until: datetime | None) -> None:
        self._waiting.sort(key=attrgetter("time"))  # stable: the global order stays within one instant
        due = len(self._waiting) if until is None else bisect_right(self._waiting, until, key=attrgetter("time"))
        self.book.fold_many(self._waiting[:due])
        del self._waiting[:due]


class _Fold:
    """A book that is being folded from a ledger's past, a part at a time."""

    def __init__(self, book: Book, told: Iterator[Told], last: Place, mark: Mark) -> None:
        self.book = book
        self.last = last
        self.mark = mark
        self.waiting: list[Entry] = []
        self._told = told
        self._next = next(told, None)

    def go_on(self, until: datetime | None, snapshots: Snapshots, deadline: float) -> bool:
        """Fold on until the end or a moment of the monotonic clock; return whether it is the end."""
        while self._next is not None:
            self._fold(self._next, until, snapshots)
            self._next = next(self._told, None)
            if self._next is not None and time.monotonic() >= deadline:
                return False
        return True

    def _fold(self, told: Told, until: datetime | None, snapshots: Snapshots) -> None:
        facts = facts_of(told)
        is_due = facts is not None and (until is None or told.times[-1] <= to_microseconds(until))
        if facts is not None and is_due:
            self._remember(from_microseconds(told.times[0]), snapshots)
            if self.book.close_many([microseconds / 1e6 for microseconds in told.times], facts):
                return
        entries = entries_of(told, facts, self._reached)
        self._remember(entries[0].time, snapshots)
        due = len(entries) if until is None else bisect_right(entries, until, key=attrgetter("time"))
        self.book.fold_many(entries[:due])
        self.waiting += entries[due:]

    @property
    def _reached(self) -> datetime:
        return self.waiting[-1].time if self.waiting else self.book.reached or EPOCH

    def _remember(self, coming: datetime, snapshots: Snapshots) -> None:
        """Take a snapshot before the next entry, if one is due and no instant is cut in two."""
        folded = self.book.reached
        if folded is not None and folded < coming and snapshots.is_due(self.book):
            snapshots.take(self.book, Place(to_microseconds(folded), self.last.sequence), self.mark)


def is_true(snapshot: Snapshot, reader: SqliteReader, system: str) -> bool:
    """Whether the ledger still holds what a snapshot was made of, and nothing since that is older."""
    is_same_past = reader.mark(snapshot.place.sequence) == snapshot.mark
    return is_same_past and reader.is_undisturbed(system, snapshot.place)


def only_system(reader: SqliteReader, path: Path) -> str | None:
    """Return the only system of a ledger, None without facts; raises `ConfigurationError` when there are several."""
    systems = reader.systems()
    if len(systems) > 1:
        message = f"the ledger {path} holds the systems {', '.join(systems)}: choose one with --system"
        raise ConfigurationError(message)
    return systems[0] if systems else None


def amendments(rows: Iterable[Row]) -> Amendments:
    """Return how amended trades really were, by the rows that amend them."""
    return amendments_of(entries_of_rows(rows))


def amendments_of(entries: Iterable[Entry]) -> Amendments:
    """Return how amended trades really were: the highest revision of each, None for a voided one."""
    revisions: dict[str, tuple[float, TradeClosed | None]] = {}
    for entry in entries:
        match entry.fact:
            case TradeCorrected() as fact:
                known = revisions.get(fact.trade_id, (0, None))
                revisions[fact.trade_id] = max(known, (fact.revision, fact.replacement), key=itemgetter(0))
            case TradeVoided() as fact:
                revisions[fact.trade_id] = (math.inf, None)
    return {trade_id: amended for trade_id, (_, amended) in revisions.items()}
