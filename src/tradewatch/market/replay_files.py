"""Files of prices on a disk: which ones a path means, whose they are and what is in them."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Literal, NamedTuple

from tradewatch.errors import ConfigurationError, SourceError
from tradewatch.market import replay_csv, replay_parquet
from tradewatch.market.aggregation import BarBuilder
from tradewatch.market.bars import Bar, Timeframe
from tradewatch.market.clock import next_boundary
from tradewatch.market.replay_columns import layout
from tradewatch.market.replay_rows import Reading, told
from tradewatch.market.replay_values import Refusal

TimeOf = Literal["open", "close"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_READERS: dict[str, Callable[[Path], Iterator[Sequence[object]]]] = {
    ".csv.gz": replay_csv.rows,
    ".csv": replay_csv.rows,
    ".parquet": replay_parquet.rows,
}
_PERIOD = re.compile(r"[-_](\d+[smhdw]|[MH]\d+)([-_][-_\d]*)?$")


class Terms(NamedTuple):
    """How files are read. ``time_of``: which end of a bar its time is; ``zone``: of times that have none."""

    time_of: TimeOf
    zone: tzinfo | None


def found(path: str | Path) -> list[Path]:
    """Return the files that a path means: itself, those in the folder, or those that match the pattern.

    Raises `SourceError` where there is none, `ConfigurationError` for a file of another kind.
    """
    place = Path(path)
    if place.is_file():
        _suffix(place)
        return [place]
    inside = place.iterdir() if place.is_dir() else Path(place.anchor or ".").glob(_pattern(place))
    files = sorted(each for each in inside if each.is_file() and each.name.endswith(tuple(_READERS)))
    if not files:
        message = f"there are no prices at {path}: give a file, a folder or a pattern of {', '.join(_READERS)}"
        raise SourceError(message)
    return files


def asset_of(path: Path) -> str:
    """Return the asset that a file's name tells: without its kind, its timeframe and what follows.

    >>> asset_of(Path("ADA_BTC-5m.csv.gz")), asset_of(Path("EURUSD_M1.csv")), asset_of(Path("BTC-USD-1m-2024-01.csv"))
    ('ADA_BTC', 'EURUSD', 'BTC-USD')
    """
    return _PERIOD.sub("", path.name.removesuffix(_suffix(path)))


class PriceFile:
    """A file of bars or of ticks. ``refused``: rows that were not used so far, by reason."""

    def __init__(self, path: Path, terms: Terms) -> None:
        self.path = path
        self._terms = terms
        with_header = next(self._rows(), None)
        if with_header is None:
            message = f"{path} is empty: export the prices again"
            raise SourceError(message)
        self._reading = Reading(layout(path, with_header), asset_of(path), terms.zone)

    @property
    def has_ticks(self) -> bool:
        """Whether its rows are quotes; they become bars of a minute."""
        return self._reading.layout.has_ticks

    @property
    def has_assets(self) -> bool:
        """Whether a column tells whose a row is."""
        return "asset" in self._reading.layout.positions

    def told(self, refused: Counter[Refusal]) -> Iterator[Bar]:
        """Yield its rows, read anew; refused ones are counted."""
        rows = self._rows()
        if self._reading.layout.named:
            next(rows)
        return told(rows, self._reading, refused)

    def bars(self, intervals: dict[str, float], refused: Counter[Refusal]) -> Iterator[Bar]:
        """Yield its bars, each as long as its asset's are, in order of when they end."""
        rows = self.told(refused)
        return _minutes(rows) if self.has_ticks else (_ended(bar, intervals[bar.asset], self._terms) for bar in rows)

    def _rows(self) -> Iterator[Sequence[object]]:
        return _READERS[_suffix(self.path)](self.path)


def _minutes(ticks: Iterator[Bar]) -> Iterator[Bar]:
    builder, boundary = BarBuilder(Timeframe.M1), _EPOCH
    for tick in ticks:
        if tick.time >= boundary:
            yield from builder.close_until(tick.time)
            boundary = next_boundary(tick.time, Timeframe.M1.length)
        builder.update(tick)
    yield from builder.close_until(boundary)


def _ended(bar: Bar, interval: float, terms: Terms) -> Bar:
    length = timedelta(seconds=interval if terms.time_of == "open" else 0)
    return bar._replace(time=bar.time + length, interval=interval)


def _suffix(path: Path) -> str:
    for suffix in _READERS:
        if path.name.endswith(suffix):
            return suffix
    message = f"{path} is no kind of file that can be replayed: give one of {', '.join(_READERS)}"
    raise ConfigurationError(message)


def _pattern(place: Path) -> str:
    return str(place.relative_to(place.anchor)) if place.anchor else str(place)
