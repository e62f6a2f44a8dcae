"""How far the price usually travels in a bar."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from tradewatch.indicators.indicator import Bar
from tradewatch.indicators.period import checked_period
from tradewatch.indicators.true_range import true_range
from tradewatch.indicators.wilder_average import WilderAverage


class AverageTrueRange:
    """Wilder's average of the true range, in price; None for the first ``period - 1`` bars.

    The true range of the first bar is its high - low, so the first value, at 0-based bar ``period - 1``, is the mean of
    ``period`` true ranges; Wilder's smoothing follows (Wilder 1978, "New Concepts in Technical Trading Systems"; seeded
    as on StockCharts' sheet, while TA-Lib leaves the first bar out).

    >>> from tradewatch.facts import BarClosed
    >>> average = AverageTrueRange(period=2)
    >>> for high, low, close in ((12.0, 10.0, 11.0), (15.0, 13.0, 14.0), (15.0, 14.0, 15.0)):
    ...     average.update(BarClosed(asset="BTC", interval=60.0, open=low, high=high, low=low, close=close))
    >>> average.value  # true ranges 2, 4, 1
    2.0
    >>> round(average.share, 4)
    0.1333
    """

    __slots__ = ("_average", "_close", "value", "warm_up")

    def __init__(self, period: int = 14) -> None:
        self.warm_up = checked_period(period)
        self._average = WilderAverage(period)
        self._close: float | None = None
        self.value: float | None = None

    def update(self, bar: Bar) -> None:
        """Take the next closed bar."""
        average = self._average
        average.update(true_range(bar, self._close))
        self.value, self._close = average.value, bar.close

    @property
    def share(self) -> float | None:
        """The average true range / the last close, by which assets can be compared; None while warming up."""
        if self.value is None or self._close is None:
            return None
        share = self.value / self._close
        return share if isfinite(share) else None  # a close too small to divide by

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here: plain numbers and lists of them."""
        return {"average": self._average.state(), "close": self._close}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the state of an average with the same period."""
        self._average.restore(state["average"])
        self.value, self._close = self._average.value, state["close"]

    @property
    def ready(self) -> bool:
        """Whether the warm-up is over."""
        return self.value is not None
