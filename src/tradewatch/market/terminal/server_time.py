"""The clock of a broker's server, which MetaTrader writes as if it were UTC.

Every time that the package gives or takes counts the seconds since 1970 on the server's own clock, mostly two or three
hours ahead of UTC. Nothing says by how much, so it is found by comparing the newest tick with our clock.
"""

from datetime import UTC, datetime, timedelta

from tradewatch.market.terminal.terminal import TerminalLost

_STEP = timedelta(minutes=15)
"""Every time zone is a whole number of these away from UTC."""

_MOST_BETWEEN = timedelta(minutes=7)
"""Between two looks at a symbol: a tick that is news is younger than that, which is less than half a step."""

_UNKNOWN = (
    "the server's time zone is not known before a price moves: wait for the market to open, or set the server's offset"
)


class ServerTime:
    """Turns the server's seconds into UTC and back.

    ``offset``: how far the server is ahead of UTC; None finds it, and follows it when clocks are changed. A tick tells
    it only if it came since a look at its symbol a few minutes ago: the last tick before a weekend may have the right
    minutes too. Bars from before a change of clocks come an hour off, for they are all taken with the newest offset.
    """

    def __init__(self, offset: timedelta | None) -> None:
        self._is_set = offset is not None
        self._offset = offset
        self._looks: dict[str, tuple[float, datetime]] = {}

    def observe(self, symbol: str, seconds: float, now: datetime) -> None:
        """Learn from the server's time of a symbol's newest tick, looked at ``now``."""
        before, looked = self._looks.get(symbol, (seconds, now))
        self._looks[symbol] = (max(seconds, before), now)
        if seconds > before and now - looked <= _MOST_BETWEEN and not self._is_set:
            self._offset = round((datetime.fromtimestamp(seconds, UTC) - now) / _STEP) * _STEP

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
