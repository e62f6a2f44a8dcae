"""The time that a run lives in: the wall's, or one that jumps."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

_NAP = 0.2
"""Seconds that a wait sleeps at a time, so that it soon sees that it was broken off."""


class Clock(Protocol):
    """Says what time it is, and waits. Everything that trades takes its time from one of these."""

    def now(self) -> datetime:
        """Return the time, aware UTC; it never goes back."""

    def is_due(self, moment: datetime) -> bool:
        """Return whether `wait_until` would return at once."""

    def wait_until(self, moment: datetime) -> bool:
        """Return at this moment, at once if it has passed; False if the wait was broken off by `stop`."""

    def stop(self) -> None:
        """Break off the wait that is under way, and all that follow; safe in a signal handler."""


class WallClock:
    """The machine's own time. When the system clock is set back, it goes on as if it had not been."""

    def __init__(self) -> None:
        self._newest = datetime.now(UTC)
        self._read_at = time.monotonic()
        self._is_stopped = False

    def now(self) -> datetime:
        """Return the time, aware UTC."""
        read_at = time.monotonic()
        gone_on = self._newest + timedelta(seconds=read_at - self._read_at)
        self._newest, self._read_at = max(gone_on, datetime.now(UTC)), read_at
        return self._newest

    def is_due(self, moment: datetime) -> bool:
        """Return whether this moment has come."""
        return self.now() >= moment

    def wait_until(self, moment: datetime) -> bool:
        """Sleep until this moment; False if `stop` was called."""
        while not self._is_stopped and (left := (moment - self.now()).total_seconds()) > 0:
            time.sleep(min(left, _NAP))
        return not self._is_stopped

    def stop(self) -> None:
        """Break off the wait: a flag and no lock, which a signal handler might find held."""
        self._is_stopped = True


class SimulatedClock:
    """A clock that stands still until it is waited for, and then is there at once.

    >>> clock = SimulatedClock(datetime(2026, 1, 1, tzinfo=UTC))
    >>> clock.wait_until(clock.now() + timedelta(days=1))
    True
    >>> clock.now().isoformat()
    '2026-01-02T00:00:00+00:00'
    """

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._stopped = False

    def now(self) -> datetime:
        """Return the simulated time."""
        return self._now

    def is_due(self, moment: datetime) -> bool:  # noqa: ARG002 - it never waits
        """Return that nobody has to wait."""
        return True

    def wait_until(self, moment: datetime) -> bool:
        """Be at this moment, unless `stop` was called."""
        if not self._stopped:
            self._now = max(self._now, moment)
        return not self._stopped

    def stop(self) -> None:
        """Break off."""
        self._stopped = True


class CatchUpClock:
    """A clock that begins in the past, jumps until it has reached the wall's time, and then goes with it.

    It stands still at the last moment that was waited for, so that a run is the same however fast it went.
    """

    def __init__(self, start: datetime, wall: Clock) -> None:
        self._now = start
        self._wall = wall

    def now(self) -> datetime:
        """Return the moment that was waited for last."""
        return self._now

    def is_due(self, moment: datetime) -> bool:
        """Return whether the wall's time has passed this moment."""
        return self._wall.is_due(moment)

    def wait_until(self, moment: datetime) -> bool:
        """Be at this moment: at once if the wall's time has passed it."""
        is_there = self._wall.wait_until(moment)
        if is_there:
            self._now = max(self._now, moment)
        return is_there

    def stop(self) -> None:
        """Break off the wait."""
        self._wall.stop()


def next_boundary(now: datetime, step: timedelta) -> datetime:
    """Return the first whole multiple of ``step`` (since 1970, UTC) that lies after ``now``.

    >>> next_boundary(datetime(2026, 1, 1, 10, 59, 30, tzinfo=UTC), timedelta(minutes=5)).isoformat()
    '2026-01-01T11:00:00+00:00'
    """
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch + ((now - epoch) // step + 1) * step
