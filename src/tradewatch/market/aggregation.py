"""Longer bars from shorter ones."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from tradewatch.market.bars import Bar, Timeframe

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BarBuilder:
    """Makes the bars of one timeframe, of any number of assets, from shorter bars or ticks in order of time.

    Bars end at whole multiples of the timeframe since 1970, UTC. One is closed by the bar that ends exactly there, or,
    after a gap, by the first one beyond it; where nothing was seen there is no bar. A tick belongs to the bar that
    starts at or before it, and closes the one before that. A bar of the builder's own length passes as it is; a longer
    one cannot be taken apart and brings nothing. ``late`` counts those that came after their bar was closed.

    >>> from datetime import timedelta
    >>> builder, moment = BarBuilder(Timeframe.M5), datetime(2026, 1, 1, 10, 1, tzinfo=UTC)
    >>> minutes = [Bar("BTC", moment + timedelta(minutes=n), 60.0, n, n + 2, n - 1, n + 1, ticks=3) for n in range(5)]
    >>> [bar] = [made for minute in minutes for made in builder.update(minute)]
    >>> bar.time.isoformat(), bar.interval, bar.open, bar.high, bar.low, bar.close, bar.ticks
    ('2026-01-01T10:05:00+00:00', 300.0, 0, 6, -1, 5, 15)
    """

    def __init__(self, timeframe: Timeframe) -> None:
        self.timeframe = timeframe
        self.late = 0
        self._length = timeframe.length
        self._interval = float(timeframe.seconds)
        self._open: dict[str, Bar] = {}
        self._closed: dict[str, datetime] = {}

    def update(self, bar: Bar) -> list[Bar]:
        """Take a bar or a tick, and return the bars that it closes: none, one, or after a gap two."""
        if bar.interval > self._interval:
            return []
        end = self._end(bar)
        if end <= self._closed.get(bar.asset, _EPOCH) or self._is_behind(bar.asset, end):
            self.late += 1
            return []
        closed = self._close_before(bar.asset, end)
        begun = self._open.get(bar.asset)
        self._open[bar.asset] = self._begin(bar, end) if begun is None else _joined(begun, bar)
        if bar.interval and bar.time == end:
            closed.append(self._close(bar.asset))
        return closed

    def close_until(self, moment: datetime) -> list[Bar]:
        """Close the bars that end at this moment or before, for nothing of them can follow; in order of time."""
        over = sorted((bar for bar in self._open.values() if bar.time <= moment), key=lambda bar: bar.time)
        return [self._close(bar.asset) for bar in over]

    def state(self) -> dict[str, Any]:  # Any: JSON's values
        """Return what `restore` needs: the bars under way, when each asset's last one ended, how many came late."""
        kept = _State(open=list(self._open.values()), closed=self._closed, late=self.late)
        return dict(msgspec.to_builtins(kept))

    def restore(self, state: object) -> None:
        """Go on from where ``state`` was taken; raises `msgspec.ValidationError` for what is no such state."""
        kept = msgspec.convert(state, _State)
        self._open = {bar.asset: bar for bar in kept.open}
        self._closed = kept.closed
        self.late = kept.late

    def _end(self, bar: Bar) -> datetime:
        whole, rest = divmod(bar.time - _EPOCH, self._length)
        return _EPOCH + (whole + 1 if rest or not bar.interval else whole) * self._length

    def _is_behind(self, asset: str, end: datetime) -> bool:
        begun = self._open.get(asset)
        return begun is not None and end < begun.time

    def _close_before(self, asset: str, end: datetime) -> list[Bar]:
        begun = self._open.get(asset)
        return [self._close(asset)] if begun is not None and begun.time < end else []

    def _close(self, asset: str) -> Bar:
        bar = self._open.pop(asset)
        self._closed[asset] = bar.time
        return bar

    def _begin(self, bar: Bar, end: datetime) -> Bar:
        return bar._replace(time=end, interval=self._interval)


class _State(msgspec.Struct, kw_only=True):
    open: list[Bar]
    closed: dict[str, datetime]
    late: int


def _joined(begun: Bar, bar: Bar) -> Bar:
    return begun._replace(
        high=max(begun.high, bar.high),
        low=min(begun.low, bar.low),
        close=bar.close,
        volume=begun.volume + bar.volume,
        spread=bar.spread,
        ticks=begun.ticks + bar.ticks,
    )
