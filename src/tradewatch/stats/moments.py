"""Mean, deviation, skewness and kurtosis of one pass."""

from math import sqrt

ZERO_DEVIATION = 1e-14
"""A deviation up to this share of 1 + the largest absolute observation is rounding: it counts as 0."""


class Moments:
    """The first four central moments, updated one by one and merged without loss of accuracy.

    Source: P. Pébay (2008), "Formulas for Robust, One-Pass Parallel Computation of Covariances and Arbitrary-Order
    Statistical Moments", Sandia report SAND2008-6212. ``value`` is the sample standard deviation (ddof 1).

    >>> moments = Moments()
    >>> for observation in (1.0, 2.0, 3.0, 4.0):
    ...     moments.update(observation)
    >>> moments.count, moments.mean, round(moments.value, 12)
    (4, 2.5, 1.290994448736)
    """

    __slots__ = ("_fourth", "_largest", "_second", "_third", "count", "mean")

    def __init__(self) -> None:
        self.count = 0
        self.mean = 0.0
        self._second = 0.0
        self._third = 0.0
        self._fourth = 0.0
        self._largest = 0.0

    def update(self, observation: float) -> None:
        """Take one finite number."""
        one = Moments()
        one.count, one.mean, one._largest = 1, observation, abs(observation)
        self.merge(one)

    def merge(self, other: "Moments") -> None:
        """Take all of another's numbers."""
        n, m = self.count, other.count
        if m == 0:
            return
        total = n + m
        delta = other.mean - self.mean
        share = delta / total
        self._fourth += (
            other._fourth
            + delta * share**3 * n * m * (n * n - n * m + m * m)
            + 6 * share**2 * (n * n * other._second + m * m * self._second)
            + 4 * share * (n * other._third - m * self._third)
        )
        self._third += (
            other._third + delta * share**2 * n * m * (n - m) + 3 * share * (n * other._second - m * self._second)
        )
        self._second += other._second + delta * share * n * m
        self.mean += share * m
        self.count = total
        self._largest = max(self._largest, other._largest)

    @property
    def value(self) -> float | None:
        """The sample standard deviation; None for fewer than 2, and exactly 0 where it is only rounding."""
        if self.count < _FEWEST_FOR_DEVIATION:
            return None
        deviation = sqrt(self._second / (self.count - 1))
        return 0.0 if deviation <= ZERO_DEVIATION * (1 + self._largest) else deviation

    @property
    def skewness(self) -> float | None:
        """Bias-corrected sample skewness (G1); None for fewer than 3 or without deviation."""
        n = self.count
        if n < _FEWEST_FOR_SKEWNESS or not self.value:
            return None
        biased = self._third / n / sqrt(self._second / n) ** 3
        return biased * sqrt(n * (n - 1)) / (n - 2)

    @property
    def kurtosis(self) -> float | None:
        """Bias-corrected sample kurtosis, 3 for a normal distribution (G2 + 3); None below 4 or without deviation."""
        n = self.count
        if n < _FEWEST_FOR_KURTOSIS or not self.value:
            return None
        excess = self._fourth / n / (self._second / n) ** 2 - 3
        return ((n + 1) * excess + 6) * (n - 1) / ((n - 2) * (n - 3)) + 3


_FEWEST_FOR_DEVIATION, _FEWEST_FOR_SKEWNESS, _FEWEST_FOR_KURTOSIS = 2, 3, 4
