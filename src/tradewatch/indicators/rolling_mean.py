"""The mean of a window of numbers that are not negative, such as volumes."""

from collections.abc import Mapping
from typing import Any

from tradewatch.indicators.period import checked_period

# Any in this file: a state is what `state` of the same version returned, read from a checkpoint.


class RollingMean:
    """The mean of the last ``length`` numbers, or of all while there are fewer; None before the first.

    Two stacks of sums: what has left the window leaves no trace, and each number is added twice, whatever the length.

    >>> mean = RollingMean(2)
    >>> for number in (1e30, 3.0, 5.0):
    ...     mean.update(number)
    >>> mean.value
    4.0
    """

    __slots__ = ("_length", "_new", "_new_sum", "_old", "_suffixes")

    def __init__(self, length: int) -> None:
        self._length = checked_period(length)
        self._old: list[float] = []  # the numbers whose suffix sums are kept, the newest first
        self._suffixes: list[float] = []
        self._new: list[float] = []
        self._new_sum = 0.0

    def update(self, observation: float) -> None:
        """Take one number that is not negative; sums of the window must be finite."""
        if self._suffixes:
            self._suffixes.pop()
        self._new.append(observation)
        self._new_sum += observation
        if len(self._new) == self._length:
            self._turn_over(self._new)
            self._new, self._new_sum = [], 0.0

    def _turn_over(self, numbers: list[float]) -> None:
        self._old = numbers[::-1]
        total = 0.0
        self._suffixes = [total := total + number for number in self._old]

    @property
    def value(self) -> float | None:
        """The mean of the numbers in the window; None before the first."""
        count = len(self._suffixes) + len(self._new)
        return ((self._suffixes[-1] if self._suffixes else 0.0) + self._new_sum) / count if count else None

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here: the numbers of the window, the oldest first."""
        return {"old": self._old[len(self._suffixes) - 1 :: -1] if self._suffixes else [], "new": self._new[:]}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the state of a mean of the same length."""
        self._turn_over(list(state["old"]))
        self._new = list(state["new"])
        self._new_sum = 0.0
        for number in self._new:
            self._new_sum += number
