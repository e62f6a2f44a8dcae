"""The usual exponential average of charts."""

from tradewatch.indicators.period import checked_period


class ExponentialAverage:
    """The first number, then for each new x: average + (x - average) * 2 / (n + 1); None before the first.

    Started at the first number, not at a mean of n: there is no warm-up, and equal numbers have exactly their own
    average. A number's influence fades by (n - 1)/(n + 1) per update, and so does its rounding error.

    >>> average = ExponentialAverage(3)
    >>> for number in (1.0, 3.0, 6.0):
    ...     average.update(number)
    >>> average.value  # 1, then half way to 3, then half way to 6
    4.0
    """

    __slots__ = ("_weight", "value")

    def __init__(self, period: int) -> None:
        self._weight = 2 / (checked_period(period) + 1)
        self.value: float | None = None

    def update(self, observation: float) -> None:
        """Take one finite number."""
        value = self.value
        self.value = observation if value is None else value + (observation - value) * self._weight
