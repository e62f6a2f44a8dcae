"""The statistic of what is recent, without subtraction."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Generic, Protocol, Self, TypeVar


class Mergeable(Protocol):
    """What a window can be made of."""

    def merge(self, other: Self) -> None:
        """Take all of another's observations as the ones that followed."""


M = TypeVar("M", bound=Mergeable)


class Window(Generic[M]):
    """A statistic over the observations of the last ``length`` (any unit of position: seconds, a count).

    Two stacks of accumulators: the old one holds suffixes merged from its newest observation back, the new one a
    running total. Leaving the window drops an accumulator, and nothing is ever subtracted: an outlier that has left
    leaves no trace. Each observation is merged twice, whatever the length.
    """

    def __init__(self, make: Callable[[], M], length: float) -> None:
        self._make = make
        self._length = length
        self._old: list[tuple[float, M]] = []
        self._new: list[tuple[float, M]] = []
        self._new_total = make()

    def add(self, position: float, accumulator: M) -> None:
        """Add an accumulator of one observation, or more, at a position that is not before the last one's."""
        while (oldest := self._oldest()) is not None and oldest <= position - self._length:
            self._drop()
        self._new.append((position, accumulator))
        self._new_total.merge(accumulator)

    def at(self, position: float) -> M:
        """Return the statistic of what lies in (position - length, position], at or after the last position added."""
        start = position - self._length
        total = self._make()
        inside = bisect_left(self._old, -start, key=lambda entry: -entry[0])  # the old stack's positions fall
        if inside:
            total.merge(self._old[inside - 1][1])
            total.merge(self._new_total)
            return total
        for _, accumulator in self._new[bisect_right(self._new, start, key=lambda entry: entry[0]) :]:
            total.merge(accumulator)
        return total

    def _oldest(self) -> float | None:
        if self._old:
            return self._old[-1][0]
        return self._new[0][0] if self._new else None

    def _drop(self) -> None:
        if not self._old:
            self._turn_over()
        self._old.pop()

    def _turn_over(self) -> None:
        suffix = self._make()
        for position, accumulator in reversed(self._new):
            merged = self._make()
            merged.merge(accumulator)
            merged.merge(suffix)
            suffix = merged
            self._old.append((position, merged))
        self._new.clear()
        self._new_total = self._make()
