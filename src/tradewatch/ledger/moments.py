"""Event times as the ledger stores them: whole microseconds since 1970-01-01T00:00:00Z, exact in both directions."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


LATEST = 4_133_980_800_000_000
"""2101-01-01: no fact is as late as this, nor before 1970; a ledger refuses it, but others may have written into it."""


def to_microseconds(moment: datetime) -> int:
    """Return an aware moment as whole microseconds.

    >>> to_microseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(microseconds: int) -> datetime:
    """Return whole microseconds as a moment in UTC.

    >>> from_microseconds(1_000_000).isoformat()
    '1970-01-01T00:00:01+00:00'
    """
    return _EPOCH + timedelta(0, 0, microseconds)


def moments_of(microseconds: Iterable[int]) -> list[datetime]:
    """Return many such moments in a fraction of the time; they must be from 1970 on and before `LATEST`.

    >>> [moment.isoformat() for moment in moments_of([1_000_001])]
    ['1970-01-01T00:00:01.000001+00:00']
    """
    return msgspec.convert([each / 1e6 for each in microseconds], list[datetime], strict=False)
