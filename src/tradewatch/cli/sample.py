"""``tradewatch sample``: write simulated trades into a ledger, to try things out."""

import signal
import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, islice, takewhile
from pathlib import Path

import click

from tradewatch.cli.options import ledger_option
from tradewatch.errors import ConfigurationError
from tradewatch.facts import Entry, Fact, Heartbeat, Mode, RunEnded, RunStarted
from tradewatch.ledger import SqliteAppender, SqliteReader, entry_of
from tradewatch.systems.bot.sample import run_id_of, simulated_trades

_SYSTEM = "bot"
_BATCH = 2_000
_HEARTBEAT = timedelta(seconds=15)


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
    end = begin + timedelta(days=days)
    trades = simulated_trades(seed, begin)
    appender = SqliteAppender(ledger)
    ended = RunEnded(run_id=run_id_of(begin))
    written = _append(appender, chain(_until(simulated_trades(seed, begin), end), [Entry(end, ended.identity, ended)]))
    click.echo(f"{written} simulated facts, {begin:%Y-%m-%d} to {end:%Y-%m-%d}, new in {ledger}")
    if live:
        _go_on(appender, (entry for entry in trades if entry.time > end), run_id_of(begin))
    appender.close()


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
    entry = entry_of(first) if first is not None else None
    if entry is None or not isinstance(entry.fact, RunStarted) or entry.fact.run_id != run_id_of(entry.time):
        message = f"the ledger {ledger} holds facts that are not the sample's: give another path with --ledger"
        raise ConfigurationError(message)
    return entry.time


def _go_on(appender: SqliteAppender, trades: Iterator[Entry], run_id: str) -> None:
    """Append what is due, with heartbeats, until told to stop."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    run_id = f"{run_id}/live/{_now().isoformat()}"
    _tell(appender, RunStarted(run_id=run_id, mode=Mode.SIMULATED), run_id)
    upcoming = next(trades)
    while not stopped.is_set():
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
