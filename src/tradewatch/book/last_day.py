"""How the trades of the last 24 hours ended."""

from bisect import bisect_right
from collections.abc import Sequence

from tradewatch.book.unix_time import DAY
from tradewatch.stats import Outcomes


class LastDay:
    """Remembers the results of closed trades for a day; counting them is quicker than keeping counts of each moment."""

    def __init__(self) -> None:
        self._closed: list[float] = []
        self._results: list[int] = []

    def extend(self, closed: Sequence[float], results: Sequence[int]) -> None:
        """Take closed trades: Unix times that do not go back, and results."""
        self._closed += closed
        self._results += results
        if self._closed:
            gone = bisect_right(self._closed, self._closed[-1] - DAY)
            del self._closed[:gone], self._results[:gone]

    def at(self, time: float) -> Outcomes:
        """Return the outcomes of the 24 hours before a moment that is not before the newest closing."""
        outcomes = Outcomes()
        outcomes.extend(self._results[bisect_right(self._closed, time - DAY) :])
        return outcomes
