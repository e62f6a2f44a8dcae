"""How far equity is, and was, below its peak."""

from collections.abc import Sequence
from itertools import accumulate, islice

_ROUNDING = 1e-12


class Drawdown:
    """The largest fall of equity from its running peak, as a share of that peak; cash flows leave it alone.

    Observations are equity at the end of each step, before that step's cash flow. A flow C at equity E multiplies the
    peak by (E + C) / E. An account emptied by a withdrawal starts over with its next deposit. Equity at or below 0 that
    no flow explains is ruin: drawdown is 1 or more. A fall within 1e-12 of the peak is rounding: it counts as 0.

    >>> drawdown = Drawdown()
    >>> for equity in (100.0, 110.0, 99.0, 105.0):
    ...     drawdown.update(equity)
    >>> round(drawdown.value, 12), round(drawdown.current, 12)
    (0.1, 0.045454545455)
    >>> drawdown.flow(-52.5)
    >>> round(drawdown.current, 12)
    0.045454545455
    """

    __slots__ = ("_broken", "_deepest", "_equity", "_lowest", "_peak", "_scale")

    def __init__(self) -> None:
        self._peak: float | None = None
        self._equity = 0.0
        self._deepest = 0.0
        # What merging needs to know of the time before the account was first emptied: the lowest equity and the product
        # of the flow factors, both in the units of that time's end.
        self._lowest: float | None = None
        self._scale = 1.0
        self._broken = False

    def update(self, observation: float) -> None:
        """Take equity at the end of a step."""
        self._equity = observation
        self._peak = observation if self._peak is None else max(self._peak, observation)
        self._deepest = max(self._deepest, _fall(observation, self._peak))
        if not self._broken:
            self._lowest = observation if self._lowest is None else min(self._lowest, observation)

    def extend(self, observations: Sequence[float]) -> Sequence[bool]:
        """Take equity at the end of many steps, without cash flows between them; return which were at the peak."""
        if not observations:
            return []
        self._equity, lowest = observations[-1], min(observations)
        if not self._broken:
            self._lowest = lowest if self._lowest is None else min(self._lowest, lowest)
        if self._peak is not None and _fall(max(observations), self._peak):  # all below the peak
            self._deepest = max(self._deepest, _fall(lowest, self._peak))
            return [False] * len(observations)
        first = observations[0] if self._peak is None else self._peak
        peaks = list(islice(accumulate(observations, max, initial=first), 1, None))
        self._peak = peaks[-1]
        if peaks[0] > 0:  # as _fall, many at once
            falls = [1 - observation / peak for observation, peak in zip(observations, peaks, strict=True)]
        else:
            falls = list(map(_fall, observations, peaks))
        self._deepest = max(self._deepest, _unless_rounding(max(falls)))
        return [fall <= _ROUNDING for fall in falls]

    def flow(self, amount: float) -> None:
        """Take a deposit (positive) or withdrawal (negative) that came after the last observation."""
        before, self._equity = self._equity, self._equity + amount
        if self._peak is None or before <= 0 or self._equity <= 0:
            self._start_over()
            return
        factor = self._equity / before
        self._peak = self._equity if self._peak == before else self._peak * factor  # at the peak, exactly
        if not self._broken and self._lowest is not None:
            self._lowest *= factor
            self._scale *= factor

    def _start_over(self) -> None:
        self._broken = self._broken or self._lowest is not None
        self._peak = self._equity if self._equity > 0 else None

    def merge(self, other: "Drawdown") -> None:
        """Take another's observations as the ones that followed; the other must have begun with an observation."""
        if other._lowest is None:
            return
        if self._peak is not None:
            peak = self._peak * other._scale
            self._deepest = max(self._deepest, _fall(other._lowest, peak))
            self._peak = other._peak if other._broken or other._peak is None else max(peak, other._peak)
        else:
            self._peak = other._peak
        self._deepest = max(self._deepest, other._deepest)
        self._equity = other._equity
        if not self._broken:
            self._merge_before_broken(other._lowest, other)

    def _merge_before_broken(self, lowest: float, other: "Drawdown") -> None:
        self._lowest = lowest if self._lowest is None else min(self._lowest * other._scale, lowest)
        self._scale *= other._scale
        self._broken = other._broken

    @property
    def current(self) -> float | None:
        """1 - equity / peak now; None before the first observation and while the account is empty."""
        return None if self._peak is None else _fall(self._equity, self._peak)

    @property
    def peak(self) -> float | None:
        """The running peak of equity, flows followed; None before the first observation and while it is empty."""
        return self._peak

    @property
    def value(self) -> float | None:
        """The largest drawdown so far; None before the first observation."""
        return None if self._lowest is None else self._deepest


def _fall(equity: float, peak: float) -> float:
    return _unless_rounding(1 - equity / peak) if peak > 0 else 0.0


def _unless_rounding(fall: float) -> float:
    return fall if fall > _ROUNDING else 0.0
