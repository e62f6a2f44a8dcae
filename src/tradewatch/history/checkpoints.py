"""Where a slice of history begins: the book as it was at the beginning of a day."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tradewatch.book import Book, Past, Snapshot, Snapshots, is_true
from tradewatch.exporter.checkpoint import Checkpoint
from tradewatch.history.days import DAY
from tradewatch.history.order import Opened

FACTS_APART = 5_000
"""Facts between two checkpoints at least: folding them takes some ten times as long as reading one."""

_MICROSECOND = timedelta(microseconds=1)
"""What may be lost of a fact's time in Unix seconds."""

_SUFFIX = ".checkpoint"


class DayCheckpoints:
    """Checkpoints of one system of a ledger, a file for each moment, in a folder of their own.

    ``subject``: what was folded, and how. They may be deleted: what is lost is time.
    """

    def __init__(self, folder: Path, subject: str, source: Opened, facts_apart: int = FACTS_APART) -> None:
        self._folder = folder
        self._subject = subject
        self._source = source
        self._facts_apart = facts_apart

    def before(self, moment: datetime) -> Iterator[Snapshot]:
        """Yield what is remembered of the book at or before a moment and still true, the newest first."""
        for seconds in sorted(self._moments(), reverse=True):
            if seconds <= moment.timestamp() and (snapshot := self._load(seconds)) is not None:
                yield snapshot

    def newest(self) -> int | None:
        """Return the moment (Unix) of the newest one that is still true, None when there is none."""
        return next((each for each in sorted(self._moments(), reverse=True) if self._load(each) is not None), None)

    def save(self, past: Past, seconds: int) -> None:
        """Remember the book of a moment (Unix)."""
        snapshots = Snapshots()
        past.remember(snapshots)
        if list(snapshots):
            self._file(seconds).save(snapshots)

    def remember_days(self, past: Past, step: int) -> Iterator[Book]:
        """Go through a ledger's days, from the newest one that is remembered, and remember those that are worth it.

        Yields the book of each, that of the newest fact last. ``step``: how long before a day its checkpoint is taken,
        because history looks at the moment before the first one.
        """
        source, newest, folded = self._source, self.newest(), 0
        begin = (int(source.oldest) if newest is None else newest + step) // DAY * DAY + DAY
        for day in range(begin, int(source.newest) // DAY * DAY + 1, DAY):
            moment = (-(-day // step) - 1) * step
            book = past.at(datetime.fromtimestamp(moment, UTC))
            if book.intake.total >= folded + self._facts_apart:
                folded = book.intake.total
                self.save(past, moment)
            yield book
        yield past.at(datetime.fromtimestamp(source.newest, UTC) + _MICROSECOND)

    def _moments(self) -> list[int]:
        names = [path.name.removesuffix(_SUFFIX) for path in self._folder.glob(f"*{_SUFFIX}")]
        return [int(name) for name in names if name.isdecimal()]

    def _load(self, seconds: int) -> Snapshot | None:
        """Return a moment's snapshot; one that is not true any more is deleted."""
        found = self._file(seconds).load() or Snapshots()
        snapshot = next(iter(found), None)
        if snapshot is not None and is_true(snapshot, self._source.reader, self._source.name):
            return snapshot
        with suppress(OSError):
            self._path(seconds).unlink(missing_ok=True)
        return None

    def _file(self, seconds: int) -> Checkpoint:
        return Checkpoint(self._path(seconds), self._subject)

    def _path(self, seconds: int) -> Path:
        return self._folder / f"{seconds}{_SUFFIX}"
