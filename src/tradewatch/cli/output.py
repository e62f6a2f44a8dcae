"""Standard output that fails as one sentence: a full disk, a reader that has left, signs that it cannot show."""

import io
import sys
from typing import TYPE_CHECKING

from tradewatch.errors import TradewatchError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class OutputError(TradewatchError):
    """Standard output cannot be written: free some space or redirect it."""


class ReaderLeftError(Exception):
    """Nobody reads standard output any more, as behind ``| head``: end quietly."""


def guard() -> None:
    """Make standard output raise `OutputError` and `ReaderLeftError`; raises `OutputError` when it is closed."""
    if sys.stdout is None:
        message = "standard output is closed: redirect it to a file, or to /dev/null"
        raise OutputError(message)
    if sys.stdout is sys.__stdout__:
        sys.stdout = _guarded(sys.__stdout__)


def _guarded(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedWriter(_Output(stream.fileno(), "wb", closefd=False)),
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


class _Output(io.FileIO):
    """Standard output itself. After an error it takes everything, so that the end of the process is quiet."""

    has_failed = False

    def write(self, content: "ReadableBuffer", /) -> int:
        if self.has_failed:
            return memoryview(content).nbytes
        try:
            return super().write(content)
        except BrokenPipeError as error:
            self.has_failed = True
            raise ReaderLeftError from error
        except OSError as error:
            self.has_failed = True
            message = f"standard output cannot be written ({error.strerror}): free some space, or redirect it"
            raise OutputError(message) from error
