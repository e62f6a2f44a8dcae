"""How much a win brings for what a loss costs."""

from collections.abc import Collection

from tradewatch.stats.mean import Mean


class PayoffRatio:
    """Average win / absolute average loss of P&L observations; None before there are both. Also called risk/reward.

    >>> payoff = PayoffRatio()
    >>> for pnl in (3.0, 5.0, -2.0, 0.0):
    ...     payoff.update(pnl)
    >>> payoff.value
    2.0
    """

    __slots__ = ("losses", "wins")

    def __init__(self) -> None:
        self.wins = Mean()
        self.losses = Mean()

    def update(self, observation: float) -> None:
        """Take one trade's P&L; leave scratches out."""
        if observation > 0:
            self.wins.update(observation)
        elif observation < 0:
            self.losses.update(observation)

    def extend(self, observations: Collection[float]) -> None:
        """Take many trades' P&L; leave scratches out."""
        self.wins.extend([observation for observation in observations if observation > 0])
        self.losses.extend([observation for observation in observations if observation < 0])

    def merge(self, other: "PayoffRatio") -> None:
        """Take all of another's P&L."""
        self.wins.merge(other.wins)
        self.losses.merge(other.losses)

    @property
    def value(self) -> float | None:
        """Mean win / |mean loss|; None before the first of either."""
        win, loss = self.wins.value, self.losses.value
        return None if win is None or loss is None else win / -loss
