"""The ledger in a SQLite file: write-ahead log, one writer at a time, any number of read-only readers."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from tradewatch.errors import SourceError
from tradewatch.facts import Canonical, Entry, canonical
from tradewatch.facts.kinds import KIND_OF
from tradewatch.ledger.failures import damaged, explained, has_no_room
from tradewatch.ledger.files import FileIdentity, LedgerFiles, file_identity, has_log, remove
from tradewatch.ledger.ledger import BEGINNING, Appended, Durability, Mark, Place, Row
from tradewatch.ledger.moments import to_microseconds
from tradewatch.ledger.querying import COLUMNS, rows_of
from tradewatch.ledger.schema import APPLICATION_ID, MIGRATIONS

VERSION = len(MIGRATIONS)

_INSERT = """
INSERT INTO facts (system, time, kind, id, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (system, id) DO NOTHING
"""
_SYNCHRONOUS = {Durability.PROCESS: "NORMAL", Durability.POWER: "FULL"}
_AMENDED = """
SELECT min(told.time) FROM facts AS amendment
JOIN facts AS told ON told.system = amendment.system AND told.id IN (
    json_extract(amendment.body, '$.trade_id') || '/opened', json_extract(amendment.body, '$.trade_id') || '/closed')
WHERE amendment.sequence > ? AND +amendment.system = ? AND amendment.kind IN ('trade_corrected', 'trade_voided')
  AND json_valid(amendment.body)
"""
_ROWS_AT_A_TIME = 2_000
_NAMED = 5

QUICKLY_CHECKED = 256 * 1024 * 1024
"""Bytes of a ledger that is looked through in about half a second."""


class SqliteAppender:
    """A ledger file open for writing; it is made when there is none. Use it from one thread."""

    def __init__(self, path: Path, *, durability: Durability = Durability.PROCESS, busy_timeout: float = 5.0) -> None:
        """Open or make the ledger; ``busy_timeout``: seconds to wait for another writer. Raises `SourceError`."""
        self._path = path
        found = file_identity(path)
        self._connection = _connect(path, "rwc", busy_timeout)
        with explained(path), _removed_without_room(path, found), _closed_on_error(self._connection):
            _prepare(self._connection, path)
            self._connection.execute(f"PRAGMA synchronous = {_SYNCHRONOUS[durability]}")
            self._files = LedgerFiles.at(path)
            if found not in {None, self._files.main}:
                message = f"the ledger {path} was replaced while it was opened: open it again"
                raise SourceError(message)

    @property
    def is_current(self) -> bool:
        """Whether the path still leads to the files that are open, the write-ahead log included."""
        return self._files.main is not None and LedgerFiles.at(self._path) == self._files

    def append(self, entries: Iterable[Entry], system: str) -> Appended:
        """Commit the valid entries in one transaction, in the given order; raises `SourceError` and writes none."""
        result = Appended()
        with explained(self._path), _transaction(self._connection):
            for entry in entries:
                checked = canonical(entry)
                if isinstance(checked, Canonical):
                    self._insert(checked, system, result)
                else:
                    result.refused.append(checked)
        return result

    def _insert(self, checked: Canonical, system: str, result: Appended) -> None:
        entry, body = checked.entry, checked.body.decode()
        time, kind = to_microseconds(entry.time), KIND_OF[type(entry.fact)]
        inserted = self._connection.execute(
            _INSERT,
            (system, time, kind, entry.id, body),
        )
        if inserted.rowcount:
            result.new += 1
        elif self._same_as_stored(system, entry.id, (time, body)):
            result.repeated += 1
        else:
            result.conflicting.append(entry.id)

    def _same_as_stored(self, system: str, fact_id: str, told: tuple[int, str]) -> bool:
        (is_same,) = self._connection.execute(
            "SELECT time = ? AND body = ? FROM facts WHERE system = ? AND id = ?", (*told, system, fact_id)
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
            self._files.remove_left_behind(self._path)


class SqliteReader:
    """A ledger file open read-only; it sees what was committed, also while a writer is at work."""

    def __init__(self, path: Path, *, busy_timeout: float = 2.0) -> None:
        """Open an existing ledger; raises `SourceError` that names what the file is instead."""
        self._path = path
        self._connection = _connect(path, "ro", busy_timeout)
        with explained(path), _closed_on_error(self._connection):
            _check_version(self._connection, path)
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

    def systems(self) -> Sequence[str]:
        """Return the names of the systems with facts, sorted; one that is no text is none."""
        return [name for name in self._systems() if name is not None]

    def has_facts_of_nobody(self) -> bool:
        """Whether there are facts whose system is no text, so that nobody can ask for them."""
        return None in self._systems()

    def _systems(self) -> Sequence[str | None]:
        with explained(self._path):
            found = self._connection.execute(
                "SELECT typeof(system), CAST(system AS BLOB) FROM (SELECT DISTINCT system FROM facts ORDER BY system)"
            )
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
        """Yield a system's rows up to a sequence number and after a place, by event time, then sequence."""
        with explained(self._path):
            question = (
                f"SELECT {COLUMNS} FROM facts WHERE system = ? AND sequence <= ? AND time >= ? "  # noqa: S608
                "AND (time > ? OR sequence > ?) ORDER BY time, sequence"
            )
            place = (after.time, after.time, after.sequence)
            yield from map(Row._make, rows_of(self._connection, question, system, until, *place))

    def earliest_after(self, system: str, sequence: int) -> int | None:
        """Return the earliest time that facts after a sequence number are about, in microseconds; None without one.

        A correction or voiding is about the time of the trade's first fact.
        """
        with explained(self._path):
            told = "SELECT min(time) FROM facts WHERE sequence > ? AND +system = ?"
            found = [row[0] for row in rows_of(self._connection, told, sequence, system)]
            found += [row[0] for row in rows_of(self._connection, _AMENDED, sequence, system)]
        return min((time for time in found if isinstance(time, int)), default=None)

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


def _connect(path: Path, mode: str, busy_timeout: float) -> sqlite3.Connection:
    with explained(path):
        if path.is_dir():
            message = f"the ledger {path} is a folder: give the path of a file"
            raise SourceError(message)
        if path.exists() and not path.is_file():
            message = f"the ledger {path} is no regular file: give the path of a file"
            raise SourceError(message)
        if mode == "ro" and not path.exists():
            message = f"no ledger at {path}: check the path, or record or import something into it first"
            raise SourceError(message)
        if mode == "rwc" and path.exists() and not os.access(path, os.W_OK):
            # SQLite would open it all the same, and give it a log that cannot be written either, also later.
            message = f"the ledger {path} cannot be written: make the file and its folder writable"
            raise SourceError(message)
        _check_without_log(path)
        return _opened(path, mode, busy_timeout)


def _check_without_log(path: Path) -> None:
    """Raise `SourceError` when the file is not a ledger's, even if a ledger's log was left behind beside it."""
    if path.exists():
        with closing(_opened(path, "ro&immutable=1", 0)) as connection, _unless_half_copied():
            if _pragma(connection, "application_id") != APPLICATION_ID and not _is_empty(connection):
                raise SourceError(_another_application(connection, path))


@contextmanager
def _unless_half_copied() -> Iterator[None]:
    """Let a file pass that is damaged without its log: a checkpoint runs, or ran when its process was killed."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if not error.sqlite_errorname.startswith("SQLITE_CORRUPT"):
            raise


def _opened(path: Path, mode: str, busy_timeout: float) -> sqlite3.Connection:
    uri = f"file:{quote(os.fsencode(path.absolute()))}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=busy_timeout, isolation_level=None, check_same_thread=False)


@contextmanager
def _closed_on_error(connection: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise


@contextmanager
def _removed_without_room(path: Path, found: FileIdentity | None) -> Iterator[None]:
    """Leave no file behind that was made just now, but for which there was no room."""
    try:
        yield
    except sqlite3.Error as error:
        if has_no_room(error) and found is None and path.exists() and not has_log(path):
            with closing(_opened(path, "ro&immutable=1", 0)) as connection:
                is_empty = _is_empty(connection)
            if is_empty:
                remove(path)
        raise


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    has_content = not _is_empty(connection)
    if has_content:
        _check_application(connection, path)
    connection.execute("PRAGMA journal_mode = WAL")
    with _transaction(connection):
        version = _pragma(connection, "user_version")
        _require_known(path, version, oldest=1 if has_content else 0)
        for migration in MIGRATIONS[version:]:
            for statement in _statements(migration):
                connection.execute(statement)
        if version < VERSION:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    if _is_empty(connection):
        message = f"the ledger {path} is an empty file: record or import something into it first"
        raise SourceError(message)
    _check_application(connection, path)
    version = _pragma(connection, "user_version")
    _require_known(path, version, oldest=1)
    if version < VERSION:
        message = f"the ledger {path} has the old schema version {version}: recording or importing brings it up to date"
        raise SourceError(message)


def _check_application(connection: sqlite3.Connection, path: Path) -> None:
    if _pragma(connection, "application_id") != APPLICATION_ID:
        raise SourceError(_another_application(connection, path))


def _another_application(connection: sqlite3.Connection, path: Path) -> str:
    names = ", ".join(sorted(_contents(connection))[:_NAMED])
    holds = f" (it holds {names})" if names else ""
    return f"{path} is another application's SQLite database{holds}, not a Tradewatch ledger: give another path"


def _require_known(path: Path, version: int, oldest: int) -> None:
    if version > VERSION:
        message = (
            f"the ledger {path} has schema version {version}, newer than the {VERSION} known here: upgrade tradewatch"
        )
        raise SourceError(message)
    if version < oldest:
        message = (
            f"the ledger {path} says that its schema version is {version}, which there never was: "
            "another program changed it, restore a copy"
        )
        raise SourceError(message)


def _is_empty(connection: sqlite3.Connection) -> bool:
    return not _contents(connection) and _pragma(connection, "application_id") in {0, APPLICATION_ID}


def _contents(connection: sqlite3.Connection) -> list[str]:
    """Return the names of whatever there is: a database may hold views alone."""
    return [name for (name,) in rows_of(connection, "SELECT name FROM sqlite_schema WHERE sql IS NOT NULL")]


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)


def _statements(script: str) -> Iterator[str]:
    """Yield a script's statements one by one, so that they stay inside the caller's transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
