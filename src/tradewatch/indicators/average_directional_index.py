"""How strongly the price trends, and which way."""

from collections.abc import Mapping
from typing import Any

from tradewatch.indicators.indicator import Bar
from tradewatch.indicators.period import checked_period
from tradewatch.indicators.true_range import true_range
from tradewatch.indicators.wilder_average import WilderAverage

# Any in this file: a state is what `state` of the same version returned, read from a checkpoint.


class AverageDirectionalIndex:
    """Wilder's ADX, 0 to 100: the strength of a trend in either direction; None for the first ``2 * period - 1`` bars.

    From the second bar on, a bar moves up (+DM = high - previous high) or down (-DM = previous low - low) by the larger
    of the two if it is positive; equal moves count as none. +DI and -DI are the Wilder sums of +DM and -DM as a
    percentage of that of the true range; DX = 100 * |+DI - -DI| / (+DI + -DI), 0 when both are 0; ADX is Wilder's
    average of DX. With period 14 the first DX is at 0-based bar 14, the first ADX, a mean of 14 DX, at 27 (Wilder 1978,
    "New Concepts in Technical Trading Systems"; as on StockCharts' sheet, while TA-Lib starts its sums a bar earlier).

    >>> from tradewatch.facts import BarClosed
    >>> index = AverageDirectionalIndex(period=1)
    >>> for high, low in ((12.0, 10.0), (15.0, 11.0)):
    ...     index.update(BarClosed(asset="BTC", interval=60.0, open=low, high=high, low=low, close=low))
    >>> index.plus_di, index.minus_di, index.value
    (60.0, 0.0, 100.0)
    """

    __slots__ = ("_index", "_minus", "_plus", "_previous", "_range", "warm_up")

    def __init__(self, period: int = 14) -> None:
        self.warm_up = 2 * checked_period(period)
        self._previous: tuple[float, float, float] | None = None
        self._range = WilderAverage(period)
        self._plus = WilderAverage(period)
        self._minus = WilderAverage(period)
        self._index = WilderAverage(period)

    def update(self, bar: Bar) -> None:
        """Take the next closed bar."""
        high, low = bar.high, bar.low
        if self._previous is not None:
            last_high, last_low, last_close = self._previous
            self._range.update(true_range(bar, last_close))
            self._move(high - last_high, last_low - low)
        self._previous = high, low, bar.close

    def _move(self, up: float, down: float) -> None:
        plus, minus = self._plus, self._minus
        plus.update(up if up > down and up > 0 else 0.0)
        minus.update(down if down > up and down > 0 else 0.0)
        if plus.value is not None and minus.value is not None:
            self._index.update(_directional_index(plus.value, minus.value))

    @property
    def value(self) -> float | None:
        """The average directional index, 0 to 100; None while warming up."""
        return self._index.value

    @property
    def plus_di(self) -> float | None:
        """Wilder's +DI, 0 to 100: the upward share of what was travelled; None for the first ``period`` bars."""
        return _percentage(self._plus.value, self._range.value)

    @property
    def minus_di(self) -> float | None:
        """Wilder's -DI, 0 to 100: the downward share of what was travelled; None for the first ``period`` bars."""
        return _percentage(self._minus.value, self._range.value)

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here: plain numbers and lists of them."""
        return {
            "previous": None if self._previous is None else list(self._previous),
            "range": self._range.state(),
            "plus": self._plus.state(),
            "minus": self._minus.state(),
            "index": self._index.state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the state of an index with the same period."""
        previous = state["previous"]
        self._previous = None if previous is None else (previous[0], previous[1], previous[2])
        self._range.restore(state["range"])
        self._plus.restore(state["plus"])
        self._minus.restore(state["minus"])
        self._index.restore(state["index"])

    @property
    def ready(self) -> bool:
        """Whether the warm-up is over."""
        return self._index.value is not None


def _directional_index(plus: float, minus: float) -> float:
    """Return DX from the averages of +DM and -DM: the true range would cancel."""
    moved = plus + minus
    return 100 * (abs(plus - minus) / moved) if moved > 0 else 0.0


def _percentage(moved: float | None, travelled: float | None) -> float | None:
    if moved is None or travelled is None:
        return None
    return 100 * (moved / travelled) if travelled > 0 else 0.0
