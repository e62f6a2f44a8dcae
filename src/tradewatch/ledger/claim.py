"""One run of a ledger at a time: a lock beside it, which the kernel frees when its holder dies."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tradewatch.errors import ConfigurationError
from tradewatch.ledger.failures import explained
from tradewatch.ledger.files import FileIdentity, file_identity

if sys.platform == "win32":  # where MetaTrader's package runs
    import msvcrt
else:
    import fcntl


@contextmanager
def claimed(path: Path) -> Iterator[None]:
    """Keep other runs from a ledger, which need not be there yet; a file ``.run`` is beside it meanwhile.

    Raises `ConfigurationError` while another run has it, `SourceError` where nothing can be beside it.
    """
    beside = Path(f"{path.resolve()}.run")
    with explained(path):
        descriptor = _locked(beside, path)
    try:
        yield
    finally:
        beside.unlink(missing_ok=True)
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _locked(beside: Path, path: Path) -> int:
    """Return the descriptor of a file that is locked, and is the one that the others find."""
    while True:
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(descriptor)
        except (BlockingIOError, PermissionError):  # the second is Windows' word for it
            os.close(descriptor)
            message = f"another run writes the ledger {path}: stop it first, or give another path with --ledger"
            raise ConfigurationError(message) from None
        found = os.fstat(descriptor)
        if file_identity(beside) == FileIdentity(found.st_dev, found.st_ino):
            return descriptor
        os.close(descriptor)  # its holder ended and deleted it after it was opened here
