"""Feeds that are made up a day at a time, so that the state of a run is how its day began."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from tradewatch.errors import ConfigurationError
from tradewatch.market.bars import Bar
from tradewatch.market.instruments import Instruments

MINUTES = 1_440
"""In a day."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_A_DAY = timedelta(days=1)
_A_MINUTE = timedelta(minutes=1)

State = TypeVar("State")


class MadeSymbol(Protocol[State]):
    """Makes the days of a symbol, each from how the one before ended; ``State`` is a struct that msgspec converts."""

    def first(self) -> State:
        """Return how it starts."""

    def day(self, state: State, day: int, times: Sequence[datetime]) -> Sequence[Bar]:
        """Make a day, counted since 1970, whose minutes end at these times, and bring ``state`` to its end."""


class MadeDaily(Generic[State]):
    """One-minute bars around the clock, every day, of symbols that are made up; a `Feed`.

    ``start``: when trading starts, aware UTC; ``warm_up``: how much earlier bars begin; ``days``: of trading until it
    is over, None for never, when `advance` has work for as long as it is asked for later times. Raises
    `tradewatch.errors.ConfigurationError` for a market without symbols and a start that is not aware.
    """

    def __init__(  # noqa: PLR0913 - what every feed is told, and who makes its days
        self,
        instruments: Instruments,
        symbols: Mapping[str, MadeSymbol[State]],
        *,
        seed: int,
        start: datetime,
        days: float | None,
        warm_up: timedelta,
    ) -> None:
        _check(instruments, start)
        self.instruments = instruments
        self.start = start
        self._seed = seed
        self._end = None if days is None else start + timedelta(days=days)
        self._made = symbols
        self._kind = type(next(iter(symbols.values())).first())
        self._reached = _EPOCH + (start - warm_up - _EPOCH) // _A_MINUTE * _A_MINUTE
        self._begin((self._reached - _EPOCH) // _A_DAY, {name: each.first() for name, each in symbols.items()})

    @property
    def is_over(self) -> bool:
        """Whether its days are over."""
        return self._end is not None and self._reached + _A_MINUTE > self._end

    def advance(self, until: datetime) -> Sequence[Bar]:
        """Return the bars that closed since the last call and not after ``until``."""
        until = until if self._end is None else min(until, self._end)
        bars: list[Bar] = []
        while self._reached + _A_MINUTE <= until:
            if self._minute == MINUTES:
                self._begin(self._day + 1, self._symbols)
            reached = min(MINUTES, (until - self._midnight) // _A_MINUTE)
            bars.extend(chain.from_iterable(self._bars[self._minute : reached]))
            self._reached = self._midnight + reached * _A_MINUTE
        return bars

    def state(self) -> dict[str, Any]:  # Any: JSON's values
        """Return where it is: small, because a day is made again from how it began."""
        kept = _Kept(seed=self._seed, day=self._day, reached=self._reached, symbols=self._begun)
        return dict(msgspec.to_builtins(kept))

    def restore(self, state: object) -> None:
        """Go on from where ``state`` was taken, with exactly the bars that would have followed.

        Raises `tradewatch.errors.ConfigurationError` for the state of another market: other symbols or another seed.
        """
        kept = msgspec.convert(state, _Kept)
        if kept.seed != self._seed or list(kept.symbols) != list(self._made):
            message = (
                f"the state is of a market with seed {kept.seed} and {', '.join(kept.symbols)}, not of this one "
                f"with seed {self._seed} and {', '.join(self._made)}: start anew, or give it the same ones"
            )
            raise ConfigurationError(message)
        self._begin(kept.day, {name: msgspec.convert(each, self._kind) for name, each in kept.symbols.items()})
        self._reached = kept.reached

    @property
    def _minute(self) -> int:
        """How many minutes of the day were told."""
        return (self._reached - self._midnight) // _A_MINUTE

    def _begin(self, day: int, symbols: dict[str, State]) -> None:
        """Make a day's minutes, and remember how it began."""
        self._day = day
        self._midnight = _EPOCH + day * _A_DAY
        self._begun = {name: msgspec.to_builtins(each) for name, each in symbols.items()}
        self._symbols = symbols
        times = [self._midnight + minute * _A_MINUTE for minute in range(1, MINUTES + 1)]
        made = [symbol.day(symbols[name], day, times) for name, symbol in self._made.items()]
        self._bars = list(zip(*made, strict=True))


class _Kept(msgspec.Struct, kw_only=True):
    """``symbols``: as they were when the day began; Any: each kind of market has its own."""

    seed: int
    day: int
    reached: datetime
    symbols: dict[str, Any]


def _check(instruments: Instruments, start: datetime) -> None:
    if not instruments:
        message = "a simulated market has no symbols: give it at least one instrument"
        raise ConfigurationError(message)
    if start.tzinfo is None:
        message = f"the start of the simulated market, {start}, has no time zone: give it one, say UTC"
        raise ConfigurationError(message)
