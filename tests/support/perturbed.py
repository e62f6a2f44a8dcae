"""A feed whose future is another one."""

from collections.abc import Sequence
from datetime import datetime

from tradewatch.market.bars import Bar
from tradewatch.market.feed import Feed


class Perturbed:
    """Brings the bars of a feed; those that close ``after`` a moment leap and swing, in price, spread and volume."""

    def __init__(self, feed: Feed, after: datetime) -> None:
        self.instruments = feed.instruments
        self.start = feed.start
        self._feed = feed
        self._after = after

    @property
    def is_over(self) -> bool:
        return self._feed.is_over

    def advance(self, until: datetime) -> Sequence[Bar]:
        return [self._other(bar) if bar.time > self._after else bar for bar in self._feed.advance(until)]

    def state(self) -> object:
        return self._feed.state()

    def restore(self, state: object) -> None:
        self._feed.restore(state)

    @staticmethod
    def _other(bar: Bar) -> Bar:
        factor = 1.05 if bar.time.minute % 2 else 0.96
        prices = {name: getattr(bar, name) * factor for name in ("open", "high", "low", "close")}
        return bar._replace(**prices, spread=bar.spread * 3, volume=bar.volume + 11)
