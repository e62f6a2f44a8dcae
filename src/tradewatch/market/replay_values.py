"""Cells of a file of prices as values: each function returns the value, or the `Refusal` why there is none."""

import math
import re
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_WITH_COMMA = re.compile(r"[+-]?\d[\d.'\s]*,\d+", re.ASCII)
_MICROSECONDS = ((1e11, 1_000_000.0), (1e14, 1_000.0), (1e17, 1.0), (1e20, 0.001))
"""Below which size an epoch time is in seconds, milliseconds, microseconds, nanoseconds, and microseconds in each."""


class Refusal(Enum):
    """Why a row is not used."""

    WRONG_LENGTH = "wrong_length"
    NO_VALUE = "no_value"
    NOT_A_NUMBER = "not_a_number"
    DECIMAL_COMMA = "decimal_comma"
    NOT_FINITE = "not_finite"
    NOT_POSITIVE = "not_positive"
    NEGATIVE = "negative"
    NOT_A_TIME = "not_a_time"
    TIME_WITHOUT_ZONE = "time_without_zone"
    HIGH_BELOW_LOW = "high_below_low"
    OUTSIDE_RANGE = "outside_range"
    CROSSED = "crossed"
    DUPLICATE = "duplicate"
    BACK_IN_TIME = "back_in_time"
    OVERLAPPING = "overlapping"
    NO_ASSET = "no_asset"


def number(cell: object) -> float | Refusal:
    """Return a finite number; a comma in it is never guessed at.

    >>> number(" 1.5"), number("1,5"), number("nan"), number("one"), number("")
    (1.5, <Refusal.DECIMAL_COMMA: 'decimal_comma'>, <Refusal.NOT_FINITE: 'not_finite'>, \
<Refusal.NOT_A_NUMBER: 'not_a_number'>, <Refusal.NO_VALUE: 'no_value'>)
    """
    if isinstance(cell, str):
        return _written(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell) if math.isfinite(cell) else Refusal.NOT_FINITE
    return Refusal.NO_VALUE if cell is None else Refusal.NOT_A_NUMBER


def price(cell: object) -> float | Refusal:
    """Return a number above 0."""
    value = number(cell)
    return value if isinstance(value, Refusal) or value > 0 else Refusal.NOT_POSITIVE


def amount(cell: object) -> float | Refusal:
    """Return a number that is not below 0: a volume, a spread."""
    value = number(cell)
    return value if isinstance(value, Refusal) or value >= 0 else Refusal.NEGATIVE


def moment(cell: object, zone: tzinfo | None) -> datetime | Refusal:
    """Return a time in UTC: of ISO 8601, or since 1970 in the unit that its size says. ``zone``: of times without one.

    >>> moment("2018-01-10 04:55:00.000000000Z", None) == moment("1515560100000", None) == moment(1515560100, None)
    True
    >>> moment("2018-01-10 04:55", None)
    <Refusal.TIME_WITHOUT_ZONE: 'time_without_zone'>
    """
    if isinstance(cell, datetime):
        return _zoned(cell, zone)
    written = cell.strip() if isinstance(cell, str) else cell
    if isinstance(written, str) and not _NUMBER.fullmatch(written):
        try:
            return _zoned(datetime.fromisoformat(written), zone)
        except ValueError:
            return Refusal.NOT_A_TIME if written else Refusal.NO_VALUE
    return _since_1970(written)


def _written(cell: str) -> float | Refusal:
    """Return what Python reads, but for what it alone accepts: 1_000, and the digits of other scripts."""
    if cell.isascii() and "_" not in cell:
        try:
            value = float(cell)
        except ValueError:
            return _unreadable(cell.strip())
        return value if math.isfinite(value) else Refusal.NOT_FINITE
    return Refusal.NOT_A_NUMBER


def _unreadable(cell: str) -> Refusal:
    if not cell:
        return Refusal.NO_VALUE
    return Refusal.DECIMAL_COMMA if _WITH_COMMA.fullmatch(cell) else Refusal.NOT_A_NUMBER


def _zoned(found: datetime, zone: tzinfo | None) -> datetime | Refusal:
    if found.tzinfo is None:
        return Refusal.TIME_WITHOUT_ZONE if zone is None else _zoned(found.replace(tzinfo=zone), zone)
    try:
        return found.astimezone(UTC)
    except OverflowError:
        return Refusal.NOT_A_TIME


def _since_1970(cell: object) -> datetime | Refusal:
    if (size := number(cell)) in {Refusal.NO_VALUE, Refusal.NOT_FINITE}:
        return Refusal.NO_VALUE
    if isinstance(size, Refusal) or size < 0:
        return Refusal.NOT_A_TIME
    for limit, microseconds in _MICROSECONDS:
        if size < limit:
            return _EPOCH + timedelta(microseconds=round(size * microseconds))
    return Refusal.NOT_A_TIME
