"""The order of what is recent: ranks and medians."""

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence

from tradewatch.indicators.period import checked_period


class SortedWindow:
    """The last ``length`` numbers in their order, the newest included.

    ``rank``: the share of the others in the window that are below the newest, 0 to 1; None for fewer than 2. It is
    above 0.9 exactly when the newest is above the window's 90th percentile (linear interpolation, type 7).

    >>> window = SortedWindow(3)
    >>> for number in (9.0, 1.0, 3.0, 2.0):
    ...     window.update(number)
    >>> window.rank, window.median
    (0.5, 2.0)
    """

    __slots__ = ("_order", "_sorted", "rank")

    def __init__(self, length: int) -> None:
        self._order: deque[float] = deque(maxlen=checked_period(length))
        self._sorted: list[float] = []
        self.rank: float | None = None

    def update(self, observation: float) -> None:
        """Take one finite number."""
        order, ordered = self._order, self._sorted
        if len(ordered) == order.maxlen:
            del ordered[bisect_left(ordered, order[0])]
        order.append(observation)
        below = bisect_left(ordered, observation)
        self.rank = below / len(ordered) if ordered else None
        ordered.insert(below, observation)

    @property
    def median(self) -> float | None:
        """The median of the window; None before the first number."""
        ordered = self._sorted
        if not ordered:
            return None
        middle = len(ordered) // 2
        return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2

    def state(self) -> list[float]:
        """Return what `restore` needs to go on exactly from here: the numbers, the oldest first."""
        return list(self._order)

    def restore(self, state: Sequence[float]) -> None:
        """Go on from the state of a window of the same length."""
        self._order.clear()
        self._sorted.clear()
        self.rank = None
        for number in state:
            self.update(number)
