"""Whether what drives the price has suddenly become stronger."""

from collections import deque
from collections.abc import Mapping, Sequence
from math import dist
from typing import Any

from tradewatch.indicators.period import checked_period
from tradewatch.indicators.sorted_window import SortedWindow

_FEWEST_FOR_VARIANCE = 2
# Any in this file: a state is what `state` of the same version returned, read from a checkpoint.


class Burst:
    """True while the variance of the last ``innovations`` is more than ``factor`` times its own rolling median.

    The variance divides by n and is computed anew each time. The median is over the variances of the last ``window``
    updates, the newest included, or of as many as there are; before the first variance the value is False. A burst that
    lasts longer than half the window becomes the new normal.

    >>> burst = Burst(innovations=2, window=5)
    >>> for innovation in (1.0, -1.0, 1.0, -1.0, 4.0):
    ...     burst.update(innovation)
    >>> burst.value  # variances 1, 1, 1, 6.25
    True
    """

    __slots__ = ("_factor", "_recent", "_variances", "value")

    def __init__(self, innovations: int = 20, window: int = 256, factor: float = 4.0) -> None:
        self._factor = factor
        self._recent: deque[float] = deque(maxlen=checked_period(innovations, least=_FEWEST_FOR_VARIANCE))
        self._variances = SortedWindow(window)
        self.value = False

    def update(self, innovation: float) -> None:
        """Take one finite innovation."""
        self._recent.append(innovation)
        if len(self._recent) == self._recent.maxlen:
            variance = _variance(self._recent)
            self._variances.update(variance)
            self.value = variance > self._factor * (self._variances.median or 0.0)

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here: lists of numbers, the oldest first."""
        return {"recent": list(self._recent), "variances": self._variances.state(), "value": self.value}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the state of a burst of the same lengths."""
        self._recent.clear()
        self._recent.extend(state["recent"])
        self._variances.restore(state["variances"])
        self.value = state["value"]


def _variance(numbers: Sequence[float]) -> float:
    """Return the population variance of numbers around their mean, in two passes."""
    count = len(numbers)
    distance = dist(numbers, (sum(numbers) / count,) * count)
    return distance * distance / count
