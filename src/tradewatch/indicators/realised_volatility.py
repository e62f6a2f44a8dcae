"""How much the price fluctuated, as a rate per year."""

from collections import deque
from collections.abc import Mapping
from math import inf, log, sqrt
from typing import Any

from tradewatch.indicators.deviation import mean_and_deviation
from tradewatch.indicators.indicator import Bar
from tradewatch.indicators.period import checked_period

_SECONDS_PER_YEAR = 365 * 86_400
_FEWEST_RETURNS = 2

# Any in this file: a state is what `state` of the same version returned, read from a checkpoint.


class RealisedVolatility:
    """Sample deviation of the last ``returns`` log returns between closes, per year; None until there are as many.

    A ratio: 0.8 is 80 % a year. It divides by n - 1, and is annualised by the square root of the number of bars of
    ``interval`` seconds in 365 days, so that the timeframes of an asset that trades around the clock agree. The first
    value is at 0-based bar ``returns``. A return over missing bars counts as the return of one bar. A return that has
    left the window leaves no trace.

    >>> from tradewatch.facts import BarClosed
    >>> volatility = RealisedVolatility(interval=86_400.0, returns=2)
    >>> for close in (100.0, 110.0, 100.0):
    ...     volatility.update(BarClosed(asset="BTC", interval=86_400.0, open=close, high=close, low=close, close=close))
    >>> round(volatility.value, 6)  # log(1.1) * sqrt(2) * sqrt(365)
    2.575139
    """

    __slots__ = ("_close", "_per_year", "_returns", "value", "warm_up")

    def __init__(self, interval: float, returns: int = 30) -> None:
        if not 0 < interval < inf:
            message = f"bars of {interval} seconds have no rate per year: set an interval above 0"
            raise ValueError(message)
        self.warm_up = checked_period(returns, least=_FEWEST_RETURNS) + 1
        self._per_year = sqrt(_SECONDS_PER_YEAR / interval)
        self._returns: deque[float] = deque(maxlen=returns)
        self._close: float | None = None
        self.value: float | None = None

    def update(self, bar: Bar) -> None:
        """Take the next closed bar."""
        previous, self._close = self._close, bar.close
        if previous is not None:
            self._returns.append(_log_return(previous, bar.close))
            self.value = self._read()

    def _read(self) -> float | None:
        if len(self._returns) < self.warm_up - 1:
            return None
        _, deviation = mean_and_deviation(self._returns, ddof=1)
        return deviation * self._per_year

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here: the returns, the oldest first, and the last close."""
        return {"returns": list(self._returns), "close": self._close}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the state of a volatility over as many returns of the same interval."""
        self._returns.clear()
        self._returns.extend(state["returns"])
        self._close = state["close"]
        self.value = self._read()

    @property
    def ready(self) -> bool:
        """Whether the warm-up is over."""
        return self.value is not None


def _log_return(previous: float, close: float) -> float:
    growth = close / previous
    return log(growth) if 0 < growth < inf else log(close) - log(previous)  # the quotient of far apart prices overflows
