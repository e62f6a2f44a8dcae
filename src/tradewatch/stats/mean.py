"""The average."""

from collections.abc import Sequence

from tradewatch.stats.exact_sum import ExactSum


class Mean:
    """The arithmetic mean; the sum inside is exact. Of trades' P&L it is the expectancy.

    >>> mean = Mean()
    >>> mean.value is None
    True
    >>> for observation in (1.0, 2.0, 6.0):
    ...     mean.update(observation)
    >>> mean.value
    3.0
    """

    __slots__ = ("_total", "count")

    def __init__(self) -> None:
        self._total = ExactSum()
        self.count = 0

    def update(self, observation: float) -> None:
        """Take one finite number."""
        self._total.update(observation)
        self.count += 1

    def extend(self, observations: Sequence[float]) -> None:
        """Take many finite numbers."""
        self._total.extend(observations)
        self.count += len(observations)

    def merge(self, other: "Mean") -> None:
        """Take all of another's numbers."""
        self._total.merge(other._total)
        self.count += other.count

    @property
    def total(self) -> float:
        """The sum of the observations."""
        return self._total.value

    @property
    def value(self) -> float | None:
        """Sum / count; None before the first observation."""
        return self._total.value / self.count if self.count else None
