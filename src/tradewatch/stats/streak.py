"""Runs of the same result."""

from collections.abc import Iterable


class Streak:
    """The longest run of wins (sign 1) or losses (sign -1) among results; a scratch (0) ends no run and adds to none.

    >>> losing = Streak(-1)
    >>> for result in (-1, -1, 0, -1, 1, -1):
    ...     losing.update(result)
    >>> losing.value, losing.current
    (3, 1)
    """

    __slots__ = ("_is_one_run", "_leading", "_sign", "current", "value")

    def __init__(self, sign: int) -> None:
        self.value = 0
        self.current = 0
        self._sign = sign
        # for merging: the run at the very beginning, and whether there has been nothing else
        self._leading = 0
        self._is_one_run = True

    def update(self, observation: float) -> None:
        """Take one trade's result, or its P&L."""
        self.extend([observation])

    def extend(self, observations: Iterable[float]) -> None:
        """Take many trades' results, in order."""
        sign, current, longest = self._sign, self.current, self.value
        for observation in observations:
            if observation * sign > 0:
                current += 1
                longest = max(longest, current)
            elif observation:
                if self._is_one_run:
                    self._leading, self._is_one_run = current, False
                current = 0
        self.current, self.value = current, longest
        if self._is_one_run:
            self._leading = current

    def merge(self, other: "Streak") -> None:
        """Take another's results as the ones that followed."""
        joined = self.current + other._leading
        self.value = max(self.value, other.value, joined)
        self.current = joined if other._is_one_run else other.current
        if self._is_one_run:
            self._leading = joined
            self._is_one_run = other._is_one_run
