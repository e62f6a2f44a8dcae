"""How a ledger's file is opened: as what it is, or with a sentence that says what it is instead."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from tradewatch.errors import SourceError
from tradewatch.ledger.failures import explained, has_no_room
from tradewatch.ledger.files import FileIdentity, has_log, remove
from tradewatch.ledger.querying import rows_of
from tradewatch.ledger.schema import APPLICATION_ID, MIGRATIONS

VERSION = len(MIGRATIONS)
_OLDEST_READABLE = 1
"""The oldest version of the schema whose facts are read like today's."""

_NAMED = 5


def connect(path: Path, mode: str, busy_timeout: float) -> sqlite3.Connection:
    """Return a connection to a ledger; raises `SourceError` on what is none, or cannot be had in this mode."""
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
def closed_on_error(connection: sqlite3.Connection) -> Iterator[None]:
    """Close a connection when what follows fails."""
    try:
        yield
    except BaseException:
        connection.close()
        raise


@contextmanager
def removed_without_room(path: Path, found: FileIdentity | None) -> Iterator[None]:
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
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Do what follows in one transaction, all of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make an empty file a ledger, and bring an old one up to date; raises `SourceError` on anything else."""
    has_content = not _is_empty(connection)
    if has_content:
        _check_application(connection, path)
    connection.execute("PRAGMA journal_mode = WAL")
    with transaction(connection):
        version = _pragma(connection, "user_version")
        _require_known(path, version, oldest=1 if has_content else 0)
        for migration in MIGRATIONS[version:]:
            for statement in _statements(migration):
                connection.execute(statement)
        if version < VERSION:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")


def check_version(connection: sqlite3.Connection, path: Path) -> None:
    """Raise `SourceError` unless a file is a ledger of the schema that is known here."""
    if _is_empty(connection):
        message = f"the ledger {path} is an empty file: record or import something into it first"
        raise SourceError(message)
    _check_application(connection, path)
    _require_known(path, _pragma(connection, "user_version"), oldest=_OLDEST_READABLE)


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
