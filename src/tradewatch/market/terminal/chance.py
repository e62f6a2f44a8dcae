"""Chance that depends on what it is about, and not on who asked before."""

from functools import lru_cache
from hashlib import blake2b

_BYTES = 7
_RANGE = 1 << 8 * _BYTES


@lru_cache(maxsize=4_096)  # asked again and again about the last few minutes
def chance(*about: object) -> float:
    """Return a number in [0, 1) that follows from the texts of the arguments, evenly spread and always the same.

    >>> chance(1, "outage", "EURUSD") == chance(1, "outage", "EURUSD") != chance(2, "outage", "EURUSD")
    True
    """
    digest = blake2b("\x1f".join(map(str, about)).encode(), digest_size=_BYTES).digest()
    return int.from_bytes(digest, "big") / _RANGE
