"""Cells of a CSV file as values: each function returns the value, or the `Reason` why there is none."""

import math
import re
from datetime import UTC, datetime, tzinfo

from tradewatch.facts import Direction
from tradewatch.sources.source import Reason

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s.,']")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

_DIRECTIONS = {"BUY": Direction.BUY, "LONG": Direction.BUY, "SELL": Direction.SELL, "SHORT": Direction.SELL}


def number(cell: str) -> float | Reason:
    """Return a plain number; a comma in it is never guessed at.

    >>> number("1.5"), number("1,5"), number("one")
    (1.5, <Reason.DECIMAL_COMMA: 'decimal_comma'>, <Reason.NOT_A_NUMBER: 'not_a_number'>)
    """
    if _NUMBER.fullmatch(cell):
        value = float(cell)
        return value if math.isfinite(value) else Reason.OUT_OF_BOUNDS
    has_comma = "," in cell and _NUMBER.fullmatch(_SEPARATORS.sub("", cell))
    return Reason.DECIMAL_COMMA if has_comma else Reason.NOT_A_NUMBER


def price_if_set(cell: str) -> float | Reason | None:
    """Return a price; 0 is how many platforms write that there is none."""
    return number(cell) or None


def direction(cell: str) -> Direction | Reason:
    """Return the side of a trade.

    >>> direction("Short")
    <Direction.SELL: 'SELL'>
    """
    return _DIRECTIONS.get(cell.upper(), Reason.NOT_A_DIRECTION)


def moment(cell: str, zone: tzinfo | None) -> datetime | Reason:
    """Return a time in UTC; one without its own zone is in ``zone``.

    >>> moment("2024-01-31T17:30:00+02:00", None).isoformat()
    '2024-01-31T15:30:00+00:00'
    """
    if not _DATE.match(cell):
        return Reason.NOT_A_TIME
    try:
        found = datetime.fromisoformat(cell)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
        return Reason.TIME_WITHOUT_ZONE if zone is None else _in_zone(found, zone)
    except (ValueError, OverflowError):  # not a date; or one that is beyond the calendar in UTC
        return Reason.NOT_A_TIME


def _in_zone(found: datetime, zone: tzinfo) -> datetime | Reason:
    earlier, later = (found.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if earlier.utcoffset() != later.utcoffset():
        return Reason.AMBIGUOUS_TIME
    return earlier.astimezone(UTC)
