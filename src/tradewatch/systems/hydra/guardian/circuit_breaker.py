"""Losses in a row: first they make positions smaller, then they stop trading for a while."""

from collections.abc import Mapping
from typing import Any

from tradewatch.facts import Outcome


class CircuitBreaker:
    """Counts losses in a row; a scratch ends no row. While it pauses nothing counts, and then it starts over."""

    def __init__(self, to_reduce: int, to_pause: int, reduced_size: float) -> None:
        self.losses = 0
        self.is_paused = False
        self._to_reduce = to_reduce
        self._to_pause = to_pause
        self._reduced_size = reduced_size

    @property
    def size_multiplier(self) -> float:
        """The factor on the size of new positions."""
        return self._reduced_size if self.losses >= self._to_reduce else 1.0

    @property
    def used(self) -> float:
        """Losses in a row as a share of those that pause."""
        return self.losses / self._to_pause

    @property
    def is_active(self) -> bool:
        """Whether sizes are reduced or trading is paused."""
        return self.is_paused or self.losses >= self._to_reduce

    def settle(self, outcome: Outcome) -> None:
        """Take how a trade ended."""
        if self.is_paused or outcome is Outcome.SCRATCH:
            return
        self.losses = self.losses + 1 if outcome is Outcome.LOSS else 0

    def start_over(self) -> None:
        """End the pause."""
        self.losses, self.is_paused = 0, False

    def state(self) -> dict[str, Any]:  # Any: JSON's values
        """Return what `restore` needs."""
        return {"losses": self.losses, "is_paused": self.is_paused}

    def restore(self, state: Mapping[str, Any]) -> None:  # Any: JSON's values
        """Go on exactly from where ``state`` was taken."""
        self.losses, self.is_paused = state["losses"], state["is_paused"]
