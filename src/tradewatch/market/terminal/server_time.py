"""The clock of a broker's server, which MetaTrader writes as if it were UTC.

Every time that the package gives or takes counts the seconds since 1970 on the server's own clock, mostly two or three
hours ahead of UTC. Nothing says by how much, so it is found by comparing the newest tick with our clock.
"""

from datetime import UTC, datetime, timedelta

from tradewatch.market.terminal.terminal import TerminalLost

_STEP = timedelta(minutes=15)
"""Every time zone is a whole number of these away from UTC."""

_MOST_DELAY = timedelta(minutes=2)
"""Between a tick and our look at it; more leaves the offset open."""

_UNKNOWN = (
    "the server's time zone is not known before a price moves: wait for the market to open, or set the server's offset"
)


class ServerTime:
    """Turns the server's seconds into UTC and back.

    ``offset``: how far the server is ahead of UTC; None finds it, and follows it when clocks are changed. A tick tells
    it only if it is newer than the one seen before, for the last tick before a weekend has the right minutes too. Bars
    from before a change of clocks come an hour off: the offset of today is taken for all of them.
    """

    def __init__(self, offset: timedelta | None) -> None:
        self._is_set = offset is not None
        self._offset = offset
        self._newest: float | None = None

    @property
    def is_known(self) -> bool:
        """Whether times can be told."""
        return self._offset is not None

    def observe(self, seconds: float, now: datetime) -> None:
        """Learn from the server's time of a tick that was seen ``now``."""
        before, self._newest = self._newest, max(seconds, self._newest or seconds)
        if self._is_set or before is None or seconds <= before:
            return
        apart = datetime.fromtimestamp(seconds, UTC) - now
        offset = round(apart / _STEP) * _STEP
        if abs(apart - offset) <= _MOST_DELAY:
            self._offset = offset

    def to_utc(self, seconds: float) -> datetime:
        """Return the moment of a server's time; raises `TerminalLost` while the offset is unknown."""
        return datetime.fromtimestamp(seconds, UTC) - self._known()

    def to_server(self, moment: datetime) -> int:
        """Return a moment as the server's whole seconds; raises `TerminalLost` while the offset is unknown."""
        return int((moment + self._known()).timestamp())

    def _known(self) -> timedelta:
        if self._offset is None:
            raise TerminalLost(_UNKNOWN)
        return self._offset
