"""Engine A: a trend goes on."""

from tradewatch.systems.hydra.engines.engine import Vote, follow, hold
from tradewatch.systems.hydra.market_view import MarketView

_LEAST_ADX = 20.0
_SURE_ADX = 50.0
_NO_TREND = hold("no trend")
_WRONG_SIDE = hold("the price is not on the trend's side")


class TrendFollowing:
    """Goes with a trend (ADX of 20 or more) while the price is on its side of the 20-bar mean.

    Its confidence is ADX / 50: 0.4 at the least, 1 from 50 on.
    """

    def vote(self, market: MarketView) -> Vote:
        """Vote in the direction of +DI against -DI."""
        seen = market.indicators
        adx = seen.adx
        if adx < _LEAST_ADX:
            return _NO_TREND
        direction = seen.plus_di - seen.minus_di
        if direction * (market.close - seen.bands.middle) <= 0:
            return _WRONG_SIDE
        return follow(direction, adx / _SURE_ADX, f"a trend of ADX {adx:.0f}")
