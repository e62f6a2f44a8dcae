"""How sure a Sharpe ratio is."""

from math import erfc, sqrt

from tradewatch.stats.moments import Moments

_CONFIDENT = 1.6448536269514715
"""95 %, as deviations of a normal distribution: ``statistics.NormalDist().inv_cdf(0.95)``, see `Outcomes`."""


class ProbabilisticSharpeRatio:
    """The probability that the true Sharpe ratio is above 0, given length, skewness and kurtosis of the returns.

    None for fewer than 4 returns, without deviation, and where the estimate's variance would not be positive.
    Source: D. Bailey and M. López de Prado (2012), "The Sharpe Ratio Efficient Frontier", Journal of Risk 15 (2).

    >>> certainty = ProbabilisticSharpeRatio()
    >>> for simple_return in (0.01, -0.01, 0.02, -0.02):
    ...     certainty.update(simple_return)
    >>> certainty.value
    0.5
    """

    __slots__ = ("_moments",)

    def __init__(self) -> None:
        self._moments = Moments()

    def update(self, observation: float) -> None:
        """Take one period's return, a ratio."""
        self._moments.update(observation)

    def merge(self, other: "ProbabilisticSharpeRatio") -> None:
        """Take all of another's returns."""
        self._moments.merge(other._moments)

    @property
    def value(self) -> float | None:
        """The probability, 0 to 1."""
        found = self._ratio_and_variance()
        if found is None:
            return None
        ratio, variance = found
        deviations = ratio * sqrt(self._moments.count - 1) / sqrt(variance)
        return 0.5 * erfc(-deviations / sqrt(2))  # the normal distribution, exact in its lower tail too

    @property
    def minimum_track_record(self) -> float | None:
        """How many returns it would take to be 95 % sure; None as for ``value``, and for a ratio not above 0."""
        found = self._ratio_and_variance()
        if found is None or found[0] <= 0:
            return None
        ratio, variance = found
        return 1 + variance * (_CONFIDENT / ratio) ** 2

    def _ratio_and_variance(self) -> tuple[float, float] | None:
        """Return the Sharpe ratio of one period and (n - 1) times the variance of its estimate."""
        deviation, skewness, kurtosis = self._moments.value, self._moments.skewness, self._moments.kurtosis
        if not deviation or skewness is None or kurtosis is None:
            return None
        ratio = self._moments.mean / deviation
        variance = 1 - skewness * ratio + (kurtosis - 1) / 4 * ratio**2
        return (ratio, variance) if variance > 0 else None
