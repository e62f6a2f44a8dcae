"""What a market did, as the system saw it."""

from collections.abc import Mapping

from tradewatch.facts.bounds import Amount, Count, Magnitude, Name, Price, Seconds, Share
from tradewatch.facts.fact import Fact


class BarClosed(Fact, frozen=True, kw_only=True, gc=False):  # in no cycle: texts and numbers
    """A bar of ``interval`` seconds ended at the entry's time.

    ``volume``: traded or tick volume. ``ticks``: quotes seen. ``spread``: ask - bid at the close.
    ``indicators``: what the system measured at the close, by name; one that is undefined is not among them.
    """

    asset: Name
    interval: Seconds
    open: Price
    high: Price
    low: Price
    close: Price
    volume: Magnitude = 0.0
    spread: Magnitude | None = None
    ticks: Count | None = None
    indicators: Mapping[str, Amount] = {}


class RegimeEntered(Fact, frozen=True, kw_only=True):
    """An asset's market regime became ``regime``; ``previous`` is None for its first one."""

    asset: Name
    regime: Name
    previous: Name | None = None
    timeframe: Name | None = None
    confidence: Share | None = None


class QuotesRefused(Fact, frozen=True, kw_only=True):
    """``count`` quotes of an asset were refused: crossed, stale, negative, out of order ..."""

    asset: Name
    reason: Name
    count: Count = 1
