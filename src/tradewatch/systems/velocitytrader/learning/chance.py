"""Random numbers that need no memory."""

from hashlib import sha256
from random import Random

_STEPS = 1 << 64


class Chance:
    """Independent streams of random numbers, numbered from 0: nothing but a number needs to survive a restart.

    >>> Chance(7, "SNIPER").stream(3).random() == Chance(7, "SNIPER").stream(3).random()
    True
    """

    __slots__ = ("_base", "_random")

    def __init__(self, seed: int, purpose: str) -> None:
        self._base = int.from_bytes(sha256(f"{seed}/{purpose}".encode()).digest()[:16]) * _STEPS
        self._random = Random(0)  # noqa: S311  # for exploring, not for secrets

    def stream(self, number: int) -> Random:
        """Return the stream with a number below 2⁶⁴, at its start; it is good until the next one is asked for."""
        self._random.seed(self._base + number)
        return self._random
