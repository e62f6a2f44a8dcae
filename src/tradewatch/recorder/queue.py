"""What waits to be written: bounded, and what gives way first when it is full."""

import itertools
import math
from collections import deque
from collections.abc import Callable
from datetime import datetime

from tradewatch.facts import Entry, EquityMarked, Fact, Heartbeat
from tradewatch.recorder.losses import Losses

EXPENDABLE: tuple[type[Fact], ...] = (EquityMarked, Heartbeat)
"""Facts that the next one of their kind makes good: they are dropped first."""


Waiting = tuple[int, datetime, str, Fact]
"""A ticket, which grows with each, and the parts of an entry; a plain tuple is the quickest to make."""


class Queue:
    """Facts by many threads for one writer, without a lock: no thread and no signal handler waits for another one.

    That rests on single operations of `deque` and `itertools.count` being atomic. A fact waits until it is taken; then
    it is being written, until that is done or it is put back. ``capacity`` holds for both together. When it is reached,
    the oldest expendable fact that waits gives way; a lasting one is dropped, the newest first, only when lasting facts
    alone are too many. What is being written never gives way: expendable facts among it may exceed the capacity.
    """

    def __init__(self, capacity: int, losses: Losses) -> None:
        self._capacity = capacity
        self._losses = losses
        self._reason = "queue_full"
        self._expendable: deque[Waiting] = deque()
        self._lasting: deque[Waiting] = deque()
        self._taken: list[Waiting] = []
        self._lasting_taken = 0
        self._tickets = itertools.count(1)

    def put(self, time: datetime, fact_id: str, fact: Fact) -> None:
        """Add a fact, and drop one where there are too many."""
        lane = self._expendable if isinstance(fact, EXPENDABLE) else self._lasting
        lane.append((next(self._tickets), time, fact_id, fact))
        if len(self._lasting) + len(self._expendable) + len(self._taken) > self._capacity:
            self._make_room()

    def mark(self) -> int:
        """Return a ticket above those of all facts that were put before."""
        return next(self._tickets)

    def take(self, limit: int, before: float = math.inf) -> list[Entry]:
        """Return the oldest facts with tickets below ``before``, in the order they came: they are being written now."""
        taken: list[Waiting] = []
        self._taken = taken
        while len(taken) < limit:
            lasting, expendable = _first_ticket(self._lasting), _first_ticket(self._expendable)
            if min(lasting, expendable) >= before:
                break
            if first := _popped((self._lasting if lasting < expendable else self._expendable).popleft):
                taken.append(first)
        taken.sort()
        self._lasting_taken = sum(_is_lasting(each) for each in taken)
        return [Entry(time, fact_id, fact) for _, time, fact_id, fact in taken]

    def done(self) -> None:
        """Forget what was taken: it is written."""
        self._taken, self._lasting_taken = [], 0

    def put_back(self) -> None:
        """Let what was taken wait again, in front of all that came since."""
        newest_first = self._taken[::-1]
        # In this order another thread sees too many expendable facts or too few lasting ones meanwhile, so that it
        # never drops a lasting one by mistake.
        self._expendable.extendleft([each for each in newest_first if not _is_lasting(each)])
        self.done()
        self._lasting.extendleft([each for each in newest_first if _is_lasting(each)])
        self._make_room()

    def close(self, reason: str) -> None:
        """Drop, for a reason, what is not known to be written; what comes later is dropped as ``closed``."""
        self._reason = reason
        self._capacity = 0
        self.put_back()
        self._reason = "closed"

    def __len__(self) -> int:
        return len(self._lasting) + len(self._expendable) + len(self._taken)

    def _make_room(self) -> None:
        while len(self) > self._capacity and (gone := _popped(self._expendable.popleft)):
            self._losses.drop(gone[-1], self._reason)
        while len(self._lasting) + self._lasting_taken > self._capacity and (gone := _popped(self._lasting.pop)):
            self._losses.drop(gone[-1], self._reason)


def _is_lasting(waiting: Waiting) -> bool:
    return not isinstance(waiting[-1], EXPENDABLE)


def _first_ticket(lane: deque[Waiting]) -> float:
    try:
        return lane[0][0]
    except IndexError:
        return math.inf


def _popped(pop: Callable[[], Waiting]) -> Waiting | None:
    try:
        return pop()
    except IndexError:  # another thread was faster
        return None
