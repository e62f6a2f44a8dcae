"""The same trades as a ledger of ours and as the flat table that a bot usually keeps; each is written once per run."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing as closing_of
from itertools import chain, islice
from pathlib import Path

from benchmarks.apparatus.trades import THOUSAND_SERIES, Variety, closings, run_started
from tradewatch.facts import Entry, TradeClosed
from tradewatch.ledger import SqliteAppender

SYSTEM = "bot"
_BATCH = 5_000

_FLAT = """
CREATE TABLE trades (
    id TEXT PRIMARY KEY, asset TEXT, direction TEXT, strategy TEXT, tag TEXT, exit_reason TEXT,
    opened_at TEXT, closed_at TEXT, quantity REAL, entry_price REAL, exit_price REAL, fees REAL, pnl REAL
)
"""
_ROW = "INSERT INTO trades VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class Histories:
    """Histories below a folder; ``trades``: how many the long one has."""

    def __init__(self, folder: Path, trades: int) -> None:
        self.folder = folder
        self.trades = trades

    def ledger(self, trades: int, variety: Variety = THOUSAND_SERIES) -> Path:
        """Return the ledger of so many trades; it is written when it is asked for first."""
        path = self.folder / f"{'-'.join(map(str, (trades, *variety)))}.ledger"
        if not path.exists():
            append(path, chain([run_started()], closings(trades, variety)))
        return path

    def flat(self, trades: int) -> Path:
        """Return a database with the same trades in one table, times as text."""
        path = self.folder / f"{trades}.flat"
        if not path.exists():
            with closing_of(sqlite3.connect(path)) as database, database:
                database.execute(_FLAT)
                database.executemany(_ROW, map(_flat_row, closings(trades, THOUSAND_SERIES)))
        return path


def append(path: Path, entries: Iterable[Entry]) -> None:
    """Append entries to a ledger, a transaction for every few thousand."""
    with closing_of(SqliteAppender(path)) as appender:
        rest = iter(entries)
        while batch := list(islice(rest, _BATCH)):
            appender.append(batch, SYSTEM)


def _flat_row(entry: Entry) -> tuple[object, ...]:
    fact = entry.fact
    assert isinstance(fact, TradeClosed)  # noqa: S101 - all that `closings` yields
    return (
        fact.trade_id,
        fact.asset,
        fact.direction,
        fact.strategy,
        fact.tag,
        fact.exit_reason,
        str(fact.opened_at),
        str(entry.time),
        fact.quantity,
        fact.entry_price,
        fact.exit_price,
        fact.fees,
        fact.recomputed_pnl,
    )
