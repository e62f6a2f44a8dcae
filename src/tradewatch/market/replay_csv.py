"""Rows of a CSV file, plain or compressed with gzip."""

import csv
import gzip
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TextIO

from tradewatch.errors import SourceError

_DELIMITERS = (",", ";", "\t")


def rows(path: Path) -> Iterator[Sequence[object]]:
    """Yield each row, the first one included; raises `SourceError` where the file cannot be read."""
    try:
        with _opened(path) as file:
            delimiter = max(_DELIMITERS, key="".join(islice(file, 1)).count)
            file.seek(0)
            yield from csv.reader(file, delimiter=delimiter)
    except (OSError, EOFError, zlib.error) as error:
        message = f"{path} cannot be read ({error}): copy it again"
        raise SourceError(message) from error
    except (csv.Error, UnicodeDecodeError) as error:
        message = f"{path} is not a CSV file ({error}): give text in UTF-8 with one row a line"
        raise SourceError(message) from error


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")
