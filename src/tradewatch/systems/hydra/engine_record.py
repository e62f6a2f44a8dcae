"""What an engine's votes were worth."""

from collections.abc import Mapping
from typing import Any

from tradewatch.stats import ExactSum


class EngineRecord:
    """Scored votes and shares of P&L (account currency), in all or on one asset. A right vote is a point.

    >>> record = EngineRecord()
    >>> record.accuracy is None
    True
    >>> for is_right in (True, True, False, True):
    ...     record.score(is_right=is_right)
    >>> record.points, record.scored, record.accuracy
    (3, 4, 0.75)
    """

    __slots__ = ("_pnl", "points", "scored")

    def __init__(self) -> None:
        self.points = 0
        self.scored = 0
        self._pnl = ExactSum()

    @property
    def accuracy(self) -> float | None:
        """Share of scored votes that were right, 0 to 1; None before the first."""
        return self.points / self.scored if self.scored else None

    def score(self, *, is_right: bool) -> None:
        """Take one scored vote."""
        self.scored += 1
        self.points += is_right

    def earn(self, amount: float) -> None:
        """Take a share of a trade's P&L."""
        self._pnl.update(amount)

    def stats(self) -> dict[str, Any]:  # Any: counts, amounts, and None where undefined
        """Return points, scored and right votes, accuracy (0 to 1) and P&L."""
        return {
            "points": self.points,
            "scored": self.scored,
            "right": self.points,
            "accuracy": self.accuracy,
            "pnl": self._pnl.value,
        }

    def state(self) -> dict[str, Any]:  # Any: JSON's values
        """Return what `restore` needs."""
        return {"points": self.points, "scored": self.scored, "pnl": self._pnl.terms}

    def restore(self, state: Mapping[str, Any]) -> None:  # Any: JSON's values
        """Go on exactly from where ``state`` was taken."""
        self.points, self.scored = state["points"], state["scored"]
        self._pnl = ExactSum()
        self._pnl.extend(state["pnl"])
