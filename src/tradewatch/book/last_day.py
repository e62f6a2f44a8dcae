"""How the trades of the last 24 hours ended."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from tradewatch.book.unix_time import DAY
from tradewatch.stats import Outcomes


class LastDay:
    """Remembers how many of the closed trades of a day were won and lost up to each: two of them tell what is between.

    Counts are whole numbers, of which a difference is exact.
    """

    def __init__(self) -> None:
        self._closed: list[float] = []
        self._wins = [0]  # so many before the first closing, and up to each
        self._losses = [0]

    def extend(self, closed: Sequence[float], results: Sequence[int]) -> None:
        """Take closed trades: Unix times that do not go back, and results."""
        self._closed += closed
        self._wins += accumulate([result > 0 for result in results], initial=self._wins.pop())
        self._losses += accumulate([result < 0 for result in results], initial=self._losses.pop())
        self._forget()

    def at(self, time: float) -> Outcomes:
        """Return the outcomes of the 24 hours before a moment that is not before the newest closing."""
        begin = bisect_right(self._closed, time - DAY)
        outcomes = Outcomes()
        outcomes.wins = self._wins[-1] - self._wins[begin]
        outcomes.losses = self._losses[-1] - self._losses[begin]
        outcomes.scratches = len(self._closed) - begin - outcomes.count
        return outcomes

    def _forget(self) -> None:
        """Forget what is older than a day, once that is the larger part, for it costs as much as the rest is long."""
        gone = bisect_right(self._closed, self._closed[-1] - DAY) if self._closed else 0
        if 2 * gone > len(self._closed):
            del self._closed[:gone], self._wins[:gone], self._losses[:gone]
