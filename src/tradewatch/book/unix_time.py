"""Moments as Unix time: one number, which is what many of them at once are reckoned with."""

from datetime import UTC, datetime

DAY = 24 * 60 * 60
"""Seconds."""


def from_unix(seconds: float) -> datetime:
    """Return the moment whose ``timestamp()`` this is; exact to the microsecond in the years that facts come from.

    >>> from_unix(1.000001).isoformat()
    '1970-01-01T00:00:01.000001+00:00'
    """
    return datetime.fromtimestamp(seconds, UTC)
