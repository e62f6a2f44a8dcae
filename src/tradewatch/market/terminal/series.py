"""The newest closed bars of each symbol and timeframe, made from the bars of a feed."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from tradewatch.market.bars import Bar, Timeframe

REMEMBERED = 20
"""Bars of each symbol and timeframe that a state keeps."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


class _Growing:
    """Bars of one length that end at whole multiples of it; one is closed by the shorter bar that reaches its end.

    A bar whose last part is missing is closed by the first shorter bar after its end. ``closed``: the newest ones.
    """

    __slots__ = ("_end", "_length", "_parts", "closed")

    def __init__(self, timeframe: Timeframe, kept: int) -> None:
        self.closed: deque[Bar] = deque(maxlen=kept)
        self._length = timeframe.seconds
        self._end = 0
        self._parts: list[Bar] = []

    def take(self, part: Bar, end: int) -> None:
        """Take a shorter bar that ended ``end`` seconds after 1970."""
        if end > self._end:
            if self._parts:
                self._close()
            self._end = -(-end // self._length) * self._length
            if end == self._end and part.interval == self._length:
                self.closed.append(part)
                return
        self._parts.append(part)
        if end == self._end:
            self._close()

    def _close(self) -> None:
        parts, self._parts = self._parts, []
        first, last = parts[0], parts[-1]
        if first is last and last.interval == self._length:
            self.closed.append(last)
            return
        self.closed.append(
            Bar(
                last.asset,
                _EPOCH + self._end * _SECOND,
                float(self._length),
                first.open,
                max([part.high for part in parts]),
                min([part.low for part in parts]),
                last.close,
                sum([part.volume for part in parts]),
                last.spread,
                sum([part.ticks for part in parts]),
            )
        )

    def state(self) -> list[Any]:
        """Return the newest bars, and the parts of the one that grows. Any: JSON."""
        newest = list(islice(reversed(self.closed), REMEMBERED))[::-1]
        return [[_plain(bar) for bar in newest], [_plain(part) for part in self._parts], self._end]

    def restore(self, asset: str, state: Sequence[Any]) -> None:
        """Go on from there. Any: JSON."""
        closed, parts, self._end = state
        self.closed.clear()
        self.closed.extend(_bar(asset, each) for each in closed)
        self._parts = [_bar(asset, each) for each in parts]


_NONE: Mapping[Timeframe, _Growing] = {}


class Series:
    """Keeps the last ``kept`` bars of every symbol on some timeframes; takes a feed's bars in order of time.

    There are none of timeframes that are shorter than the feed's bars. A tick is a bar of the shortest timeframe.
    """

    def __init__(self, kept: int, timeframes: Sequence[Timeframe] = tuple(Timeframe)) -> None:
        self._kept = kept
        self._timeframes = timeframes
        self._growing: dict[str, dict[Timeframe, _Growing]] = {}

    def take(self, bars: Iterable[Bar]) -> None:
        """Take closed bars."""
        time, end = None, 0
        for bar in bars:
            if bar.time is not time:  # which those of a minute share
                time = bar.time
                end = int(time.timestamp())
            growing = self._growing.get(bar.asset)
            if growing is None:
                growing = self._growing[bar.asset] = {
                    each: _Growing(each, self._kept) for each in self._timeframes if each.seconds >= bar.interval
                }
            for each in growing.values():
                each.take(bar, end)

    def newest(self, symbol: str, count: int) -> Iterator[Bar]:
        """Yield at most ``count`` bars of the shortest timeframe there is, newest first."""
        growing = next(iter(self._growing.get(symbol, _NONE).values()), None)
        return iter(()) if growing is None else islice(reversed(growing.closed), count)

    def after(self, symbol: str, timeframe: Timeframe, moment: datetime) -> Sequence[Bar]:
        """Return the kept bars that ended later than a moment, oldest first."""
        later: list[Bar] = []
        for bar in reversed(self._closed(symbol, timeframe)):
            if bar.time <= moment:
                break
            later.append(bar)
        later.reverse()
        return later

    def last(self, symbol: str, timeframe: Timeframe, count: int) -> Sequence[Bar]:
        """Return at most ``count`` of the newest kept bars, oldest first."""
        return list(islice(reversed(self._closed(symbol, timeframe)), count))[::-1]

    def state(self) -> list[Any]:
        """Return what goes on from here: bars that are not complete yet, and the last few that are. Any: JSON."""
        return [
            [symbol, timeframe.name, growing.state()]
            for symbol, by_timeframe in self._growing.items()
            for timeframe, growing in by_timeframe.items()
        ]

    def restore(self, state: Iterable[Any]) -> None:
        """Go on from where ``state`` was taken. Any: JSON."""
        self._growing.clear()
        for symbol, name, growing in state:
            timeframe = Timeframe[name]
            made = self._growing.setdefault(symbol, {})[timeframe] = _Growing(timeframe, self._kept)
            made.restore(symbol, growing)

    def _closed(self, symbol: str, timeframe: Timeframe) -> Sequence[Bar]:
        growing = self._growing.get(symbol, _NONE).get(timeframe)
        return () if growing is None else growing.closed


def _plain(bar: Bar) -> list[Any]:
    return [bar.time.isoformat(), *bar[2:]]


def _bar(symbol: str, plain: Sequence[Any]) -> Bar:
    time, *numbers = plain
    return Bar(symbol, datetime.fromisoformat(time), *numbers)
