"""Which formats of files there are."""

from collections.abc import Mapping
from pathlib import Path

from tradewatch.errors import ConfigurationError
from tradewatch.sources import velocityptrader
from tradewatch.sources.csv_file import CsvSource
from tradewatch.sources.freqtrade import FreqtradeBacktestSource
from tradewatch.sources.mt5_history.source import Mt5HistorySource
from tradewatch.sources.source import Source

SOURCES: Mapping[str, Source] = {
    source.name: source for source in (CsvSource(), FreqtradeBacktestSource(), Mt5HistorySource())
}
"""Every source by the name of its format."""

FORMATS = (*SOURCES, velocityptrader.FORMAT)
"""The names of all formats: those of files, and of the database that can be followed."""


def source_for(path: Path, name: str | None) -> Source:
    """Return the source of a format, or of a file name's ending; raises `ConfigurationError` when there is none."""
    if name is not None:
        return SOURCES[name]
    for source in SOURCES.values():
        if path.suffix.lower() in source.suffixes:
            return source
    message = f"the ending of {path.name} does not tell its format: give --format, one of {', '.join(FORMATS)}"
    raise ConfigurationError(message)
