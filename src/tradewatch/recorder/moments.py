"""Times that bots give, made ready for the ledger."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

Moment = Callable[[], datetime | None]
"""Gives a fact its time, in UTC; None when that is no time with a zone."""


now = partial(datetime.now, UTC)
"""Returns the clock's time in UTC; a partial, because that is the quickest to call."""


def of(time: object) -> Moment:
    """Return what always gives this time.

    >>> from datetime import timedelta, timezone
    >>> of(datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2))))().isoformat()
    '2026-01-01T00:00:00+00:00'
    >>> of(datetime(2026, 1, 1, 2))() is None
    True
    """
    moment = _in_utc(lambda: time)
    return lambda: moment


def by(clock: Callable[[], object]) -> Moment:
    """Return what gives a clock's time."""
    return now if clock is now else lambda: _in_utc(clock)


def _in_utc(clock: Callable[[], object]) -> datetime | None:
    try:
        time = clock()
        if not isinstance(time, datetime) or time.utcoffset() is None:
            return None
        moved = time.astimezone(UTC)
        return datetime.combine(moved.date(), moved.time(), UTC)  # the class itself: pandas has a subclass for no time
    except Exception:  # noqa: BLE001 - a clock, a zone or a subclass of datetime is the bot's code
        return None
