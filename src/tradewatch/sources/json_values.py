"""JSON values as values of a trade: each function returns the value, or the `Reason` why there is none."""

import math
from datetime import UTC, datetime, timedelta

from tradewatch.sources.csv_values import moment as written_moment
from tradewatch.sources.source import Reason

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FEWEST_MILLISECONDS = 1e11
"""In 1973; a smaller number of "milliseconds" is a number of seconds, and not guessed at."""


def number(value: object) -> float | Reason:
    """Return a finite number; one that is written as a text is refused.

    >>> number(2), number("2")
    (2.0, <Reason.NOT_A_NUMBER: 'not_a_number'>)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Reason.NOT_A_NUMBER
    try:
        found = float(value)
    except OverflowError:
        return Reason.OUT_OF_BOUNDS
    return found if math.isfinite(found) else Reason.NOT_A_NUMBER


def price_if_set(value: object) -> float | Reason | None:
    """Return a price; 0 says that there is none."""
    return number(value) or None


def text(value: object) -> str | Reason | None:
    """Return a text; an empty one says that there is none."""
    return value or None if isinstance(value, str) else Reason.NOT_A_TEXT


def truth(value: object) -> bool | Reason:
    """Return true or false."""
    return value if isinstance(value, bool) else Reason.NOT_TRUE_OR_FALSE


def moment(value: object) -> datetime | Reason:
    """Return a time in UTC: a text in ISO 8601, in UTC if it has no zone, or milliseconds since 1970.

    >>> moment(1515568500000.0).isoformat()
    '2018-01-10T07:15:00+00:00'
    """
    if isinstance(value, str):
        return written_moment(value, UTC)
    milliseconds = number(value)
    if isinstance(milliseconds, Reason) or milliseconds < _FEWEST_MILLISECONDS:
        return Reason.NOT_A_TIME
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return Reason.NOT_A_TIME
