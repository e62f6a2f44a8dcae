"""What a book knows of the market: newest prices, indicators and regimes of each asset."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import fsum

from tradewatch.book.groups import LARGEST, OTHER
from tradewatch.facts import BarClosed, QuotesRefused, RegimeEntered

MOST_REGIMES = 32
"""Regimes that are told apart before further ones are `OTHER`."""

_QUARTER, _DAY = 900.0, 86_400.0
_TOO_OLD = _DAY + 3_600


FRESH_SECONDS = 300.0
"""The age of an asset's newest bar up to which its readings are those of now, if its bars are short."""

_BARS_MISSED = 3


@dataclass(slots=True)
class AssetMarket:
    """The newest of one asset; None where it has not been told. ``times`` and ``since`` are in Unix seconds.

    ``first``: its first price since the account began. ``interval``: seconds of its longest bars.
    """

    price: float | None = None
    first: float | None = None
    spread: float | None = None
    time: float | None = None
    interval: float = 0.0
    ticks: int = 0
    indicators: Mapping[str, float] = field(default_factory=dict)
    regime: str | None = None
    since: float = 0.0
    changes: int = 0
    transitions: Counter[tuple[str, str]] = field(default_factory=Counter)
    times: dict[str, float] = field(default_factory=dict)
    _quarters: deque[tuple[float, float]] = field(default_factory=deque)  # when each began to be priced, and its price
    _next_quarter: float = 0.0

    @property
    def patience(self) -> float | None:
        """How old, in seconds, the newest bar may be: 5 minutes, or 3 of its longest bars; None before the first."""
        return None if self.time is None else max(FRESH_SECONDS, _BARS_MISSED * self.interval)

    def is_fresh(self, at: float) -> bool:
        """Whether the newest bar is so young that what was told is true of now.

        An asset of which no bar is told is never stale.
        """
        return self.time is None or self.patience is None or at - self.time <= self.patience

    def see(self, time: float, price: float) -> None:
        """Take a price."""
        self.price, self.time = price, time
        if time >= self._next_quarter:
            self._next_quarter = (time // _QUARTER + 1) * _QUARTER
            kept = self._quarters
            kept.append((time, price))
            while len(kept) > 1 and kept[1][0] <= time - _DAY:
                kept.popleft()

    @property
    def change(self) -> float | None:
        """The newest price / that of 24 hours before it, or up to a quarter of an hour more, - 1; None without one."""
        if self.time is None or self.price is None:
            return None
        old = [price for time, price in self._quarters if _DAY <= self.time - time <= _TOO_OLD]
        return self.price / old[-1] - 1 if old else None

    def enter(self, time: float, regime: str) -> None:
        """Take a regime; the same one again changes nothing."""
        if regime == self.regime:
            return
        if self.regime is not None:
            self.changes += 1
            self.transitions[self.regime, regime] += 1
            self.times[self.regime] = self.times.get(self.regime, 0.0) + time - self.since
        self.regime, self.since = regime, time

    def time_in(self, at: float) -> Mapping[str, float]:
        """Return the seconds in each regime until a moment."""
        spent = dict(self.times)
        if self.regime is not None:
            spent[self.regime] = spent.get(self.regime, 0.0) + max(0.0, at - self.since)
        return spent


class Market:
    """Folds bars, regimes and refused quotes; of assets beyond the first `LARGEST` only ticks are counted.

    A bar that counts ``ticks`` is a price that was seen; one that does not only brings indicators.
    """

    def __init__(self) -> None:
        self.ticks = 0
        self.is_counted = False
        """Whether the account has begun: then prices count for what buying and holding makes."""

        self._regimes: set[str] = set()
        self.refused: Counter[tuple[str, str]] = Counter()
        self._assets: dict[str, AssetMarket] = {}

    def bar(self, time: datetime, fact: BarClosed) -> None:
        """Take a closed bar."""
        asset = self._of(fact.asset)
        if fact.ticks is not None:
            self.ticks += fact.ticks
        if asset is None:
            return
        asset.see(time.timestamp(), fact.close)
        asset.interval = max(asset.interval, fact.interval)
        if asset.first is None and self.is_counted:
            asset.first = fact.close
        asset.ticks += fact.ticks or 0
        if fact.spread is not None:
            asset.spread = fact.spread
        if fact.indicators:
            asset.indicators = fact.indicators

    def regime(self, time: datetime, fact: RegimeEntered) -> None:
        """Take a regime that an asset entered."""
        if (asset := self._of(fact.asset)) is not None:
            asset.enter(time.timestamp(), self._named(fact.regime))

    def refuse(self, fact: QuotesRefused) -> None:
        """Take the news that quotes were no use."""
        if self._of(fact.asset) is not None:
            key = fact.asset, fact.reason
            self.refused[key if key in self.refused or len(self.refused) < LARGEST else (OTHER, OTHER)] += fact.count

    @property
    def buy_and_hold(self) -> float | None:
        """Mean return of the assets since the account began; None before the first bar since."""
        returns = [seen.price / seen.first - 1 for seen in self._assets.values() if seen.price and seen.first]
        return fsum(returns) / len(returns) if returns else None

    def regime_of(self, asset: str) -> str | None:
        """Return the regime an asset is in, None before its first one."""
        known = self._assets.get(asset)
        return known.regime if known else None

    def assets(self) -> Iterator[tuple[str, AssetMarket]]:
        """Yield the assets by name."""
        yield from self._assets.items()

    def _named(self, regime: str) -> str:
        if regime not in self._regimes:
            if len(self._regimes) >= MOST_REGIMES:
                return OTHER
            self._regimes.add(regime)
        return regime

    def _of(self, asset: str) -> AssetMarket | None:
        known = self._assets.get(asset)
        if known is None and len(self._assets) < LARGEST:
            known = self._assets[asset] = AssetMarket()
        return known
