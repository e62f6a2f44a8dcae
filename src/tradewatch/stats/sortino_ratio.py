"""Return for the risk of losing."""

from math import sqrt

from tradewatch.stats.mean import Mean
from tradewatch.stats.moments import ZERO_DEVIATION


class SortinoRatio:
    """mean(r) / sqrt(mean(min(r, 0)^2)) * sqrt(N) of periodic returns r, over all periods, N periods a year.

    None before the first return and while no return is below 0, but for rounding (as for the Sharpe ratio).
    Source: F. Sortino and L. Price (1994), "Performance Measurement in a Downside Risk Framework", J. of Investing.

    >>> sortino = SortinoRatio(periods=4)
    >>> for simple_return in (0.03, -0.01):
    ...     sortino.update(simple_return)
    >>> round(sortino.value, 12)
    2.828427124746
    """

    __slots__ = ("_downside", "_largest", "_periods", "_returns")

    def __init__(self, periods: float) -> None:
        self._returns = Mean()
        self._downside = Mean()
        self._largest = 0.0
        self._periods = periods

    def update(self, observation: float) -> None:
        """Take one period's return, a ratio."""
        self._returns.update(observation)
        self._downside.update(min(observation, 0.0) ** 2)
        self._largest = max(self._largest, abs(observation))

    def merge(self, other: "SortinoRatio") -> None:
        """Take all of another's returns."""
        self._returns.merge(other._returns)
        self._downside.merge(other._downside)
        self._largest = max(self._largest, other._largest)

    @property
    def value(self) -> float | None:
        """The ratio of a year."""
        mean, downside = self._returns.value, sqrt(self._downside.value or 0.0)
        if mean is None or downside <= ZERO_DEVIATION * (1 + self._largest):
            return None
        return mean / downside * sqrt(self._periods)
