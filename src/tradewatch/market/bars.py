"""Closed bars, and the timeframes they come in."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from tradewatch.facts import BarClosed


class Timeframe(Enum):
    """A length of bar, under MetaTrader's names.

    >>> Timeframe.M5.seconds
    300
    """

    M1 = 60
    M5 = 300
    M15 = 900
    H1 = 3_600

    seconds: int
    """Seconds in a bar."""
    length: timedelta
    """The bar as a duration."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        self.length = timedelta(seconds=seconds)

    __hash__ = object.__hash__  # there is one of each; an enumeration's own hash is that of its name, and slow


class Bar(NamedTuple):
    """A bar that ended at ``time`` (aware UTC); what `tradewatch.indicators.Bar` asks for.

    Prices are mid prices, half-way between bid and ask. ``interval``: seconds; 0 for a single tick, whose four prices
    are one. ``spread``: ask - bid at the close, in price; 0 is a locked quote. ``volume``: traded or tick volume;
    ``ticks``: quotes seen.
    """

    asset: str
    time: datetime
    interval: float
    open: float
    high: float
    low: float
    close: float
    volume: float = 0.0
    spread: float = 0.0
    ticks: int = 0

    def known_at(self, now: datetime) -> "Bar":
        """Return the bar as one that ends only now, when it is known; it begins when it began.

        So what it fills and closes is told now, and is nothing that was decided after it began.
        """
        late = (now - self.time).total_seconds()
        return self._replace(time=now, interval=self.interval + late)

    @property
    def fact(self) -> BarClosed:
        """The bar as it is recorded, at its ``time``."""
        return self.fact_with({})

    def fact_with(self, indicators: Mapping[str, float]) -> BarClosed:
        """Return the bar as it is recorded, with what was measured at its close."""
        asset, _, interval, open_, high, low, close, volume, spread, ticks = self
        return BarClosed(
            asset=asset,
            interval=interval,
            open=open_,
            high=high,
            low=low,
            close=close,
            volume=volume,
            spread=spread,
            ticks=ticks,
            indicators=indicators,
        )

    def fact_of(self, indicators: Mapping[str, float]) -> BarClosed:
        """Return the bar as it is recorded for what was measured at its close; its quotes are counted elsewhere."""
        return BarClosed(
            asset=self.asset,
            interval=self.interval,
            open=self.open,
            high=self.high,
            low=self.low,
            close=self.close,
            volume=self.volume,
            indicators=indicators,
        )
