"""The largest fall in money."""

from collections.abc import Sequence
from itertools import accumulate
from operator import sub


class LargestFall:
    """The largest fall of observations (equity less net flows, in currency) from their own running peak; 0 at least.

    >>> fall = LargestFall()
    >>> for equity in (100.0, 120.0, 90.0, 130.0):
    ...     fall.update(equity)
    >>> fall.value
    30.0
    """

    __slots__ = ("_lowest", "_peak", "value")

    def __init__(self) -> None:
        self.value: float | None = None
        self._peak = 0.0
        self._lowest = 0.0

    def update(self, observation: float) -> None:
        """Take equity less net flows."""
        if self.value is None:
            self._peak, self._lowest, self.value = observation, observation, 0.0
            return
        self._peak = max(self._peak, observation)
        self._lowest = min(self._lowest, observation)
        self.value = max(self.value, self._peak - observation)

    def extend(self, observations: Sequence[float]) -> None:
        """Take many observations, in order."""
        if not observations:
            return
        self.update(observations[0])
        peaks = list(accumulate(observations, max, initial=self._peak))
        self._peak = peaks[-1]
        largest, lowest = max(map(sub, peaks[1:], observations)), min(observations)
        self.value = max(self.value or 0.0, largest)
        self._lowest = min(self._lowest, lowest)

    def merge(self, other: "LargestFall") -> None:
        """Take another's observations as the ones that followed."""
        if other.value is None:
            return
        if self.value is None:
            self._peak, self._lowest, self.value = other._peak, other._lowest, other.value
            return
        self.value = max(self.value, other.value, self._peak - other._lowest)
        self._peak = max(self._peak, other._peak)
        self._lowest = min(self._lowest, other._lowest)
