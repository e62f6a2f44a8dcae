"""Cells of a MetaTrader 5 report as values: each function returns the value, or the `Reason` why there is none."""

import math
import re
from datetime import datetime, tzinfo

from tradewatch.sources.csv_values import moment as iso_moment
from tradewatch.sources.source import Reason

_NUMBER = re.compile(r"([+-]?) ?((?:\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?)", re.ASCII)
_WITH_COMMA = re.compile(r"[+-]? ?\d[\d ,.']*,[\d ,.']*", re.ASCII)
_DATE = re.compile(r"(\d{4})\.(\d\d)\.(\d\d)(.*)", re.ASCII)


def number(cell: str) -> float | Reason:
    """Return a number as English reports write it: a decimal point, and blanks between thousands and after a minus.

    >>> number("1 234.56"), number("- 2.50"), number("1,5")
    (1234.56, -2.5, <Reason.DECIMAL_COMMA: 'decimal_comma'>)
    """
    found = _NUMBER.fullmatch(cell)
    if found:
        value = float(found[1] + found[2].replace(" ", ""))
        return value if math.isfinite(value) else Reason.OUT_OF_BOUNDS
    return Reason.DECIMAL_COMMA if _WITH_COMMA.fullmatch(cell) else Reason.NOT_A_NUMBER


def moment(cell: str, zone: tzinfo) -> datetime | Reason:
    """Return a time of the server, whose clock is in ``zone``, in UTC.

    >>> from datetime import UTC
    >>> moment("2024.01.31 17:30:00", UTC).isoformat()
    '2024-01-31T17:30:00+00:00'
    """
    found = _DATE.fullmatch(cell)
    return iso_moment("-".join(found.groups()[:3]) + found[4], zone) if found else Reason.NOT_A_TIME
