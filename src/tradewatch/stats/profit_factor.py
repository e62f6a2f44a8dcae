"""What was won for each unit that was lost."""

from collections.abc import Sequence

from tradewatch.stats.exact_sum import ExactSum


class ProfitFactor:
    """Gross profit / gross loss of P&L observations; None while nothing was lost.

    >>> factor = ProfitFactor()
    >>> factor.update(3.0)
    >>> factor.value is None
    True
    >>> factor.update(-2.0)
    >>> factor.value
    1.5
    """

    __slots__ = ("_lost", "_won", "count")

    def __init__(self) -> None:
        self.count = 0
        self._won = ExactSum()
        self._lost = ExactSum()

    def update(self, observation: float) -> None:
        """Take one trade's P&L."""
        self.count += 1
        if observation > 0:
            self._won.update(observation)
        elif observation < 0:
            self._lost.update(-observation)

    def extend(self, observations: Sequence[float]) -> None:
        """Take many trades' P&L."""
        self.count += len(observations)
        self._won.extend([observation for observation in observations if observation > 0])
        self._lost.extend([-observation for observation in observations if observation < 0])

    def merge(self, other: "ProfitFactor") -> None:
        """Take all of another's P&L."""
        self.count += other.count
        self._won.merge(other._won)
        self._lost.merge(other._lost)

    @property
    def net_profit(self) -> float:
        """Sum of all P&L, rounded once."""
        return self._won.less(self._lost)

    @property
    def expectancy(self) -> float | None:
        """Mean P&L; None before the first trade."""
        return self.net_profit / self.count if self.count else None

    @property
    def gross_profit(self) -> float:
        """Sum of the positive P&L."""
        return self._won.value

    @property
    def gross_loss(self) -> float:
        """Absolute sum of the negative P&L."""
        return self._lost.value

    @property
    def value(self) -> float | None:
        """Gross profit / gross loss; None while there is no loss."""
        lost = self.gross_loss
        return self.gross_profit / lost if lost > 0 else None
