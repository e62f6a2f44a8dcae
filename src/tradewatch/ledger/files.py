"""The files a SQLite ledger is made of, and whether they are still the ones that were opened.

SQLite trusts a write-ahead log by its name. A log that stays behind when its database is moved, deleted or replaced
would be read into whatever takes the place: https://www.sqlite.org/howtocorrupt.html#_unlinking_or_renaming
"""

from pathlib import Path
from typing import NamedTuple

_LOG, _SHARED = "-wal", "-shm"


class FileIdentity(NamedTuple):
    """Which file a path leads to; another one after the file was replaced."""

    device: int
    inode: int


def file_identity(path: Path) -> FileIdentity | None:
    """Return what a path leads to now, None when there is nothing."""
    try:
        found = path.stat()
    except OSError:
        return None
    return FileIdentity(found.st_dev, found.st_ino)


class LedgerFiles(NamedTuple):
    """The database, its write-ahead log and the memory its users share, as they were at one moment."""

    main: FileIdentity | None
    log: FileIdentity | None
    shared: FileIdentity | None

    @classmethod
    def at(cls, path: Path) -> "LedgerFiles":
        """Return what the ledger's three names lead to now."""
        return cls(file_identity(path), file_identity(_beside(path, _LOG)), file_identity(_beside(path, _SHARED)))

    def remove_left_behind(self, path: Path) -> None:
        """Delete the log and the shared memory that still lie beside a path where their database is no more."""
        if file_identity(path) == self.main:
            return
        for suffix, identity in ((_LOG, self.log), (_SHARED, self.shared)):
            file = _beside(path, suffix)
            if identity is not None and file_identity(file) == identity:
                file.unlink(missing_ok=True)


def has_log(path: Path) -> bool:
    """Whether something is written in the write-ahead log beside a path."""
    log = _beside(path, _LOG)
    return log.exists() and log.stat().st_size > 0


def remove(path: Path) -> None:
    """Delete a ledger that holds nothing."""
    for file in (_beside(path, _LOG), _beside(path, _SHARED), path):
        file.unlink(missing_ok=True)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
