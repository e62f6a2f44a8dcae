"""Return for risk taken."""

from math import sqrt

from tradewatch.stats.moments import Moments


class SharpeRatio:
    """mean(r - rf) / std(r, ddof 1) * sqrt(N) of periodic returns r, N periods a year.

    ``risk_free``: a yearly rate, compounded down to a period. None for fewer than 2 returns and without deviation.
    Source: W. F. Sharpe (1994), "The Sharpe Ratio", Journal of Portfolio Management 21 (1).

    >>> sharpe = SharpeRatio(periods=4)
    >>> for simple_return in (0.01, 0.03):
    ...     sharpe.update(simple_return)
    >>> round(sharpe.value, 12)
    2.828427124746
    """

    __slots__ = ("_moments", "_periods", "_risk_free")

    def __init__(self, periods: float, risk_free: float = 0.0) -> None:
        self._moments = Moments()
        self._periods = periods
        self._risk_free = (1 + risk_free) ** (1 / periods) - 1

    def update(self, observation: float) -> None:
        """Take one period's return, a ratio."""
        self._moments.update(observation)

    def merge(self, other: "SharpeRatio") -> None:
        """Take all of another's returns."""
        self._moments.merge(other._moments)

    @property
    def per_period(self) -> float | None:
        """The ratio of one period, not annualised."""
        deviation = self._moments.value
        return (self._moments.mean - self._risk_free) / deviation if deviation else None

    @property
    def value(self) -> float | None:
        """The ratio of a year."""
        ratio = self.per_period
        return None if ratio is None else ratio * sqrt(self._periods)
