"""Candles of an exchange as closed bars."""

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from tradewatch.market.bars import Bar, Timeframe

SETTLING = timedelta(seconds=2)
"""After its end a newest candle may still be waiting for its last trade, for two clocks are never the same."""

_TOLERANCE = timedelta(seconds=5)
"""By which an exchange's clock may be ahead of ours without a word."""


_LAST = datetime(9999, 1, 1, tzinfo=UTC)
"""Intervals of later times have no end that can be written."""


class Candle(NamedTuple):
    """What an exchange says of an interval that began at ``begin``; NaN where it says nothing that is a number."""

    begin: datetime | None
    open: float
    high: float
    low: float
    close: float
    volume: float


_NOTHING = Candle(None, *[math.nan] * 5)


class Asked(NamedTuple):
    """A question for bars that ended later than ``since``, as it was asked at ``now``.

    ``behind``: how far the exchange's clock is behind ours. ``spread``: usual ask - bid, a share of the price.
    """

    asset: str
    timeframe: Timeframe
    since: datetime
    now: datetime
    behind: timedelta
    spread: float


def candles(rows: Iterable[object]) -> list[Candle]:
    """Return rows of time (milliseconds), open, high, low, close and volume as candles; no row is too odd."""
    return [_candle(row) for row in rows]


def closed_bars(found: Sequence[Candle], asked: Asked) -> list[Bar]:
    """Return the bars that are over, by their end, oldest first.

    What the gate of a gateway refuses and counts is left in: prices that are none, times that came twice, the first
    bar that ends in the future, and candles without a time, as bars without prices at the beginning.
    """
    timed = sorted((each for each in found if each.begin is not None), key=_begin)
    over = list(_over(timed, asked))
    past = [bar for bar in over if asked.since < bar.time <= asked.now]
    future = (bar for bar in over if bar.time > asked.now + _TOLERANCE)
    timeless = [_bar(_NOTHING, asked, asked.since + timedelta.resolution) for each in found if each.begin is None]
    return [*timeless, *past, *islice(future, 1)]


def _over(timed: Sequence[Candle], asked: Asked) -> Iterator[Bar]:
    """Yield the bars of candles after which a later one was begun, or whose end lies far enough back."""
    for each in timed:
        end = _begin(each) + asked.timeframe.length
        is_followed = _begin(each) < _begin(timed[-1])
        if is_followed or end + SETTLING + asked.behind <= asked.now:
            yield _bar(each, asked, end)


def _begin(candle: Candle) -> datetime:
    return candle.begin or datetime.min.replace(tzinfo=UTC)


def _bar(candle: Candle, asked: Asked, end: datetime) -> Bar:
    _, open_, high, low, close, volume = candle
    spread = abs(close) * asked.spread
    return Bar(asked.asset, end, asked.timeframe.seconds, open_, high, low, close, volume, spread)


def _candle(row: object) -> Candle:
    values = list(row) if isinstance(row, list | tuple) else []
    begin, *rest = [number(each) for each in (*values, *[None] * 6)][:6]
    return Candle(time_of(begin), *rest)


def number(value: object) -> float:
    """Return a number; NaN for what is none.

    >>> [number(each) for each in (1, "1", None, True)]
    [1.0, nan, nan, nan]
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        return float(value) if is_number else math.nan  # type: ignore[arg-type] # it is one
    except OverflowError:
        return math.nan


def time_of(milliseconds: float) -> datetime | None:
    """Return the moment so many milliseconds after 1970, UTC; None for what is none.

    >>> time_of(1_767_225_600_000).isoformat(), time_of(float("nan")), time_of(1e30)
    ('2026-01-01T00:00:00+00:00', None, None)
    """
    try:
        moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment < _LAST else None
