"""How fast an account grew."""

from math import isfinite


class CompoundGrowth:
    """The compound annual growth rate of periodic returns, N periods a year: (product of 1 + r)^(N / n) - 1.

    None before the first return, and for a rate too large for a float. After a return of -1 or less it is -1.

    >>> growth = CompoundGrowth(periods=2)
    >>> for simple_return in (0.1, 0.1):
    ...     growth.update(simple_return)
    >>> round(growth.value, 12)
    0.21
    """

    __slots__ = ("_periods", "_product", "count")

    def __init__(self, periods: float) -> None:
        self.count = 0
        self._periods = periods
        self._product = 1.0

    def update(self, observation: float) -> None:
        """Take one period's return, a ratio."""
        self.count += 1
        self._product *= max(1 + observation, 0.0)

    def merge(self, other: "CompoundGrowth") -> None:
        """Take all of another's returns."""
        self.count += other.count
        self._product *= other._product

    @property
    def total(self) -> float:
        """The return over all periods: product of 1 + r, minus 1."""
        return self._product - 1

    @property
    def value(self) -> float | None:
        """The rate of a year, a ratio."""
        if self.count == 0:
            return None
        try:
            rate = float(self._product ** (self._periods / self.count)) - 1
        except OverflowError:
            return None
        return rate if isfinite(rate) else None
