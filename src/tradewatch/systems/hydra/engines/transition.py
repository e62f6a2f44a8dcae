"""Engine D: volatility that grows, and regimes that have just begun."""

from tradewatch.regimes import TrendRegime
from tradewatch.systems.hydra.engines.engine import Vote, follow, hold
from tradewatch.systems.hydra.market_view import MarketView

_YOUNG = 10
_LOOK_BACK = 5
_GROWING = 1.2
_DISCOUNT = 0.8
_SIGN = {TrendRegime.TRENDING_UP: 1.0, TrendRegime.TRENDING_DOWN: -1.0}
_CALM = hold("volatility does not grow")
_UNDIRECTED = hold("volatility grows without direction")


class Transition:
    """Goes with a trend in its first 10 bars, and else with the impulse while volatility grows.

    A trend's confidence is the regime's. Volatility grows when ATR is above 1.2 times its 50-bar mean; the impulse is
    what the price moved in 5 bars, if that is more than an ATR. Its confidence is ATR / mean - 0.8: 0.4 at the least.
    """

    def vote(self, market: MarketView) -> Vote:
        """Vote for a new trend, else for the impulse."""
        sign = _SIGN.get(market.regime)
        if sign is not None and market.bars_in_regime <= _YOUNG:
            return follow(sign, market.regime_confidence, f"{market.regime.value} began")
        return _impulse(market)


def _impulse(market: MarketView) -> Vote:
    seen = market.indicators
    growth = seen.atr / seen.atr_mean if seen.atr_mean > 0 else 0.0
    if growth <= _GROWING:
        return _CALM
    moved = market.close - market.bars[-_LOOK_BACK - 1].close
    if abs(moved) <= seen.atr:
        return _UNDIRECTED
    return follow(moved, growth - _DISCOUNT, f"volatility x {growth:.1f} with an impulse")
