"""What an engine sees of a market: one asset, as it stands at a closed bar."""

from typing import NamedTuple

from tradewatch.market.bars import Bar
from tradewatch.regimes import TrendReadings, TrendRegime


class MarketView(NamedTuple):
    """One asset at a closed bar, which nothing can change; nothing of it is later than that bar.

    ``bars``: closed ones, the newest last, of the newest 100 (unless the detector was told otherwise). ``indicators``:
    at the newest bar. ``regime``: the one that counts; ``previous_regime``: the one before, None when there was none;
    ``bars_in_regime``: since the change, 1 at the bar that changed it. ``regime_confidence``: share of the last 20 bars
    that had the regime. ``volatility``: of the last 30 log returns, per year, a ratio.
    """

    asset: str
    bars: tuple[Bar, ...]
    indicators: TrendReadings
    regime: TrendRegime
    previous_regime: TrendRegime | None
    bars_in_regime: int
    regime_confidence: float
    volatility: float

    @property
    def close(self) -> float:
        """The newest price."""
        return self.bars[-1].close
