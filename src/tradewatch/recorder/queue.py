"""What waits to be written: bounded, and what gives way first when it is full."""

import threading
from collections import Counter, deque
from typing import NamedTuple

from tradewatch.facts import KIND_OF, Entry, EquityMarked, Fact, Heartbeat

EXPENDABLE: tuple[type[Fact], ...] = (EquityMarked, Heartbeat)
"""Facts that the next one of their kind makes good: they are dropped first."""


class Waiting(NamedTuple):
    """An entry and its ticket: a number that grows by 1 with each."""

    ticket: int
    entry: Entry


class Batch(NamedTuple):
    """What was taken, in the order it came, and the newest ticket at that time."""

    waiting: list[Waiting]
    last: int


class Queue:
    """Entries by many threads for one writer. Nothing here waits for more than a few instructions of another thread.

    When it is full, a new entry takes the place of the oldest expendable one; where there is none, the new one is
    dropped. ``dropped`` counts them by kind.
    """

    def __init__(self, capacity: int) -> None:
        self.dropped: Counter[str] = Counter()
        self._capacity = capacity
        self._expendable: deque[Waiting] = deque()
        self._lasting: deque[Waiting] = deque()
        self._ticket = 0
        # Reentrant: a signal handler may record while its own thread is in here.
        self._lock = threading.RLock()

    def put(self, entry: Entry) -> None:
        """Add an entry."""
        with self._lock:
            self._ticket += 1
            self._lane(entry.fact).append(Waiting(self._ticket, entry))
            self._drop_what_is_too_much()

    def take(self) -> Batch:
        """Remove and return everything that waits."""
        with self._lock:
            lasting, self._lasting = self._lasting, deque()
            expendable, self._expendable = self._expendable, deque()
            last = self._ticket
        return Batch(sorted((*lasting, *expendable)), last)

    def put_back(self, batch: Batch) -> None:
        """Return what could not be written to its place before all that came since."""
        with self._lock:
            for waiting in reversed(batch.waiting):
                self._lane(waiting.entry.fact).appendleft(waiting)
            self._drop_what_is_too_much()

    @property
    def last(self) -> int:
        """The newest ticket."""
        return self._ticket

    def _lane(self, fact: Fact) -> deque[Waiting]:
        return self._expendable if isinstance(fact, EXPENDABLE) else self._lasting

    def _drop_what_is_too_much(self) -> None:
        while len(self._expendable) + len(self._lasting) > self._capacity:
            gone = self._expendable.popleft() if self._expendable else self._lasting.pop()
            self.dropped[KIND_OF[type(gone.entry.fact)]] += 1
