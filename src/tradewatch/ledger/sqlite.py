"""The ledger in a SQLite file: write-ahead log, one writer at a time, any number of read-only readers."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

from tradewatch.errors import SourceError
from tradewatch.facts import Entry
from tradewatch.ledger.checking import AT_A_TIME, FactRow, rows_to_append
from tradewatch.ledger.failures import damaged, explained
from tradewatch.ledger.files import LedgerFiles, file_identity
from tradewatch.ledger.ledger import BEGINNING, Appended, Durability, Mark, Place, Row, Told
from tradewatch.ledger.moments import LATEST
from tradewatch.ledger.opening import (
    check_version,
    closed_on_error,
    connect,
    prepare,
    removed_without_room,
    transaction,
)
from tradewatch.ledger.querying import COLUMNS, TOLD, batches_of, rows_of

_ROW = "(?, ?, ?, ?, ?)"
_INSERT = "INSERT INTO facts (system, time, kind, id, body) VALUES {rows} ON CONFLICT (system, id) DO NOTHING"
_INSERT_ONE = _INSERT.format(rows=_ROW)
_INSERT_MANY = _INSERT.format(rows=", ".join([_ROW] * AT_A_TIME))
"""One statement for many rows looks but once for the next sequence number."""

_PAGES_IN_LOG = 4_000
"""Pages (16 MB) that the write-ahead log may have until they are copied into the file, which waits for the disk."""

_KEEP = "INSERT INTO kept VALUES (?, ?, ?) ON CONFLICT (system, name) DO UPDATE SET body = excluded.body"
_KEPT = "SELECT name, body FROM kept WHERE system = ?"
_NOTHING: Mapping[str, bytes] = {}
_SYNCHRONOUS = {Durability.PROCESS: "NORMAL", Durability.POWER: "FULL"}
_AMENDED = """
SELECT 1 FROM facts AS amendment
JOIN facts AS told ON told.system = amendment.system AND told.id IN (
    json_extract(amendment.body, '$.trade_id') || '/opened', json_extract(amendment.body, '$.trade_id') || '/closed')
WHERE amendment.sequence > ? AND +amendment.system = ? AND amendment.kind IN ('trade_corrected', 'trade_voided')
  AND json_valid(amendment.body) AND told.time <= ?
LIMIT 1
"""
_SYSTEMS = """
WITH RECURSIVE names (system) AS (  -- from name to name: DISTINCT would look at every fact
    SELECT min(system) FROM facts
    UNION ALL SELECT (SELECT min(system) FROM facts WHERE system > names.system) FROM names WHERE system IS NOT NULL
)
SELECT typeof(system), CAST(system AS BLOB) FROM names WHERE system IS NOT NULL
"""
_ROWS_AT_A_TIME = 2_000

QUICKLY_CHECKED = 256 * 1024 * 1024
"""Bytes of a ledger that is looked through in about half a second."""


class SqliteAppender:
    """A ledger file open for writing; it is made when there is none. Use it from one thread."""

    def __init__(self, path: Path, *, durability: Durability = Durability.PROCESS, busy_timeout: float = 5.0) -> None:
        """Open or make the ledger; ``busy_timeout``: seconds to wait for another writer. Raises `SourceError`."""
        self.path = path
        found = file_identity(path)
        self._connection = connect(path, "rwc", busy_timeout)
        with explained(path), removed_without_room(path, found), closed_on_error(self._connection):
            prepare(self._connection, path)
            self._connection.execute(f"PRAGMA synchronous = {_SYNCHRONOUS[durability]}")
            self._connection.execute(f"PRAGMA wal_autocheckpoint = {_PAGES_IN_LOG}")
            self._files = LedgerFiles.at(path)
            if found not in {None, self._files.main}:
                message = f"the ledger {path} was replaced while it was opened: open it again"
                raise SourceError(message)

    @property
    def is_current(self) -> bool:
        """Whether the path still leads to the files that are open, the write-ahead log included."""
        return self._files.main is not None and LedgerFiles.at(self.path) == self._files

    def append(self, entries: Iterable[Entry], system: str, keeping: Mapping[str, bytes] = _NOTHING) -> Appended:
        """Commit the valid entries in one transaction, in the given order; raises `SourceError` and writes none.

        ``keeping``: what the system needs to go on from here, by name; it replaces what was kept under those names.
        """
        result = Appended()
        with explained(self.path), transaction(self._connection):
            for rows in rows_to_append(entries, system, result.refused):
                self._insert(rows, result)
            self._connection.executemany(_KEEP, [(system, name, body) for name, body in keeping.items()])
        return result

    def kept(self, system: str) -> dict[str, bytes]:
        """Return what a system kept to go on from its newest fact, by name."""
        with explained(self.path):
            return dict(self._connection.execute(_KEPT, (system,)))

    def newest_id(self, system: str, first: str, beyond: str) -> str | None:
        """Return the greatest id of a system from ``first`` up to, and without, ``beyond``; None without one."""
        with explained(self.path):
            question = "SELECT max(id) FROM facts WHERE system = ? AND id >= ? AND id < ?"
            (found,) = self._connection.execute(question, (system, first, beyond)).fetchone()
            return None if found is None else str(found)

    def _insert(self, rows: Sequence[FactRow], result: Appended) -> None:
        """Insert what is new; only where something was stored before, look at what differs from it."""
        new = self._inserted(rows)
        conflicting = [] if new == len(rows) else [row[3] for row in rows if not self._is_stored(row)]
        result.new += new
        result.conflicting += conflicting
        result.repeated += len(rows) - new - len(conflicting)

    def _inserted(self, rows: Sequence[FactRow]) -> int:
        """Insert the rows whose ids are new, and return how many there were."""
        if len(rows) == AT_A_TIME:
            return self._connection.execute(_INSERT_MANY, list(chain.from_iterable(rows))).rowcount
        return self._connection.executemany(_INSERT_ONE, rows).rowcount if rows else 0

    def _is_stored(self, row: FactRow) -> bool:
        """Whether the ledger holds exactly this, and no other fact of the same id."""
        system, time, _, fact_id, body = row
        (is_same,) = self._connection.execute(
            "SELECT time = ? AND body = ? FROM facts WHERE system = ? AND id = ?", (time, body, system, fact_id)
        ).fetchone()
        return bool(is_same)

    def close(self) -> None:
        """Release the file; what was appended stays, also in a file that was moved away meanwhile."""
        was_current = self.is_current
        if not was_current:
            with suppress(sqlite3.Error):
                self._connection.execute("PRAGMA wal_checkpoint(FULL)")
        self._connection.close()
        if not was_current:
            self._files.remove_left_behind(self.path)


class SqliteReader:
    """A ledger file open read-only; it sees what was committed, also while a writer is at work."""

    def __init__(self, path: Path, *, busy_timeout: float = 2.0) -> None:
        """Open an existing ledger; raises `SourceError` that names what the file is instead."""
        self._path = path
        self._connection = connect(path, "ro", busy_timeout)
        with explained(path), closed_on_error(self._connection):
            check_version(self._connection, path)
        self._file = file_identity(path)

    @property
    def is_current(self) -> bool:
        """Whether the path still leads to the file that is open."""
        return self._file is not None and file_identity(self._path) == self._file

    def identity(self) -> str:
        """Return what tells this ledger from another one that may take its place."""
        with explained(self._path):
            found = self._connection.execute("SELECT identity FROM ledger").fetchone()
        if found is None:
            message = f"the ledger {self._path} has lost its identity: restore a copy"
            raise SourceError(message)
        return str(found[0])

    def mark(self, sequence: int) -> Mark:
        """Return what the ledger is and holds at a sequence number: another file, or another past, has another mark."""
        with explained(self._path):
            question = "SELECT time, CAST(id AS TEXT) FROM facts WHERE sequence = ?"
            found = next(rows_of(self._connection, question, sequence), None)
        return Mark(self.identity(), None if found is None else (found[0], found[1]))

    def last_sequence(self) -> int:
        """Return the newest fact's sequence number, 0 when there is none."""
        with explained(self._path):
            (last,) = self._connection.execute("SELECT max(sequence) FROM facts").fetchone()
            return last or 0

    def newest_time(self, system: str) -> int | None:
        """Return the time of a system's newest fact in microseconds, None when there is none."""
        with explained(self._path):
            (newest,) = self._connection.execute("SELECT max(time) FROM facts WHERE system = ?", (system,)).fetchone()
        return newest if isinstance(newest, int) else None

    def oldest_time(self, system: str) -> int | None:
        """Return the time of a system's oldest fact in microseconds, None when there is none."""
        with explained(self._path):
            question = "SELECT min(time) FROM facts WHERE system = ? AND time >= 0"
            (oldest,) = self._connection.execute(question, (system,)).fetchone()
        return oldest if isinstance(oldest, int) else None

    def kept(self, system: str) -> dict[str, bytes]:
        """Return what a system kept to go on from its newest fact, by name; a ledger of the first version has none."""
        with explained(self._path):
            has_table = self._connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'kept'").fetchone()
            return dict(self._connection.execute(_KEPT, (system,))) if has_table else {}

    def systems(self) -> Sequence[str]:
        """Return the names of the systems with facts, sorted; one that is no text is none."""
        return [name for name in self._systems() if name is not None]

    def has_facts_of_nobody(self) -> bool:
        """Whether there are facts whose system is no text, so that nobody can ask for them."""
        return None in self._systems()

    def _systems(self) -> Sequence[str | None]:
        with explained(self._path):
            found = self._connection.execute(_SYSTEMS)
            return [_name(name) if kind == "text" else None for kind, name in found]

    def tail(self, system: str, after: int, limit: int = _ROWS_AT_A_TIME) -> Sequence[Row]:
        """Return up to ``limit`` rows of a system after a sequence number, in the global order."""
        with explained(self._path):
            # +system: the index of the system would be sorted as a whole for each call
            question = f"SELECT {COLUMNS} FROM facts WHERE sequence > ? AND +system = ? ORDER BY sequence LIMIT ?"  # noqa: S608
            found = rows_of(self._connection, question, after, system, limit)
            return [Row(*row) for row in found]

    def with_ids(self, system: str, first: str, beyond: str) -> Sequence[Row]:
        """Return a system's rows with ids from ``first`` up to, and without, ``beyond``, in the global order."""
        with explained(self._path):
            question = f"SELECT {COLUMNS} FROM facts WHERE system = ? AND id >= ? AND id < ? ORDER BY sequence"  # noqa: S608
            found = rows_of(self._connection, question, system, first, beyond)
            return [Row(*row) for row in found]

    def all_rows(self, system: str) -> Iterator[Row]:
        """Yield all rows of a system in the global order."""
        after = 0
        while rows := self.tail(system, after):
            yield from rows
            after = rows[-1].sequence

    def in_event_order(self, system: str, until: int, after: Place = BEGINNING) -> Iterator[Row]:
        """Yield a system's rows up to a sequence number and after a place, by event time, then sequence.

        Rows without a time that a fact can have come from the beginning only: no place is before or after them.
        """
        for rows in self._in_event_order(COLUMNS, system, until, after):
            yield from map(Row._make, rows)

    def told_in_event_order(self, system: str, until: int, after: Place = BEGINNING) -> Iterator[Told]:
        """Yield the same, many at a time."""
        for rows in self._in_event_order(TOLD, system, until, after):
            yield Told(*zip(*rows, strict=True))

    def _in_event_order(
        self, columns: str, system: str, until: int, after: Place
    ) -> Iterator[Sequence[Sequence[Any]]]:  # Any: each column has a type of its own
        with explained(self._path):
            question = (
                f"SELECT {columns} FROM facts WHERE system = ? AND sequence <= ? AND time >= ? "  # noqa: S608
                "AND (time > ? OR sequence > ?) AND (? OR time < ?) ORDER BY time, sequence"
            )
            place = (after.time, after.time, after.sequence, after == BEGINNING, LATEST)
            yield from batches_of(self._connection, question, system, until, *place)

    def is_undisturbed(self, system: str, place: Place) -> bool:
        """Whether no fact after a place's sequence number belongs before the place in event order.

        A correction or voiding belongs to the trade's first fact.
        """
        with explained(self._path):
            late = "SELECT 1 FROM facts WHERE sequence > ? AND +system = ? AND time < ? LIMIT 1"
            values = (place.sequence, system, place.time)
            return not any(next(rows_of(self._connection, each, *values), None) for each in (late, _AMENDED))

    def profits(self, system: str) -> Sequence[float]:
        """Return the P&L of each closed trade as the SQL view tells it: corrected, without voided and virtual ones."""
        with explained(self._path):
            found = self._connection.execute(
                "SELECT pnl FROM trades WHERE system = ? AND mode IS NOT 'virtual'", (system,)
            )
            return [pnl for (pnl,) in found]

    def require_undamaged(self) -> None:
        """Raise `DamageError` when a quick look through the file finds damage; a very large file is not looked at."""
        with explained(self._path):
            if self._path.stat().st_size > QUICKLY_CHECKED:
                return
            (found,) = next(rows_of(self._connection, "PRAGMA quick_check(1)"))
            if found != "ok":
                raise damaged(self._path)

    def damage(self) -> Sequence[str]:
        """Return what SQLite finds wrong with the file itself, a line each, nothing for a whole one."""
        with explained(self._path):
            found = [text for (text,) in rows_of(self._connection, "PRAGMA integrity_check")]
        lines = [line for text in found for line in text.splitlines() if not line.startswith("***")]  # a heading
        return [] if lines == ["ok"] else lines

    def amendments(self, system: str, until: int) -> Sequence[Row]:
        """Return the corrections and voidings up to a sequence number, in the global order."""
        with explained(self._path):
            question = (
                f"SELECT {COLUMNS} FROM facts WHERE system = ? AND sequence <= ? "  # noqa: S608
                "AND kind IN ('trade_corrected', 'trade_voided') ORDER BY sequence"
            )
            return [Row(*row) for row in rows_of(self._connection, question, system, until)]

    def close(self) -> None:
        """Release the file."""
        self._connection.close()


def _name(found: bytes) -> str | None:
    try:
        return found.decode()
    except UnicodeDecodeError:
        return None
