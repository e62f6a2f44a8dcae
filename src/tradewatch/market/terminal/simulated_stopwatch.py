"""How long calls would have taken, for a terminal that is simulated: the same at every run."""

from datetime import datetime
from hashlib import blake2b
from math import log

from tradewatch.market.clock import Clock

_LEAST = 0.01
_MEAN_BEYOND = 0.02
_LEVELS = 1 << 16
_BYTES = 64


class SimulatedStopwatch:
    """Seconds that only go up within one moment of the clock: each look is 10 ms later, and a random time beyond.

    That time is exponential with a mean of 20 ms. It follows from ``seed``, the moment, and how often it was looked at
    in that moment, so it needs no state.
    """

    def __init__(self, clock: Clock, seed: int) -> None:
        self._clock = clock
        self._seed = seed
        self._moment: datetime | None = None
        self._seconds = 0.0
        self._looks = 0
        self._chances = b""

    def __call__(self) -> float:
        """Return the seconds, to a tenth of a millisecond."""
        now = self._clock.now()
        if now != self._moment:
            self._moment, self._seconds, self._looks = now, 0.0, 0
        place = 2 * self._looks % _BYTES
        if place == 0:
            about = f"{self._seed} took {now.isoformat()} {self._looks}"
            self._chances = blake2b(about.encode(), digest_size=_BYTES).digest()
        chance = (int.from_bytes(self._chances[place : place + 2], "big") + 0.5) / _LEVELS
        self._looks += 1
        self._seconds += _LEAST - _MEAN_BEYOND * log(chance)
        return round(self._seconds, 4)
