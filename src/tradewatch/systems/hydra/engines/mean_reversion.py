"""Engine B: what went too far comes back."""

from math import fsum

from tradewatch.regimes import TrendRegime
from tradewatch.systems.hydra.engines.engine import Vote, follow, hold
from tradewatch.systems.hydra.market_view import MarketView

_MEAN_BARS = 100
_EVERY = 5
_LOOK_BACK = 5
_LEAST_DISTANCE = 2.5
_SURE_DISTANCE = 6.0
_AWAY = {TrendRegime.TRENDING_UP: 1.0, TrendRegime.TRENDING_DOWN: -1.0}
_NEAR = hold("the price is near its mean")
_WITH_THE_TREND = hold("a trend leads away from the mean")
_NOT_TURNED = hold("the price has not turned")


class MeanReversion:
    """Goes back to the mean of 100 bars (every fifth of them) once the price has turned, unless a trend leads away.

    It votes at a distance of 2.5 average true ranges or more, when the last 5 bars went toward the mean; its confidence
    is the distance / 6.
    """

    def vote(self, market: MarketView) -> Vote:
        """Vote for the way back to the mean."""
        bars = market.bars
        closes = [bar.close for bar in bars[-_MEAN_BARS::_EVERY]]
        close, atr = bars[-1].close, market.indicators.atr
        away = close - fsum(closes) / len(closes)
        if abs(away) < _LEAST_DISTANCE * atr or not away:
            return _NEAR
        if _AWAY.get(market.regime, 0.0) * away > 0:
            return _WITH_THE_TREND
        if (close - bars[-_LOOK_BACK - 1].close) * away >= 0:
            return _NOT_TURNED
        distance = abs(away) / atr if atr > 0 else _SURE_DISTANCE
        return follow(-away, distance / _SURE_DISTANCE, f"{distance:.1f} ATR from the mean")
