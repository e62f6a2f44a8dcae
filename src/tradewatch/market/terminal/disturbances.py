"""What can go wrong with a simulated terminal, decided by the seed and the time alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from tradewatch.market.clock import next_boundary
from tradewatch.market.terminal.chance import chance

_HOUR = timedelta(hours=1)
_HOURS_A_DAY = 24
_MINUTES_AN_HOUR = 60
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outages:
    """When the terminal cannot be reached.

    ``scheduled``: pairs of a first moment and the moment it is over, aware UTC. ``per_day``: how many more happen by
    chance, on average; at most one begins in an hour. They last from ``shortest`` to ``longest``, evenly spread.
    """

    scheduled: tuple[tuple[datetime, datetime], ...] = ()
    per_day: float = 0.0
    shortest: timedelta = timedelta(seconds=20)
    longest: timedelta = timedelta(minutes=10)

    def covers(self, moment: datetime, seed: int) -> bool:
        """Whether there is an outage at this moment."""
        by_chance = self._by_chance(moment, seed) if self.per_day else ()
        return any(first <= moment < over for first, over in (*self.scheduled, *by_chance))

    def _by_chance(self, moment: datetime, seed: int) -> Iterator[tuple[datetime, datetime]]:
        """Yield the outages that may last until this moment."""
        hour = next_boundary(moment - self.longest, _HOUR) - _HOUR
        while hour <= moment:
            if chance(seed, "outage", hour) < self.per_day / _HOURS_A_DAY:
                first = hour + _HOUR * chance(seed, "outage begins", hour)
                yield first, first + self.shortest + (self.longest - self.shortest) * chance(seed, "lasts", hour)
            hour += _HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What is wrong with quotes, as chances per symbol and minute.

    ``stall``: the quote stops moving for ``stall_minutes``, at most 15, so that it grows stale. ``locked``: bid and ask
    are one, which is valid. ``crossed``: the bid is above the ask, by the usual spread. ``refused``: the terminal does
    not tell a symbol's bars, as an exchange that was asked too often; at most 1/60.
    """

    stall: float = 0.0
    stall_minutes: int = 5
    locked: float = 0.0
    crossed: float = 0.0
    refused: float = 0.0

    def refuses(self, symbol: str, moment: datetime, seed: int) -> bool:
        """Whether a symbol's bars are not told in this minute, which happens once an hour at most."""
        if not self.refused:
            return False
        hour, minute = _hour_and_minute(moment)
        drawn = chance(seed, "refused", symbol, hour) / (self.refused * _MINUTES_AN_HOUR)
        return drawn < 1 and int(drawn * _MINUTES_AN_HOUR) == minute

    def stalls(self, symbol: str, moment: datetime, seed: int) -> bool:
        """Whether a symbol's quote stands still in this minute."""
        if not self.stall:
            return False
        return moment.minute in _stalled(seed, symbol, _hour(moment), self.stall, self.stall_minutes)

    def locks(self, symbol: str, moment: datetime, seed: int) -> bool:
        """Whether a symbol's quote of this minute has no spread."""
        return self.locked > 0 and chance(seed, "locked", symbol, _text(moment)) < self.locked

    def crosses(self, symbol: str, moment: datetime, seed: int) -> bool:
        """Whether a symbol's quote of this minute has its bid above its ask."""
        return self.crossed > 0 and chance(seed, "crossed", symbol, _text(moment)) < self.crossed


@lru_cache(maxsize=64)  # asked about the same minutes of every symbol
def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0)


@lru_cache(maxsize=64)  # of an hour every minute is asked about
def _stalled(seed: int, symbol: str, hour: datetime, stall: float, minutes: int) -> frozenset[int]:
    """Return the minutes of an hour in which a quote stands still, because it began to in one of the last few."""
    drawn = [chance(seed, "stall", symbol, begin) for begin in _minutes_around(hour, minutes - 1)]
    begun = [minute for minute, each in enumerate(drawn, start=1 - minutes) if each < stall]
    return frozenset(minute + later for minute in begun for later in range(minutes))


@lru_cache(maxsize=8)  # the same for every symbol
def _minutes_around(hour: datetime, before: int) -> Sequence[str]:
    """Return the minutes of an hour, and so many before it."""
    return [str(hour + _MINUTE * minute) for minute in range(-before, _MINUTES_AN_HOUR)]


@lru_cache(maxsize=64)
def _hour_and_minute(moment: datetime) -> tuple[str, int]:
    return f"{moment:%Y-%m-%d %H}", moment.minute


@lru_cache(maxsize=64)
def _text(moment: datetime) -> str:
    return str(moment)


RARE_FAULTS = Faults(stall=0.0002, locked=0.002, crossed=0.0005)
"""What a broker's feed is like in an ordinary week: about two stalls a symbol, and a crossed quote a day and symbol."""

RARE_REFUSALS = Faults(refused=0.0005)
"""What an exchange is like in an ordinary week: a question or two a day and symbol without an answer."""

RARE_OUTAGES = Outages(per_day=0.5)
"""A connection that is lost every other day."""
