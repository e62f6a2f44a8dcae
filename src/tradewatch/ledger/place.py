"""Where a ledger is: what ``--ledger`` and ``Recorder`` accept."""

from pathlib import Path

from tradewatch.errors import ConfigurationError

_SQLITE = "sqlite:///"


def ledger_path(place: str | Path) -> Path:
    """Return the file that a path or a ``sqlite:///path`` URL names; raises `ConfigurationError` on another URL."""
    text = str(place)
    if text.startswith(_SQLITE):
        return Path(text.removeprefix(_SQLITE))
    if "://" in text:
        scheme = text.partition("://")[0]
        message = f"a ledger at {scheme}:// is not supported: give a file's path or sqlite:///path"
        raise ConfigurationError(message)
    return Path(text)
