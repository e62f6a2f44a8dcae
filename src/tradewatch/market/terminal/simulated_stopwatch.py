"""How long calls would have taken, for a terminal that is simulated: the same at every run."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from math import log

from tradewatch.market.clock import Clock

_LEAST = 0.01
_MEAN_BEYOND = 0.02
_LEVELS = 256
_PARTS = 10_000
"""Of a second: what the time is counted in, for whole numbers add up without rounding."""

_STEPS = tuple(round((_LEAST - _MEAN_BEYOND * log((level + 0.5) / _LEVELS)) * _PARTS) for level in range(_LEVELS))
_DRAWN_AT_A_TIME = 64


class SimulatedStopwatch:
    """Seconds that only go up within one moment of the clock: each look is 10 ms later, and a random time beyond.

    That time is exponential with a mean of 20 ms, in 256 steps. It follows from ``seed``, the moment, and how often it
    was looked at in that moment, so it needs no state.
    """

    def __init__(self, clock: Clock, seed: int) -> None:
        self._clock = clock
        self._seed = seed
        self._moment: datetime | None = None
        self._parts = 0
        self._looks = 0
        self._drawn: Sequence[int] = b""

    def __call__(self) -> float:
        """Return the seconds."""
        now = self._clock.now()
        if now is not self._moment and now != self._moment:
            self._moment, self._parts, self._looks = now, 0, 0
        place = self._looks % _DRAWN_AT_A_TIME
        if not place:
            about = f"{self._seed} took {now.isoformat()} {self._looks}"
            self._drawn = blake2b(about.encode(), digest_size=_DRAWN_AT_A_TIME).digest()
        self._looks += 1
        self._parts += _STEPS[self._drawn[place]]
        return self._parts / _PARTS
