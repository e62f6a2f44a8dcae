"""A book as it was: what a ledger's facts up to a moment made of it, had every fact arrived on time."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from operator import attrgetter

from tradewatch.book.book import Book
from tradewatch.book.decoding import EPOCH, entries_of, entries_of_rows, facts_of
from tradewatch.book.follow import MakeBook, amendments_of
from tradewatch.book.snapshots import Snapshot, Snapshots
from tradewatch.book.trades import Amendments
from tradewatch.facts import Entry, TradeCorrected, TradeVoided
from tradewatch.ledger import BEGINNING, Place, SqliteReader, Told, to_microseconds

Remembered = Callable[[datetime], Iterable[Snapshot]]
"""Returns what is remembered of a book at or before a moment, the newest first."""


class Past:
    """The book of one system at moments that do not go back: exactly the facts up to each, as they were known then.

    A correction counts from its own time on; then all that its trade had a part in is folded again. ``last``: the
    sequence number of the newest fact that is read, so that every moment is read of the same ledger.
    """

    def __init__(
        self, reader: SqliteReader, system: str, last: int, make_book: MakeBook, remembered: Remembered = lambda _: ()
    ) -> None:
        self._reader = reader
        self._system = system
        self._last = last
        self._make_book = make_book
        self._remembered = remembered
        self._mark = reader.mark(last)
        self._amending = _Amending(reader, system, last)
        self._known = 0  # amendments that the book knows of
        self._book: Book | None = None
        self._told: Iterator[Told] = iter(())
        self._waiting: Sequence[Entry] = ()

    def at(self, moment: datetime) -> Book:
        """Return the book of a moment that is not before the last one; it is the same object while nothing amends."""
        book = self._book
        if book is None:
            book = self._begin(moment)
        elif self._amending.count(moment) > self._known:
            book = self._learn(book, moment)
        self._fold(book, moment)
        return book

    def remember(self, snapshots: Snapshots) -> None:
        """Take a snapshot of the book as it is; none before its first fact."""
        if self._book is not None and self._book.reached is not None:
            snapshots.take(self._book, Place(to_microseconds(self._book.reached), self._last), self._mark)

    def _learn(self, book: Book, moment: datetime) -> Book:
        """Return a book that knows of amendments up to a moment: the same if they are of trades yet to come."""
        reached = -1 if book.reached is None else to_microseconds(book.reached)
        if self._amending.first_told(self._known, moment) <= reached:
            return self._begin(moment)
        self._known = self._amending.count(moment)
        book.learn(self._amending.up_to(moment))
        return book

    def _begin(self, moment: datetime) -> Book:
        self._known = self._amending.count(moment)
        book, place = self._restored(moment)
        self._told = self._reader.told_in_event_order(self._system, self._last, place)
        self._waiting, self._book = (), book
        return book

    def _restored(self, moment: datetime) -> tuple[Book, Place]:
        amended = self._amending.up_to(moment)
        for snapshot in self._remembered(moment):
            since = self._amending.count_at(snapshot.place.time)
            if self._amending.first_told(since, moment) > snapshot.place.time:
                book = self._make_book(amended)
                with suppress(ValueError):
                    snapshot.restore(book)
                    return book, snapshot.place
        return self._make_book(amended), BEGINNING

    def _fold(self, book: Book, moment: datetime) -> None:
        """Fold what is due; what is of a later time waits."""
        while True:
            due = bisect_right(self._waiting, moment, key=attrgetter("time"))
            book.fold_many(self._waiting[:due])
            self._waiting = self._waiting[due:]
            if self._waiting or (told := next(self._told, None)) is None:
                return
            self._waiting = entries_of(told, facts_of(told), book.reached or EPOCH)


class _Amending:
    """The corrections and voidings of a ledger by their own time, and when each one's trade was first told."""

    def __init__(self, reader: SqliteReader, system: str, last: int) -> None:
        self._reader = reader
        self._system = system
        self._told = entries_of_rows(reader.amendments(system, last))  # in the ledger's order, which settles a draw
        self._entries = sorted(self._told, key=attrgetter("time"))
        self._times = [to_microseconds(entry.time) for entry in self._entries]
        self._first: dict[int, int] = {}

    def count(self, moment: datetime) -> int:
        """Return how many there are up to a moment."""
        return self.count_at(to_microseconds(moment))

    def count_at(self, microseconds: int) -> int:
        """Return the same of a moment in microseconds."""
        return bisect_right(self._times, microseconds)

    def up_to(self, moment: datetime) -> Amendments:
        """Return how trades really were, as known at a moment."""
        return amendments_of(entry for entry in self._told if entry.time <= moment)

    def first_told(self, since: int, moment: datetime) -> int:
        """Return when the first of the trades was told that were amended up to a moment, after so many amendments."""
        return min((self._first_of(each) for each in range(since, self.count(moment))), default=_NEVER)

    def _first_of(self, number: int) -> int:
        if number not in self._first:
            fact = self._entries[number].fact
            told = self._times_told(fact.trade_id) if isinstance(fact, TradeCorrected | TradeVoided) else []
            self._first[number] = min(told, default=_NEVER)
        return self._first[number]

    def _times_told(self, trade_id: str) -> Sequence[int]:
        ids = (f"{trade_id}/opened", f"{trade_id}/closed")
        return [row.time for each in ids for row in self._reader.with_ids(self._system, each, f"{each}\0")]


_NEVER = 2**63
"""After every fact."""
