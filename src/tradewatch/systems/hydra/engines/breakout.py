"""Engine C: a price that leaves its channel keeps going."""

from operator import attrgetter

from tradewatch.systems.hydra.engines.engine import Vote, follow, hold
from tradewatch.systems.hydra.market_view import MarketView

_CHANNEL = 20
_HIGH, _LOW = attrgetter("high"), attrgetter("low")
_LEAST_CONFIDENCE = 0.4


class Breakout:
    """Goes with a close beyond the highs or lows of the 20 bars before it (Donchian's channel).

    The confidence is 0.4 plus the distance beyond the channel in average true ranges.
    """

    def vote(self, market: MarketView) -> Vote:
        """Vote in the direction of the breakout."""
        before, close = market.bars[-_CHANNEL - 1 : -1], market.close
        highest, lowest = max(map(_HIGH, before)), min(map(_LOW, before))
        if lowest <= close <= highest:
            return hold("inside the channel")
        beyond = close - (highest if close > highest else lowest)
        atr = market.indicators.atr
        travelled = abs(beyond) / atr if atr > 0 else 0.0
        return follow(beyond, _LEAST_CONFIDENCE + travelled, f"{travelled:.1f} ATR beyond {_CHANNEL} bars")
