"""How observations are spread."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise

from tradewatch.stats.exact_sum import ExactSum


class Histogram:
    """How many observations are at or below each of some rising bounds, and their exact sum, as Prometheus has it.

    >>> histogram = Histogram((0.0, 10.0))
    >>> for observation in (-1.0, 10.0, 11.0):
    ...     histogram.update(observation)
    >>> histogram.cumulative, histogram.value, histogram.total
    ([1, 2], 3, 20.0)
    """

    __slots__ = ("_counts", "_total", "bounds")

    def __init__(self, bounds: Sequence[float]) -> None:
        if not bounds or any(lower >= upper for lower, upper in pairwise(bounds)):
            message = f"the bounds {bounds} of a histogram must rise: give at least one"
            raise ValueError(message)
        self.bounds = tuple(bounds)
        self._counts = [0] * (len(self.bounds) + 1)
        self._total = ExactSum()

    def update(self, observation: float) -> None:
        """Take one finite number."""
        self._counts[bisect_left(self.bounds, observation)] += 1
        self._total.update(observation)

    def extend(self, observations: Sequence[float]) -> None:
        """Take many finite numbers."""
        ordered = sorted(observations)
        ends = [0, *(bisect_right(ordered, bound) for bound in self.bounds), len(ordered)]
        for index, (begin, end) in enumerate(pairwise(ends)):
            self._counts[index] += end - begin
        self._total.extend(observations)

    def merge(self, other: "Histogram") -> None:
        """Take all of another's numbers; raises ValueError for one with other bounds."""
        if self.bounds != other.bounds:
            message = f"a histogram with the bounds {other.bounds} cannot join one with {self.bounds}"
            raise ValueError(message)
        self._counts = [mine + theirs for mine, theirs in zip(self._counts, other._counts, strict=True)]
        self._total.merge(other._total)

    @property
    def cumulative(self) -> list[int]:
        """How many observations are at or below each bound."""
        return list(accumulate(self._counts[:-1]))

    @property
    def total(self) -> float:
        """The sum of the observations."""
        return self._total.value

    @property
    def value(self) -> int:
        """How many observations there were."""
        return sum(self._counts)
