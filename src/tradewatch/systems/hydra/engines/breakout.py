"""Engine C: a price that leaves its channel keeps going."""

from collections.abc import Iterable

from tradewatch.market.bars import Bar
from tradewatch.systems.hydra.engines.engine import Vote, follow, hold
from tradewatch.systems.hydra.market_view import MarketView

_CHANNEL = 20
_LEAST_CONFIDENCE = 0.4
_INSIDE = hold("inside the channel")


class Breakout:
    """Goes with a close beyond the highs or lows of the 20 bars before it (Donchian's channel).

    The confidence is 0.4 plus the distance beyond the channel in average true ranges.
    """

    def vote(self, market: MarketView) -> Vote:
        """Vote in the direction of the breakout."""
        bars = market.bars
        close, before = bars[-1].close, bars[-2 : -_CHANNEL - 2 : -1]
        if _is_inside(close, before):
            return _INSIDE
        highest, lowest = max([bar.high for bar in before]), min([bar.low for bar in before])
        beyond = close - (highest if close > highest else lowest)
        atr = market.indicators.atr
        travelled = abs(beyond) / atr if atr > 0 else 0.0
        return follow(beyond, _LEAST_CONFIDENCE + travelled, f"{travelled:.1f} ATR beyond {_CHANNEL} bars")


def _is_inside(close: float, bars: Iterable[Bar]) -> bool:
    """Whether a bar reached up to the close, and one down to it; the first few nearly always did."""
    is_below = is_above = False
    for bar in bars:
        is_below = is_below or close <= bar.high
        is_above = is_above or close >= bar.low
        if is_below and is_above:
            return True
    return False
