"""How alike the returns of assets have been lately."""

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from math import fsum, log, sqrt
from typing import Any

WINDOW = 120
"""Returns that a correlation looks back on: two hours of one-minute bars."""

FEWEST = 30
"""Returns below which there is no correlation."""

_FLAT = 1e-12
"""Returns whose root of the sum of squares is below this are those of a price that stood still."""


class Correlations:
    """Pearson's correlation of the last `WINDOW` returns (logarithmic) of two assets, between prices that both had."""

    def __init__(self) -> None:
        self._closes: dict[str, dict[datetime, float]] = {}

    def observe(self, time: datetime, closes: Mapping[str, float]) -> None:
        """Take prices (above 0) at a moment that is later than the last one."""
        for asset, close in closes.items():
            known = self._closes.setdefault(asset, {})
            known[time] = close
            if len(known) > WINDOW + 1:
                del known[next(iter(known))]

    def between(self, asset: str, other: str) -> float | None:
        """Return the correlation, -1 to 1; 1 of an asset with itself.

        None where the assets have fewer than `FEWEST` returns in common, or a price stood still.
        """
        if asset == other:
            return 1.0
        mine, others = self._closes.get(asset, {}), self._closes.get(other, {})
        times = [time for time in mine if time in others]
        if len(times) <= FEWEST:
            return None
        return _correlation(_returns([mine[time] for time in times]), _returns([others[time] for time in times]))

    def state(self) -> dict[str, Any]:  # Any: JSON's values
        """Return what `restore` needs."""
        return {
            asset: [[time.isoformat(), close] for time, close in known.items()] for asset, known in self._closes.items()
        }

    def restore(self, state: Mapping[str, Any]) -> None:  # Any: JSON's values
        """Go on exactly from where ``state`` was taken."""
        self._closes = {
            asset: {datetime.fromisoformat(time): close for time, close in known} for asset, known in state.items()
        }


def _returns(closes: list[float]) -> list[float]:
    """Return the logarithmic returns less their mean."""
    returns = [log(after / before) for before, after in pairwise(closes)]
    mean = fsum(returns) / len(returns)
    return [each - mean for each in returns]


def _correlation(mine: list[float], others: list[float]) -> float | None:
    spread = sqrt(fsum(each * each for each in mine)), sqrt(fsum(each * each for each in others))
    if min(spread) < _FLAT:
        return None
    product = fsum(one * other for one, other in zip(mine, others, strict=True))
    return max(-1.0, min(1.0, product / spread[0] / spread[1]))
