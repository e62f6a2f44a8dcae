"""History as a feed: bars or ticks from CSV and Parquet files, read row by row."""

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from tradewatch.errors import ConfigurationError
from tradewatch.market.bars import Bar
from tradewatch.market.instruments import Instruments
from tradewatch.market.replay_files import PriceFile, Terms, TimeOf, found
from tradewatch.market.replay_rows import UNTOLD, in_order
from tradewatch.market.replay_survey import instrument, interval_of, surveyed
from tradewatch.market.replay_values import Refusal

_NEVER = datetime.min.replace(tzinfo=UTC)


def replay(  # noqa: PLR0913 - keywords, each with a default that suits what exchanges write
    path: str | Path,
    *,
    start: datetime | None = None,
    time_of: TimeOf = "open",
    zone: tzinfo | None = None,
    interval: float | None = None,
    known: Instruments | None = None,
    spread_points: float = 2.0,
    quote_currency: str = "USD",
) -> "ReplayFeed":
    """Return the history in a file, in a folder's files or in those that match a pattern, merged in order of time.

    Files end in .csv, .csv.gz or .parquet; a file is of the asset that its name tells (ADA_BTC-5m.csv.gz: ADA_BTC)
    unless it has a column asset or symbol, and then is in order of time for all of them. Columns are recognised by name
    (time or date, open, high, low, close, volume, spread in price), or without names by order. Ticks (time, bid, ask)
    become bars of a minute of their mid prices. Bars keep the interval that they have, the smallest step between two;
    gaps stay gaps.

    ``start``: when trading starts, earlier bars are there to warm up on; the first bar's beginning unless told.
    ``time_of``: whether times are those at which bars open, as exchanges write, or close. ``zone``: of times that name
    none; such rows are refused without it. ``interval``: seconds of a bar, where files are too short to tell.
    ``known``: terms of assets; of others the data tell digits, price and volatility, contracts are one unit, fees
    nothing, the spread is the column's or ``spread_points``, and ``quote_currency`` is of names that tell none.

    Raises `SourceError` where there is nothing to read, `ConfigurationError` for what is not understood.
    """
    _check(start)
    files = [PriceFile(each, Terms(time_of, zone)) for each in found(path)]
    surveys = surveyed(files)
    known = known or {}
    instruments = {
        asset: known.get(asset) or instrument(asset, found_there, spread_points, quote_currency)
        for asset, found_there in surveys.items()
    }
    intervals = {asset: interval or interval_of(asset, found_there) for asset, found_there in surveys.items()}
    return ReplayFeed(files, instruments, intervals, start)


class ReplayFeed:
    """The bars of some files, as a `Feed`; made by `replay`.

    ``refused``: how many rows were not used so far, by reason. Its state is the time that it reached: files are read
    again from their beginning, and must be the same ones.
    """

    def __init__(
        self,
        files: Sequence[PriceFile],
        instruments: Instruments,
        intervals: dict[str, float],
        start: datetime | None,
    ) -> None:
        self.instruments = instruments
        self._files = files
        self._intervals = intervals
        self.refused: Counter[Refusal] = Counter()
        self._reached = _NEVER
        self._steps = self._read()
        self._next = next(self._steps, [])
        self.start = start or self._next[0].time - timedelta(seconds=self._next[0].interval)

    @property
    def interval(self) -> float:
        """Seconds of the shortest bars."""
        return min(self._intervals.values())

    @property
    def is_over(self) -> bool:
        """Whether all files are read to their end."""
        return not self._next

    def advance(self, until: datetime) -> Sequence[Bar]:
        """Return the bars that closed since the last call and not after ``until``; raises `SourceError`."""
        bars: list[Bar] = []
        while self._next and self._next[0].time <= until:
            bars.extend(self._next)
            self._reached = self._next[0].time
            self._next = next(self._steps, [])
        return bars

    def state(self) -> dict[str, Any]:  # Any: JSON's values
        """Return the time that it reached, and whose bars it has."""
        return dict(msgspec.to_builtins(_Kept(reached=self._reached, assets=list(self.instruments))))

    def restore(self, state: object) -> None:
        """Go on from where ``state`` was taken; raises `ConfigurationError` where the assets are other ones."""
        kept = msgspec.convert(state, _Kept)
        if kept.assets != list(self.instruments):
            message = (
                f"the state is of a replay of {', '.join(kept.assets)}, not of {', '.join(self.instruments)}: "
                f"start anew, or give it the same files"
            )
            raise ConfigurationError(message)
        self.refused.clear()
        self._steps = self._read()
        self._next = next(self._steps, [])
        while self._next and self._next[0].time <= kept.reached:
            self._next = next(self._steps, [])
        self._reached = kept.reached

    def _read(self) -> Iterator[list[Bar]]:
        """Yield the bars of one time after those of another, each step in order of assets."""
        ranks = {asset: rank for rank, asset in enumerate(self.instruments)}
        each = (file.bars(self._intervals, self.refused) for file in self._files)
        bars = in_order(heapq.merge(*each, key=lambda bar: bar.time), self.refused)
        for _, step in groupby(bars, key=lambda bar: bar.time):
            yield sorted(map(self._with_spread, step), key=lambda bar: ranks[bar.asset])

    def _with_spread(self, bar: Bar) -> Bar:
        return bar._replace(spread=self.instruments[bar.asset].spread) if bar.spread == UNTOLD else bar


class _Kept(msgspec.Struct, kw_only=True):
    reached: datetime
    assets: list[str]


def _check(start: datetime | None) -> None:
    if start is not None and start.tzinfo is None:
        message = f"the start of the replay, {start}, has no time zone: give it one, say UTC"
        raise ConfigurationError(message)
