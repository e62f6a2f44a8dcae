"""Which quotes and bars are fit to trade on: the others are refused, and counted by reason."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from tradewatch.facts import QuotesRefused
from tradewatch.market.bars import Bar
from tradewatch.market.quotes import Quote


class Refusal(StrEnum):
    """Why a quote or a bar is refused."""

    UNKNOWN_SYMBOL = "unknown_symbol"
    NOT_FINITE = "not_finite"
    NOT_POSITIVE = "not_positive"
    CROSSED = "crossed"
    OUT_OF_ORDER = "out_of_order"
    """A bar whose low, open, close and high are not in order."""
    FROM_THE_FUTURE = "from_the_future"
    STALE = "stale"
    TIME_BACKWARDS = "time_backwards"
    DUPLICATE = "duplicate"


class QuoteGate:
    """Judges quotes and bars against those that passed before; a refused one leaves no trace but a count.

    ``symbols``: those that are known. ``stale_after``: the age from which a quote is refused; bars have no such limit.
    ``tolerance``: by which the terminal's clock may be ahead of ours.
    """

    def __init__(
        self,
        symbols: Iterable[str],
        *,
        stale_after: timedelta = timedelta(minutes=2),
        tolerance: timedelta = timedelta(seconds=5),
    ) -> None:
        self._symbols = frozenset(symbols)
        self._stale_after = stale_after
        self._tolerance = tolerance
        self._quotes: dict[str, Quote] = {}
        self._bars: dict[tuple[str, float], datetime] = {}
        self._counts: Counter[tuple[str, Refusal]] = Counter()

    def know(self, symbols: Iterable[str]) -> None:
        """Replace the symbols that are known."""
        self._symbols = frozenset(symbols)

    def check(self, quote: Quote, now: datetime) -> Refusal | None:
        """Return why a quote is refused; None lets it pass. A locked quote (bid = ask) passes."""
        refusal = self._unknown(quote.asset) or _unsound_quote(quote) or self._out_of_time(quote, now)
        if refusal is None:
            self._quotes[quote.asset] = quote
            return None
        return self._counted(quote.asset, refusal)

    def check_bar(self, bar: Bar, now: datetime) -> Refusal | None:
        """Return why a closed bar is refused; None lets it pass. Bars that are late pass: they are history."""
        asset, time, interval, *_ = bar
        key, is_early = (asset, interval), time > now and time > now + self._tolerance
        refusal = (
            (None if asset in self._symbols else Refusal.UNKNOWN_SYMBOL)
            or _unsound_bar(bar)
            or (Refusal.FROM_THE_FUTURE if is_early else None)
            or _against_last(time, self._bars.get(key))
        )
        if refusal is None:
            self._bars[key] = time
            return None
        return self._counted(asset, refusal)

    def take_facts(self) -> list[QuotesRefused]:
        """Return what was refused since the last call, one fact per symbol and reason, in order of both."""
        counts, self._counts = self._counts, Counter()
        return [
            QuotesRefused(asset=asset, reason=reason, count=counts[asset, reason]) for asset, reason in sorted(counts)
        ]

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs. Any: JSON."""
        return {
            "quotes": [[asset, quote.time.isoformat(), quote.bid, quote.ask] for asset, quote in self._quotes.items()],
            "bars": [[asset, interval, time.isoformat()] for (asset, interval), time in self._bars.items()],
            "counts": [[asset, str(reason), count] for (asset, reason), count in self._counts.items()],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from where ``state`` was taken. Any: JSON."""
        self._quotes = {
            asset: Quote(asset, datetime.fromisoformat(time), bid, ask) for asset, time, bid, ask in state["quotes"]
        }
        self._bars = {(asset, interval): datetime.fromisoformat(time) for asset, interval, time in state["bars"]}
        self._counts = Counter({(asset, Refusal(reason)): count for asset, reason, count in state["counts"]})

    def _unknown(self, asset: str) -> Refusal | None:
        return None if asset in self._symbols else Refusal.UNKNOWN_SYMBOL

    def _out_of_time(self, quote: Quote, now: datetime) -> Refusal | None:
        last = self._quotes.get(quote.asset)
        if quote.time > now + self._tolerance:
            return Refusal.FROM_THE_FUTURE
        if now - quote.time > self._stale_after:
            return Refusal.STALE
        if last is not None and quote.time < last.time:
            return Refusal.TIME_BACKWARDS
        return Refusal.DUPLICATE if quote == last else None

    def _counted(self, asset: str, refusal: Refusal) -> Refusal:
        self._counts[asset, refusal] += 1
        return refusal


def _unsound_quote(quote: Quote) -> Refusal | None:
    _, _, bid, ask = quote
    if 0 < bid <= ask < math.inf:
        return None
    return _unsound_prices(bid, ask) or Refusal.CROSSED


def _unsound_bar(bar: Bar) -> Refusal | None:
    _, _, _, open_, high, low, close, volume, spread, _ = bar
    if 0 < low <= open_ <= high < math.inf and low <= close <= high and 0 <= volume < math.inf > spread >= 0:
        return None
    return _unsound_prices(open_, high, low, close) or _unsound_sizes(volume, spread) or Refusal.OUT_OF_ORDER


def _unsound_prices(*prices: float) -> Refusal | None:
    if not all(map(math.isfinite, prices)):
        return Refusal.NOT_FINITE
    return None if min(prices) > 0 else Refusal.NOT_POSITIVE


def _unsound_sizes(*sizes: float) -> Refusal | None:
    if not all(map(math.isfinite, sizes)):
        return Refusal.NOT_FINITE
    return None if min(sizes) >= 0 else Refusal.NOT_POSITIVE


def _against_last(time: datetime, last: datetime | None) -> Refusal | None:
    if last is None or time > last:
        return None
    return Refusal.DUPLICATE if time == last else Refusal.TIME_BACKWARDS
