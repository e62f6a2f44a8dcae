"""Moments as short parts of ids."""

from datetime import datetime
from functools import lru_cache


@lru_cache(maxsize=16)  # of one moment there are many facts
def stamp(moment: datetime) -> str:
    """Return an aware moment as seconds since 1970, exact to the microsecond: a ledger keeps millions of them.

    >>> from datetime import UTC, timedelta
    >>> stamp(datetime(2026, 1, 1, tzinfo=UTC)), stamp(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=1))
    ('1767225600', '1767225600.000001')
    """
    return f"{moment.timestamp():.16g}"
