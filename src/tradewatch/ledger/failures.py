"""What SQLite's errors mean for a person: one sentence with the path and the mend."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tradewatch.errors import DamageError, SourceError

if sys.platform != "win32":  # where MetaTrader's package runs, and a ledger must too
    import resource

_NO_LIMIT = -1  # RLIM_INFINITY, as Python has it everywhere
_CORRUPT = "SQLITE_CORRUPT"
_MEANINGS = {
    "SQLITE_BUSY": "is locked by another program: wait for it to finish, or stop it",
    "SQLITE_LOCKED": "is locked by another program: wait for it to finish, or stop it",
    "SQLITE_FULL": "cannot grow, the disk is full: free some space",
    "SQLITE_IOERR_SHMSIZE": "cannot grow, the disk is full: free some space",
    "SQLITE_READONLY": "cannot be written: make the file and its folder writable",
    "SQLITE_NOTADB": "is not a SQLite database: give the path of a Tradewatch ledger",
    "SQLITE_CANTOPEN": "cannot be opened: check the path and the permissions of its folder",
    "SQLITE_IOERR": "cannot be read or written, the disk reports an error: check the disk",
}


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an error of SQLite or the system about a ledger into a `SourceError` that a person understands."""
    try:
        yield
    except sqlite3.Error as error:
        if _is(error, _CORRUPT):
            raise damaged(path) from error
        message = f"the ledger {path} {_meaning(error, path)}"
        raise SourceError(message) from error
    except UnicodeDecodeError as error:  # SQLite quotes damaged bytes of the schema in its error
        raise damaged(path) from error
    except OSError as error:
        message = f"the ledger {path} cannot be opened ({error.strerror}): check the path and its permissions"
        raise SourceError(message) from error


def damaged(path: Path) -> DamageError:
    """Return what to raise about a file in which SQLite finds damage."""
    return DamageError(
        f"the ledger {path} is damaged: restore a copy, or save what is readable with `sqlite3 FILE .recover`"
    )


def _largest_file() -> int | None:
    """Return the bytes that a file may have here, None without a limit."""
    limit = _NO_LIMIT
    if sys.platform != "win32":
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    return None if limit == _NO_LIMIT else limit


def _meaning(error: sqlite3.Error, path: Path) -> str:
    if _is(error, "SQLITE_IOERR") and (limit := _largest_file()) is not None:
        return f"cannot be written, a file may not grow beyond {limit} bytes here: raise the limit (ulimit -f)"
    if _is(error, "SQLITE_CANTOPEN") and path.exists() and not os.access(path.parent, os.W_OK):
        return (
            f"cannot be opened, SQLite needs files beside it and {path.parent} cannot be written: "
            "make the folder writable, or copy the ledger to one that is"
        )
    found = (meaning for code, meaning in _MEANINGS.items() if _is(error, code))
    return next(found, f"cannot be used: {error}")


def has_no_room(error: BaseException) -> bool:
    """Whether an error says that the disk took no more."""
    return isinstance(error, sqlite3.Error) and (_is(error, "SQLITE_IOERR") or _is(error, "SQLITE_FULL"))


def _is(error: sqlite3.Error, code: str) -> bool:
    name = getattr(error, "sqlite_errorname", None) or ""  # None: an error of the Python module itself
    return name == code or name.startswith(f"{code}_")
