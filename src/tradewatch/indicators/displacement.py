"""How far the price is from its slow equilibrium."""

from collections.abc import Mapping
from math import inf, log
from typing import Any

from tradewatch.indicators.exponential_average import ExponentialAverage

# Any in this file: a state is what `state` of the same version returned, read from a checkpoint.


class Displacement:
    """x = EMA(log p) - EMA(EMA(log p)), a ratio: 0.01 is about 1 % above the equilibrium; None before the first price.

    Both averages, of ``period`` bars, start at the first price, so x starts at exactly 0, and a price that never moves
    has an x of exactly 0. For a random walk, x is an autoregression with two equal poles at (n - 1)/(n + 1), the
    critically damped motion. The log price is taken relative to the first one: the unit of the price makes no
    difference, and neither does how many digits stand before its point.

    >>> displacement = Displacement(period=3)
    >>> for price in (100.0, 100.0, 110.0):
    ...     displacement.update(price)
    >>> round(displacement.value, 6)  # log(1.1) / 4
    0.023828
    """

    __slots__ = ("_fast", "_first", "_slow", "level", "value")

    def __init__(self, period: int = 20) -> None:
        self._fast = ExponentialAverage(period)
        self._slow = ExponentialAverage(period)
        self._first: float | None = None
        self.level = 0.0
        """The log of the last price relative to the first."""
        self.value: float | None = None

    def update(self, price: float) -> None:
        """Take the price of the next closed bar; raises ValueError unless it is finite and above 0."""
        if not 0 < price < inf:
            message = f"a price of {price} has no logarithm: skip the bar, or mend its source"
            raise ValueError(message)
        if self._first is None:
            self._first = price
        self.level = level = _log_ratio(price, self._first)
        self._fast.update(level)
        fast = self._fast.value or 0.0
        self._slow.update(fast)
        self.value = fast - (self._slow.value or 0.0)

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here: plain numbers."""
        return {"first": self._first, "level": self.level, "fast": self._fast.value, "slow": self._slow.value}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the state of a displacement of the same period."""
        self._first, self.level = state["first"], state["level"]
        fast, slow = state["fast"], state["slow"]
        self._fast.value, self._slow.value = fast, slow
        self.value = None if fast is None or slow is None else fast - slow


def _log_ratio(price: float, first: float) -> float:
    ratio = price / first
    return log(ratio) if 0 < ratio < inf else log(price) - log(first)  # the quotient of far apart prices overflows
