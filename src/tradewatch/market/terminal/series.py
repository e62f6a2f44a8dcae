"""The newest closed bars of each symbol and timeframe, made from one-minute bars."""

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice, takewhile
from typing import Any

from tradewatch.market.bars import Bar, Timeframe
from tradewatch.market.clock import next_boundary

REMEMBERED = 20
"""Bars of each symbol and timeframe that a state keeps."""


class _Growing:
    """Bars of one length that end at whole multiples of it; one is closed by the minute that reaches its end.

    A bar whose last minutes are missing is closed by the first minute after its end.
    """

    def __init__(self, timeframe: Timeframe) -> None:
        self._timeframe = timeframe
        self.open: Bar | None = None

    def take(self, minute: Bar) -> Iterable[Bar]:
        end = next_boundary(minute.time - Timeframe.M1.length, self._timeframe.length)
        if self.open is not None and self.open.time < end:
            yield self.open
            self.open = None
        self.open = (
            minute._replace(time=end, interval=self._timeframe.seconds)
            if self.open is None
            else self._grown(self.open, minute)
        )
        if minute.time >= end:
            yield self.open
            self.open = None

    @staticmethod
    def _grown(bar: Bar, minute: Bar) -> Bar:
        return bar._replace(
            high=max(bar.high, minute.high),
            low=min(bar.low, minute.low),
            close=minute.close,
            volume=bar.volume + minute.volume,
            spread=minute.spread,
            ticks=bar.ticks + minute.ticks,
        )


class Series:
    """Keeps the last ``kept`` bars of every symbol and timeframe; takes one-minute bars in order of time."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._closed: dict[tuple[str, Timeframe], deque[Bar]] = {}
        self._growing: dict[tuple[str, Timeframe], _Growing] = {}

    def take(self, minutes: Iterable[Bar]) -> None:
        """Take closed one-minute bars."""
        for minute in minutes:
            for timeframe in Timeframe:
                growing = self._growing.setdefault((minute.asset, timeframe), _Growing(timeframe))
                self._bars(minute.asset, timeframe).extend(growing.take(minute))

    def after(self, symbol: str, timeframe: Timeframe, moment: datetime) -> Sequence[Bar]:
        """Return the kept bars that ended later than a moment, oldest first."""
        newest_first = reversed(self._closed.get((symbol, timeframe), ()))
        return list(takewhile(lambda bar: bar.time > moment, newest_first))[::-1]

    def last(self, symbol: str, timeframe: Timeframe, count: int) -> Sequence[Bar]:
        """Return at most ``count`` of the newest kept bars, oldest first."""
        return list(islice(reversed(self._closed.get((symbol, timeframe), ())), count))[::-1]

    def state(self) -> list[Any]:
        """Return what goes on from here: bars that are not complete yet, and the last few that are. Any: JSON."""
        return [
            [
                symbol,
                timeframe.name,
                [_plain(bar) for bar in self.last(symbol, timeframe, REMEMBERED)],
                _plain(growing.open),
            ]
            for (symbol, timeframe), growing in self._growing.items()
        ]

    def restore(self, state: Iterable[Any]) -> None:
        """Go on from where ``state`` was taken. Any: JSON."""
        self._closed.clear()
        self._growing.clear()
        for symbol, name, closed, unfinished in state:
            timeframe = Timeframe[name]
            self._bars(symbol, timeframe).extend(_bar(symbol, timeframe, each) for each in closed)
            growing = self._growing[symbol, timeframe] = _Growing(timeframe)
            growing.open = None if unfinished is None else _bar(symbol, timeframe, unfinished)

    def _bars(self, symbol: str, timeframe: Timeframe) -> deque[Bar]:
        return self._closed.setdefault((symbol, timeframe), deque(maxlen=self._kept))


def _plain(bar: Bar | None) -> list[Any] | None:
    return None if bar is None else [bar.time.isoformat(), *bar[3:]]


def _bar(symbol: str, timeframe: Timeframe, plain: Sequence[Any]) -> Bar:
    time, *numbers = plain
    return Bar(symbol, datetime.fromisoformat(time), timeframe.seconds, *numbers)
