"""One asset: what its closed bars say of its regime."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from tradewatch.indicators import RealisedVolatility
from tradewatch.market.bars import Bar
from tradewatch.regimes import TrendClassifier, TrendRegime
from tradewatch.systems.hydra.market_view import MarketView

# Any in this file: a state is what `state` of the same version returned.


class Watch:
    """Follows the closed bars of one asset, in order. ``since``: when the bar closed that changed the regime."""

    def __init__(self, asset: str, interval: float, bars_kept: int) -> None:
        self.asset = asset
        self.since: datetime | None = None
        self._kept = bars_kept
        self._bars: list[Bar] = []  # the newest are at its end; a slice of a list is quicker than all of a deque
        self._classifier = TrendClassifier()
        self._volatility = RealisedVolatility(interval)

    def update(self, bar: Bar) -> bool:
        """Take the next closed bar; return whether the regime changed."""
        bars = self._bars
        bars.append(bar)
        if len(bars) >= 2 * self._kept:
            del bars[: self._kept]
        self._volatility.update(bar)
        if not self._classifier.update(bar):
            return False
        self.since = bar.time
        return True

    @property
    def regime(self) -> TrendRegime | None:
        """The regime that counts; None while warming up."""
        return self._classifier.value

    @property
    def previous(self) -> TrendRegime | None:
        """The regime before; None when there was none."""
        return self._classifier.lasting.previous

    @property
    def confidence(self) -> float | None:
        """Share of the last 20 bars that had the regime; None while warming up."""
        return self._classifier.lasting.confidence

    @property
    def indicators(self) -> Mapping[str, float | None]:
        """The indicators at the newest bar, by name; None for one that warms up."""
        told = self._classifier.readings or self._classifier.indicators
        return {
            "adx": told.adx,
            "atr": told.atr,
            "bb_width": told.bb_width,
            "volatility": self._volatility.value,
            "regime_confidence": self._classifier.lasting.confidence,
        }

    @property
    def view(self) -> MarketView | None:
        """What engines see; None while warming up."""
        classifier, volatility = self._classifier, self._volatility.value
        lasting, readings = classifier.lasting, classifier.readings
        regime, confidence = lasting.value, lasting.confidence
        if readings is None or regime is None or confidence is None or volatility is None:
            return None
        bars = tuple(self._bars[-self._kept :])
        return MarketView(self.asset, bars, readings, regime, lasting.previous, lasting.bars, confidence, volatility)

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here."""
        return {
            "since": None if self.since is None else self.since.isoformat(),
            "bars": msgspec.to_builtins(self._bars[-self._kept :]),
            "classifier": self._classifier.state(),
            "volatility": self._volatility.state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from where ``state`` was taken."""
        self.since = None if state["since"] is None else datetime.fromisoformat(state["since"])
        self._bars = msgspec.convert(state["bars"], list[Bar])
        self._classifier.restore(state["classifier"])
        self._volatility.restore(state["volatility"])
