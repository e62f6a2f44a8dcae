"""Rows of a Parquet file. The only place that knows pyarrow, an optional dependency."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tradewatch.errors import ConfigurationError, SourceError

_ROWS = 8_192
"""That are in memory at a time."""


def rows(path: Path) -> Iterator[Sequence[object]]:
    """Yield the names of the columns, then each row; times are datetimes.

    Raises `ConfigurationError` where pyarrow is not installed, `SourceError` for a file that is not Parquet.
    """
    try:
        import pyarrow as pa  # type: ignore[import-untyped] # noqa: PLC0415 - optional
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        message = f"{path} needs pyarrow, which is not installed: run pip install 'tradewatch[parquet]', or give CSV"
        raise ConfigurationError(message) from error
    try:
        with parquet.ParquetFile(path) as file:
            yield file.schema_arrow.names
            for batch in file.iter_batches(batch_size=_ROWS):
                yield from zip(*(_in_microseconds(column, pa).to_pylist() for column in batch.columns), strict=True)
    except pa.ArrowException as error:
        message = f"{path} is not a Parquet file ({str(error).splitlines()[0]}): write it again"
        raise SourceError(message) from error


def _in_microseconds(column: Any, pa: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return the column with times that a datetime can hold."""
    is_time = pa.types.is_timestamp(column.type)
    return column.cast(pa.timestamp("us", column.type.tz), safe=False) if is_time else column
