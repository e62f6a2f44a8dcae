"""What a page shows, read back as numbers: a text must be the nearest that its own decimals can tell."""

import math
import re
from collections.abc import Mapping

_TIMES = {" ns": 1e-9, " µs": 1e-6, " ms": 1e-3, " s": 1.0, " min": 60.0, " hour": 3600.0, " day": 86_400.0}
_TIMES |= {" week": 604_800.0, " year": 31_556_900.0}
SIZES: Mapping[str, Mapping[str, float]] = {
    "none": {"": 1.0},
    "locale": {"": 1.0},
    "short": {"": 1.0, " K": 1e3, " Mil": 1e6, " Bil": 1e9, " Tri": 1e12},
    "percent": {"%": 1.0},
    "percentunit": {"%": 0.01},
    "s": _TIMES | {f"{name}s": size for name, size in _TIMES.items() if size >= 60},
    "currencyUSD": {"": 1.0, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12},
    "hertz": {" nHz": 1e-9, " µHz": 1e-6, " mHz": 1e-3, " Hz": 1.0, " kHz": 1e3},
    "bytes": {" B": 1.0, " KiB": 1024.0, " MiB": 1024.0**2, " GiB": 1024.0**3},
}
"""What one of a unit's signs stands for, by the unit's name."""

_NUMBER = re.compile(r"(?P<sign>-?)\$?(?P<digits>[\d,]+(?:\.(?P<decimals>\d+))?)(?P<power>e-?\d+)?(?P<unit>\D.*)?")


def reads_as(text: str, value: float, unit: str) -> bool:
    """Whether a text in a unit is a number rounded to the decimals that it has.

    >>> [reads_as("1.23 K", each, "short") for each in (1234.9, 1225.1, 1240.0)]
    [True, True, False]
    >>> reads_as("-$98.8K", -98_765.4, "currencyUSD"), reads_as("45.7%", 45.7, "percentunit")
    (True, False)
    """
    if math.isinf(value):
        return text == ("∞" if value > 0 else "-∞")
    found = _NUMBER.fullmatch(text)
    if found is None or (size := SIZES[unit].get(found["unit"] or "")) is None:
        return False
    shown = float(found["sign"] + found["digits"].replace(",", "") + (found["power"] or "")) * size
    step = 0.0 if found["power"] else size * 10.0 ** -len(found["decimals"] or "")
    return abs(shown - value) <= step / 2 + 1e-9 * abs(value)
