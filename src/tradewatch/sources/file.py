"""What can be wrong with a file as a whole, as one sentence."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tradewatch.errors import SourceError


def require_file(path: Path) -> None:
    """Raise `SourceError` unless a path leads to a regular file that is not empty."""
    with explained(path):
        found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        message = f"{path} is a folder: give the path of a file"
    elif not stat.S_ISREG(found.st_mode):
        message = f"{path} is not a regular file, and it is read more than once: save it to a file first"
    elif not found.st_size:
        message = f"{path} is empty: export the trades again"
    else:
        return
    raise SourceError(message)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what happens while a file is read into a `SourceError` that a person understands."""
    try:
        yield
    except FileNotFoundError as error:
        message = f"there is no file {path}: check the path"
        raise SourceError(message) from error
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}): check the path and its permissions"
        raise SourceError(message) from error
    except UnicodeDecodeError as error:
        raise not_utf8(path) from error


def not_utf8(path: Path) -> SourceError:
    """Return what to raise about a text in another encoding."""
    return SourceError(f"{path} is not text in UTF-8: save it again with the encoding UTF-8")
