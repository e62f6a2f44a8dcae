"""When to try again: a wait that grows with every failure, and a breaker that opens after several."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from tradewatch.market.terminal.chance import chance

_MOST_DOUBLINGS = 20
"""Of a wait; more are beyond any ``longest``, and in the end beyond what a duration can hold."""


class BreakerState(StrEnum):
    """Closed: tries go through. Open: none does. Half-open: one may go through, and decides."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait after a failure: ``first``, doubled with every further one, up to ``longest``.

    ``jitter``: by which share a wait may be shorter, so that many do not come back at once; it follows from ``seed``.
    ``failures_to_open``: in a row, after which the breaker is open for each wait.
    """

    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(minutes=5)
    failures_to_open: int = 5
    jitter: float = 0.0
    seed: int = 0

    def after(self, failures: int) -> timedelta:
        """Return the wait after so many failures in a row.

        >>> [Patience().after(failures).total_seconds() for failures in (1, 2, 3, 9, 10, 1000)]
        [1.0, 2.0, 4.0, 256.0, 300.0, 300.0]
        """
        doublings = min(failures - 1, _MOST_DOUBLINGS)
        wait = min(self.longest, self.first * (1 << doublings))
        return wait * (1 - self.jitter * chance(self.seed, "jitter", failures))


class Breaker:
    """Counts failures in a row and says when the next try may be made."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self.failures = 0
        self.next_try: datetime | None = None

    def allows(self, now: datetime) -> bool:
        """Whether a try may be made now."""
        return self.next_try is None or now >= self.next_try

    def state(self, now: datetime) -> BreakerState:
        """Return the state at this moment."""
        if self.failures < self._patience.failures_to_open:
            return BreakerState.CLOSED
        return BreakerState.HALF_OPEN if self.allows(now) else BreakerState.OPEN

    def fail(self, now: datetime) -> bool:
        """Note a failure; True if it is the one that opens the breaker."""
        self.failures += 1
        self.next_try = now + self._patience.after(self.failures)
        return self.failures == self._patience.failures_to_open

    def succeed(self) -> None:
        """Note a success: the next failure is the first one again."""
        self.failures = 0
        self.next_try = None

    def dump(self) -> list[Any]:
        """Return what `restore` needs. Any: JSON."""
        return [self.failures, None if self.next_try is None else self.next_try.isoformat()]

    def restore(self, dumped: list[Any]) -> None:
        """Go on from there. Any: JSON."""
        self.failures = int(dumped[0])
        self.next_try = None if dumped[1] is None else datetime.fromisoformat(dumped[1])
