"""An engine that trades at night, against the last hour."""

from tradewatch.systems.hydra.engines import MarketView, Vote, follow, hold


class NightWatch:
    """Goes against the move of the last 60 bars between 00:00 and 06:00 UTC."""

    def vote(self, market: MarketView) -> Vote:
        """Vote against the last hour; its confidence is the move in tens of average true ranges."""
        if market.bars[-1].time.hour >= 6:
            return hold("it is day")
        moved = market.close - market.bars[-61].close
        if abs(moved) <= market.indicators.atr:
            return hold("a quiet hour")
        return follow(-moved, abs(moved) / market.indicators.atr / 10, "a restless hour at night")
