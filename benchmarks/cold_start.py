"""From the start of the process until the whole past is folded: without a checkpoint, and again with one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.apparatus import pandas_way
from benchmarks.apparatus.histories import Histories
from benchmarks.apparatus.processes import RefusedToStartError, exporting
from benchmarks.apparatus.results import Beside, Row, compared, megabytes, skipped
from benchmarks.apparatus.timing import in_turns

TURNS = 3

_LIMIT_SECONDS = 5.0
_PANDAS_SECONDS = 5.55
"""What pandas took on the machine for which the limit was set; the limit is scaled by what it takes here."""
_LIMIT_BYTES = 60e6
_RESTART_SECONDS = 0.3
_ROWS_AT_A_TIME = 2_000


def rows(histories: Histories, turns: int = TURNS) -> Iterator[Row]:
    """Yield the time and the memory of a cold start, and the time of a start with a checkpoint."""
    ledger, trades = histories.ledger(histories.trades), f"{histories.trades:,} trades"
    peer = pandas_way.measured(histories.flat(histories.trades), turns)
    floor = Beside("rows alone", in_turns([lambda: read_rows(ledger)], turns)[0])
    cold = _cold(ledger, histories.folder / "fresh", turns)
    limit = _LIMIT_SECONDS * peer.seconds / _PANDAS_SECONDS
    yield compared(
        f"cold start, {trades}",
        cold.seconds,
        peer=Beside("pandas", peer.seconds),
        floor=floor,
        target=f"<= {limit:.2f} s (5 s where pandas takes 5.55 s)",
        met=cold.seconds <= limit,
    )
    yield compared(
        f"memory of a cold start, {trades}",
        cold.peak_bytes,
        peer=Beside("pandas", peer.peak_bytes),
        target="<= 60 MB",
        met=cold.peak_bytes <= _LIMIT_BYTES,
        shown=megabytes,
    )
    yield _restart(f"restart with a checkpoint, {trades}", ledger, histories.folder / "state", cold.seconds, turns)


class _Start(NamedTuple):
    seconds: float
    peak_bytes: int


def _start(ledger: Path, *options: str) -> _Start:
    with exporting(ledger, *options) as exporter:
        return _Start(exporter.ready_seconds, exporter.peak_bytes)


def _cold(ledger: Path, folder: Path, turns: int) -> _Start:
    """Start anew, each time with a state folder of its own: nothing is remembered."""
    starts = [_start(ledger, "--state", str(folder / str(turn))) for turn in range(turns)]
    return _Start(median(each.seconds for each in starts), max(each.peak_bytes for each in starts))


def _restart(what: str, ledger: Path, state: Path, cold: float, turns: int) -> Row:
    try:
        _start(ledger, "--state", str(state))
    except RefusedToStartError as error:
        return skipped(what, str(error).splitlines()[-1].partition(" (")[0])
    again = median(_start(ledger, "--state", str(state)).seconds for _ in range(turns))
    return compared(
        what,
        again,
        peer=Beside("cold", cold),
        target=f"<= {_RESTART_SECONDS} s",
        met=again <= _RESTART_SECONDS,
    )


def read_rows(ledger: Path) -> int:
    """Read every row of a ledger and decode nothing; return how many there are."""
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as connection:
        cursor = connection.execute("SELECT sequence, system, time, kind, id, body FROM facts ORDER BY sequence")
        count = 0
        while batch := cursor.fetchmany(_ROWS_AT_A_TIME):
            count += len(batch)
        return count
