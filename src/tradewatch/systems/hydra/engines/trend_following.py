"""Engine A: a trend goes on."""

from tradewatch.systems.hydra.engines.engine import Vote, follow, hold
from tradewatch.systems.hydra.market_view import MarketView

_LEAST_ADX = 20.0
_SURE_ADX = 50.0


class TrendFollowing:
    """Goes with a trend (ADX of 20 or more) while the price is on its side of the 20-bar mean.

    Its confidence is ADX / 50: 0.4 at the least, 1 from 50 on.
    """

    def vote(self, market: MarketView) -> Vote:
        """Vote in the direction of +DI against -DI."""
        seen = market.indicators
        if seen.adx < _LEAST_ADX:
            return hold("no trend")
        direction = seen.plus_di - seen.minus_di
        if direction * (market.close - seen.bands.middle) <= 0:
            return hold("the price is not on the trend's side")
        return follow(direction, seen.adx / _SURE_ADX, f"a trend of ADX {seen.adx:.0f}")
