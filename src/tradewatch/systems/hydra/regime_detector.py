"""The regimes of all assets, and how they came to be."""

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypedDict

import msgspec

from tradewatch.facts import Entry, RegimeEntered
from tradewatch.market.bars import Bar
from tradewatch.regimes import TrendRegime
from tradewatch.systems.hydra.market_view import MarketView
from tradewatch.systems.hydra.watch import Watch

BARS_KEPT = 100
"""Bars of each asset that engines can look back on, unless told otherwise."""

LEAST_BARS_KEPT = 100
"""What the built-in engines look back on."""

CHANGES_KEPT = 500
"""Changes of regime that are remembered; the ledger has them all."""

# Any in this file: a state is what `state` of the same version returned.


class DetectedRegime(TypedDict):
    """An asset's regime and indicators at its newest bar; what is undefined yet is there and None.

    ``confidence``: share of the last 20 bars that had the regime. ``adx``: 0 to 100. ``atr``: price. ``bb_width``: a
    ratio. ``volatility``: per year, a ratio. ``since``: when the bar closed that changed the regime.
    """

    regime: TrendRegime | None
    confidence: float | None
    adx: float | None
    atr: float | None
    bb_width: float | None
    volatility: float | None
    since: datetime | None


class RegimeDetector:
    """Follows the bars of any number of assets and tells the regime of each; see `tradewatch.regimes.trend`.

    ``interval``: seconds of a bar. ``bars_kept``: for engines to see, at least 100, or `ValueError`.
    ``regime_history``: the newest `CHANGES_KEPT` changes of all assets, as they were told.

    A regime is known after 121 bars at the earliest; ATR after 14, bands after 20, ADX after 28, volatility after 31.
    Methods raise `KeyError` for an asset it does not follow; asking changes nothing.
    """

    def __init__(self, assets: Iterable[str], interval: float = 60.0, bars_kept: int = BARS_KEPT) -> None:
        if bars_kept < LEAST_BARS_KEPT:
            message = f"{bars_kept} bars are too few for the engines: keep {LEAST_BARS_KEPT} or more"
            raise ValueError(message)
        self._watches = {asset: Watch(asset, interval, bars_kept) for asset in assets}
        self.regime_history: deque[Entry] = deque(maxlen=CHANGES_KEPT)

    def update(self, bar: Bar) -> Entry | None:
        """Take the next closed bar of its asset, each once; return the change of regime that it brought, if any."""
        watch = self._watches[bar.asset]
        if not watch.update(bar):
            return None
        entry = _entry(bar.time, _entered(watch))
        self.regime_history.append(entry)
        return entry

    def detect_regime(self, asset: str) -> DetectedRegime:
        """Return an asset's regime and indicators."""
        watch = self._watches[asset]
        told = watch.indicators
        return DetectedRegime(
            regime=watch.regime,
            confidence=told["regime_confidence"],
            adx=told["adx"],
            atr=told["atr"],
            bb_width=told["bb_width"],
            volatility=told["volatility"],
            since=watch.since,
        )

    @property
    def regimes(self) -> dict[str, str]:
        """The regime of every asset that has one."""
        return {asset: watch.regime.value for asset, watch in self._watches.items() if watch.regime is not None}

    def indicators(self, asset: str) -> Mapping[str, float]:
        """Return the indicators that are defined, by name, as a bar's fact carries them."""
        told = self._watches[asset].indicators
        if None not in told.values():
            return told  # type: ignore[return-value]  # none is None
        return {name: value for name, value in told.items() if value is not None}

    def view(self, asset: str) -> MarketView | None:
        """Return what engines see of an asset; None while it has no regime."""
        return self._watches[asset].view

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here."""
        history = [(entry.time, entry.fact) for entry in self.regime_history]
        return {
            "watches": {asset: watch.state() for asset, watch in self._watches.items()},
            "history": msgspec.to_builtins(history),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from where ``state`` was taken; assets that it does not know begin anew."""
        for asset, watch in self._watches.items():
            if asset in state["watches"]:
                watch.restore(state["watches"][asset])
        history = msgspec.convert(state["history"], list[tuple[datetime, RegimeEntered]])
        self.regime_history.clear()
        self.regime_history.extend(_entry(time, fact) for time, fact in history)


def _entered(watch: Watch) -> RegimeEntered:
    return RegimeEntered(
        asset=watch.asset,
        regime=str(watch.regime),
        previous=None if watch.previous is None else watch.previous.value,
        confidence=watch.confidence,
    )


def _entry(time: datetime, fact: RegimeEntered) -> Entry:
    return Entry(time, f"regime/{fact.asset}/{time.isoformat()}", fact)
