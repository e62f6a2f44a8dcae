"""Wilder's way to average: each new number counts one part in n, and the past fades."""

from collections.abc import Sequence
from math import fsum
from typing import Any

from tradewatch.indicators.period import checked_period


class WilderAverage:
    """The mean of the first n numbers, then for each new x: average + (x - average) / n; None before the n-th.

    An exponential average with weight 1/n, not 2/(n + 1) (Wilder 1978). A Wilder sum S - S/n + x is n times this. A
    number's influence fades by (n - 1)/n per update, and so does its rounding error.

    >>> average = WilderAverage(2)
    >>> average.update(1.0)
    >>> average.value is None
    True
    >>> for number in (3.0, 6.0):
    ...     average.update(number)
    >>> average.value
    4.0
    """

    __slots__ = ("_first", "_period", "value")

    def __init__(self, period: int) -> None:
        self._period = checked_period(period)
        self._first: list[float] = []
        self.value: float | None = None

    def update(self, observation: float) -> None:
        """Take one finite number."""
        value = self.value
        if value is not None:
            self.value = value + (observation - value) / self._period
            return
        self._first.append(observation)
        if len(self._first) == self._period:
            self.value = fsum(self._first) / self._period
            self._first.clear()

    def state(self) -> list[Any]:
        """Return what `restore` needs to go on exactly from here. Any: JSON's values."""
        return [self.value, list(self._first)]

    def restore(self, state: Sequence[Any]) -> None:
        """Go on from the state of an average with the same period. Any: JSON's values."""
        self.value, self._first = state[0], list(state[1])
