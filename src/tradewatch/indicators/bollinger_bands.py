"""Where the price usually is, and how wide that range is."""

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from tradewatch.indicators.deviation import mean_and_deviation
from tradewatch.indicators.indicator import Bar
from tradewatch.indicators.period import checked_period


class Bands(NamedTuple):
    """The bands at one bar, in price; ``width`` = (upper - lower) / middle, a ratio."""

    middle: float
    upper: float
    lower: float
    width: float


class BollingerBands:
    """Mean of the last ``period`` closes, and some population deviations above and below; None until there are enough.

    The deviation divides by n, not n - 1 (Bollinger 2001, "Bollinger on Bollinger Bands"; StockCharts ChartSchool). The
    lower band can be below 0. Nothing is subtracted from the window: a close that has left it leaves no trace.

    >>> from tradewatch.facts import BarClosed
    >>> bands = BollingerBands(period=2)
    >>> for close in (9.0, 11.0):
    ...     bands.update(BarClosed(asset="BTC", interval=60.0, open=close, high=close, low=close, close=close))
    >>> bands.value
    Bands(middle=10.0, upper=12.0, lower=8.0, width=0.4)
    """

    __slots__ = ("_closes", "_deviations", "value", "warm_up")

    def __init__(self, period: int = 20, deviations: float = 2.0) -> None:
        self.warm_up = checked_period(period)
        self._deviations = deviations
        self._closes: deque[float] = deque(maxlen=period)
        self.value: Bands | None = None

    def update(self, bar: Bar) -> None:
        """Take the next closed bar."""
        self._closes.append(bar.close)
        if len(self._closes) == self.warm_up:
            self.value = self._read()

    def _read(self) -> Bands:
        middle, deviation = mean_and_deviation(self._closes, ddof=0)
        reach = self._deviations * deviation
        # Twice the reach is upper - lower before rounding: narrow bands far from 0 keep their digits.
        return Bands(middle, middle + reach, middle - reach, 2 * reach / middle)

    def state(self) -> list[float]:
        """Return what `restore` needs to go on exactly from here: the closes, the oldest first."""
        return list(self._closes)

    def restore(self, state: Sequence[float]) -> None:
        """Go on from the state of bands of the same period."""
        self._closes.clear()
        self._closes.extend(state)
        self.value = self._read() if len(self._closes) == self.warm_up else None

    @property
    def ready(self) -> bool:
        """Whether the warm-up is over."""
        return self.value is not None
