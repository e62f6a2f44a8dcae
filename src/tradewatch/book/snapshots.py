"""What a book remembered at several moments, so that little has to be folded again."""

import io
import pickle
import sys
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any, NamedTuple

import msgspec

from tradewatch.book.book import Book, BookState
from tradewatch.facts import Heartbeat
from tradewatch.ledger import Mark, Place

FEWEST_APART = 20_000
"""Facts between two snapshots at least: making one costs as much as folding a few hundred."""


class Snapshot(NamedTuple):
    """A book as it was: every fact up to ``place`` in event order was folded, and none after it.

    ``mark``: what the ledger held at the place's sequence number. ``folded``: how many facts. ``content``: the book.
    """

    place: Place
    mark: Mark
    folded: int
    content: bytes

    def restore(self, book: Book) -> None:
        """Make a new book remember; raises `ValueError` on bytes that are none of ours."""
        try:
            state = _Careful(io.BytesIO(self.content)).load()
            book.restore(state)
        except Exception as error:  # whatever bytes may bring about
            message = f"not a snapshot of this book ({type(error).__name__}: {error})"
            raise ValueError(message) from error


class Snapshots:
    """The snapshots of one book, newest first when iterated; the older, the farther apart."""

    def __init__(self, fewest_apart: int = FEWEST_APART) -> None:
        self._kept: list[Snapshot] = []
        self._fewest_apart = fewest_apart

    def __iter__(self) -> Iterator[Snapshot]:
        """Yield them, the newest first."""
        return reversed(self._kept)

    def is_due(self, book: Book) -> bool:
        """Whether so much was folded since the newest one that it is worth another."""
        return book.intake.total >= (self._kept[-1].folded if self._kept else 0) + self._fewest_apart

    def take(self, book: Book, place: Place, mark: Mark) -> None:
        """Remember a book as it is; what was remembered of the same or a later place is forgotten."""
        content = pickle.dumps(book.state, pickle.HIGHEST_PROTOCOL)
        kept = [each for each in self._kept if each.place < place and each.folded < book.intake.total]
        self._kept = _thinned([*kept, Snapshot(place, mark, book.intake.total, content)])

    def forget(self, snapshot: Snapshot) -> None:
        """Remove one that is of no use."""
        self._kept.remove(snapshot)

    def encoded(self) -> bytes:
        """Return all of them as bytes."""
        return msgspec.msgpack.encode(self._kept)

    @classmethod
    def decoded(cls, data: bytes) -> "Snapshots":
        """Return what was encoded; raises `ValueError` on anything else."""
        snapshots = cls()
        try:
            snapshots._kept = msgspec.msgpack.decode(data, type=list[Snapshot])
        except msgspec.DecodeError as error:
            raise ValueError(str(error)) from error
        return snapshots


def _thinned(snapshots: Sequence[Snapshot]) -> list[Snapshot]:
    """Return the newest one and, going back, those at least twice as far from it as the one before."""
    newest = snapshots[-1]
    kept, distance = [newest], 0
    for snapshot in reversed(snapshots[:-1]):
        apart = newest.folded - snapshot.folded
        if apart >= 2 * distance:
            kept.append(snapshot)
            distance = apart
    return kept[::-1]


_MAKES_A_FACT: Any = Heartbeat(interval=1.0).__reduce__()[0]
"""msgspec's function that makes a fact of its class and fields. Any: it has no public name."""

_PLAIN: Mapping[tuple[str, str], object] = {
    (made.__module__, made.__qualname__): made
    for made in (Counter, deque, date, datetime, timedelta, timezone, set, _MAKES_A_FACT)
}


class _Careful(pickle.Unpickler):
    """Makes nothing but what books are made of, whatever the bytes say."""

    def find_class(self, module: str, name: str) -> object:
        found: object = _PLAIN.get((module, name))
        if found is not None:
            return found
        if module.startswith(_OURS) and module in sys.modules:  # nothing is imported, and no name is looked up in parts
            found = vars(sys.modules[module]).get(name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        message = f"{module}.{name} is no part of a book"
        raise pickle.UnpicklingError(message)

    def load(self) -> BookState:
        state = super().load()
        if not isinstance(state, BookState):
            message = f"a {type(state).__name__} is no book"
            raise pickle.UnpicklingError(message)
        return state


_OURS = ("tradewatch.book.", "tradewatch.catalog.", "tradewatch.facts.", "tradewatch.stats.")
