"""``tradewatch sample``: write simulated trades into a ledger, to try things out."""

import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import chain, islice, takewhile
from pathlib import Path

import click
import msgspec

from tradewatch.cli.options import ledger_option
from tradewatch.errors import ConfigurationError, SourceError
from tradewatch.facts import Entry, Fact, Heartbeat, Mode, RunEnded, RunStarted
from tradewatch.ledger import Row, SqliteAppender, SqliteReader, entry_of, from_microseconds
from tradewatch.systems.bot.sample import run_id_of, simulated_trades

_SYSTEM = "bot"
_BATCH = 2_000
_HEARTBEAT = timedelta(seconds=15)
_YEARS = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
"""When a fact may happen."""


@click.command("sample")
@ledger_option
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed and start give the same trades.")
@click.option("--start", type=click.DateTime(), help="When the trades begin, UTC.  [default: --days before now]")
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="How many days of trades.")
@click.option("--live", is_flag=True, help="Then go on at the clock's pace until stopped.")
def command(ledger: Path, seed: int, start: datetime | None, days: int, *, live: bool) -> None:
    """Write simulated trades into a ledger. No market and no money are involved.

    A ledger that already holds them is continued from where it is.
    """
    begin = _start_of(ledger) or _utc(start) or _now().replace(microsecond=0) - timedelta(days=days)
    end = _end_of(begin, days)
    if live:
        _require_past(ledger, begin)
        end = min(end, _now())
    trades = simulated_trades(seed, begin)
    appender = SqliteAppender(ledger)
    ended = RunEnded(run_id=run_id_of(begin))
    written = _append(appender, chain(_until(simulated_trades(seed, begin), end), [Entry(end, ended.identity, ended)]))
    click.echo(f"{written} simulated facts, {begin:%Y-%m-%d} to {end:%Y-%m-%d}, new in {ledger}")
    if live:
        _go_on(ledger, appender, (entry for entry in trades if entry.time > end), run_id_of(begin))
    appender.close()


def _end_of(begin: datetime, days: int) -> datetime:
    earliest, latest = _YEARS[0], _YEARS[1] - timedelta(days=days)
    if not earliest <= begin <= latest:
        message = (
            f"a sample of {days} days cannot begin at {begin:%Y-%m-%d}: "
            f"give a --start from {earliest:%Y-%m-%d} to {latest:%Y-%m-%d}"
        )
        raise ConfigurationError(message)
    return begin + timedelta(days=days)


def _require_past(ledger: Path, begin: datetime) -> None:
    """Raise `ConfigurationError` when what is live would come before what is there."""
    now = _now()
    newest = max(begin, _newest_of(ledger) or begin)
    if newest > now:
        message = (
            f"the sample in {ledger} reaches {newest:%Y-%m-%d %H:%M:%S} UTC, which is in the future, "
            "and cannot go on live: give another path with --ledger or an earlier --start"
        )
        raise ConfigurationError(message)


def _newest_of(ledger: Path) -> datetime | None:
    if not ledger.exists() or ledger.stat().st_size == 0:
        return None
    with closing(SqliteReader(ledger)) as reader:
        newest = reader.newest_time(_SYSTEM)
    return None if newest is None else from_microseconds(newest)


def _start_of(ledger: Path) -> datetime | None:
    """Return when the sample in a ledger begins, None for a new one; raises `ConfigurationError` on other facts."""
    if not ledger.exists() or ledger.stat().st_size == 0:
        return None
    reader = SqliteReader(ledger)
    first = next(iter(reader.tail(_SYSTEM, 0, 1)), None)
    systems = reader.systems()
    reader.close()
    if first is None and not systems:
        return None
    entry = _known(first) if first is not None else None
    if entry is None or not isinstance(entry.fact, RunStarted) or entry.fact.run_id != run_id_of(entry.time):
        message = f"the ledger {ledger} holds facts that are not the sample's: give another path with --ledger"
        raise ConfigurationError(message)
    return entry.time


def _known(row: Row) -> Entry | None:
    try:
        return entry_of(row)
    except (msgspec.DecodeError, OverflowError, TypeError):  # the last two: a time that is none
        return None


def _go_on(ledger: Path, appender: SqliteAppender, trades: Iterator[Entry], run_id: str) -> None:
    """Append what is due, with heartbeats, until told to stop."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    run_id = f"{run_id}/live/{_now().isoformat()}"
    _tell(appender, RunStarted(run_id=run_id, mode=Mode.SIMULATED), run_id)
    upcoming = next(trades)
    while not stopped.is_set():
        if not appender.is_current:
            message = f"the ledger {ledger} was deleted or replaced while the sample wrote it: start the sample again"
            raise SourceError(message)
        due = []
        while upcoming.time <= _now():
            due.append(upcoming)
            upcoming = next(trades)
        _append(appender, due)
        _tell(appender, Heartbeat(interval=_HEARTBEAT.total_seconds()), run_id)
        stopped.wait(min(upcoming.time - _now(), _HEARTBEAT).total_seconds())
    _tell(appender, RunEnded(run_id=run_id), run_id)


def _tell(appender: SqliteAppender, fact: Fact, run_id: str) -> None:
    now = _now()
    appender.append([Entry(now, fact.identity or f"{run_id}/{now.isoformat()}", fact)], _SYSTEM)


def _append(appender: SqliteAppender, entries: Iterable[Entry]) -> int:
    rest = iter(entries)
    written = 0
    while batch := list(islice(rest, _BATCH)):
        written += appender.append(batch, _SYSTEM).new
    return written


def _until(entries: Iterator[Entry], end: datetime) -> Iterator[Entry]:
    return takewhile(lambda entry: entry.time <= end, entries)


def _now() -> datetime:
    return datetime.now(UTC)


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)
