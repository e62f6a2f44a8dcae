"""How closed trades ended."""

from collections.abc import Sequence
from math import sqrt

_Z = 1.9599639845400536
"""Two-sided 95 %: ``statistics.NormalDist().inv_cdf(0.975)``, whose module takes long to import."""


class Outcomes:
    """Wins, losses and scratches among results (above, below and exactly 0), and the share of wins.

    A trade's result is its P&L, or only its sign where a scratch is told by a tolerance.

    >>> outcomes = Outcomes()
    >>> outcomes.value is None
    True
    >>> for result in (5.0, -1.0, 0.0, 2.0):
    ...     outcomes.update(result)
    >>> outcomes.value
    0.5
    """

    __slots__ = ("losses", "scratches", "wins")

    def __init__(self) -> None:
        self.wins = 0
        self.losses = 0
        self.scratches = 0

    def update(self, observation: float) -> None:
        """Count one result."""
        if observation > 0:
            self.wins += 1
        elif observation < 0:
            self.losses += 1
        else:
            self.scratches += 1

    def extend(self, observations: Sequence[float]) -> None:
        """Count many results."""
        wins, losses, scratches = observations.count(1), observations.count(-1), observations.count(0)
        if wins + losses + scratches < len(observations):  # P&L rather than results
            wins = sum([observation > 0 for observation in observations])
            losses = sum([observation < 0 for observation in observations])
        self.wins += wins
        self.losses += losses
        self.scratches += len(observations) - wins - losses

    def merge(self, other: "Outcomes") -> None:
        """Count all of another's results."""
        self.wins += other.wins
        self.losses += other.losses
        self.scratches += other.scratches

    @property
    def count(self) -> int:
        """How many results there were."""
        return self.wins + self.losses + self.scratches

    @property
    def value(self) -> float | None:
        """The win rate: wins / results, 0 to 1; None before the first one. A scratch is not a win."""
        return self.wins / self.count if self.count else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % confidence interval of the win rate; None before the first result.

        Source: E. B. Wilson (1927), "Probable Inference, the Law of Succession, and Statistical Inference".
        """
        n = self.count
        if n == 0:
            return None
        share = self.wins / n
        centre = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        margin = _Z / (1 + _Z**2 / n) * sqrt(share * (1 - share) / n + _Z**2 / (4 * n * n))
        return max(0.0, centre - margin), min(1.0, centre + margin)
