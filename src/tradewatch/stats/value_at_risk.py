"""What a bad period costs."""

from collections import deque
from math import fsum

FEWEST_RETURNS = 20
"""Below this many returns, a 5 % quantile is a guess: it is absent."""


_ROUNDING = 1e-12
"""Returns this close are the same one: a day without gain or loss may come out as a unit in the last place."""


class ValueAtRisk:
    """The loss that a period exceeds in a share of cases, from the trailing ``window`` periodic returns themselves.

    ``value`` = max(0, -quantile(r, level)), a ratio, with linear interpolation (type 7 of Hyndman and Fan 1996,
    "Sample Quantiles in Statistical Packages"). None for fewer than 20 returns.

    >>> risk = ValueAtRisk(window=365)
    >>> for percent in range(-10, 11):
    ...     risk.update(percent / 100)
    >>> risk.value, round(risk.expected_shortfall, 12)
    (0.09, 0.095)
    """

    __slots__ = ("_level", "_returns")

    def __init__(self, window: int, level: float = 0.05) -> None:
        self._returns: deque[float] = deque(maxlen=window)
        self._level = level

    def update(self, observation: float) -> None:
        """Take one period's return, a ratio; the oldest one leaves a full window."""
        self._returns.append(observation)

    def merge(self, other: "ValueAtRisk") -> None:
        """Take another's returns as the ones that followed."""
        self._returns.extend(other._returns)

    @property
    def value(self) -> float | None:
        """The loss at the quantile, 0 or more."""
        quantile = self._quantile()
        return None if quantile is None else max(0.0, -quantile)

    @property
    def expected_shortfall(self) -> float | None:
        """max(0, -mean of the returns at or below the quantile): also called conditional value at risk.

        What differs from the quantile by rounding alone is at it.
        """
        quantile = self._quantile()
        if quantile is None:
            return None
        tail = [each for each in self._returns if each <= quantile + _ROUNDING]
        return max(0.0, -fsum(tail) / len(tail))

    def _quantile(self) -> float | None:
        if len(self._returns) < FEWEST_RETURNS:
            return None
        ordered = sorted(self._returns)
        position = (len(ordered) - 1) * self._level
        below = int(position)
        return ordered[below] + (ordered[below + 1] - ordered[below]) * (position - below)
