"""A market that is made up, and says so: seeded, with regimes, bursts, jumps and moving spreads."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import msgspec

from tradewatch.errors import ConfigurationError
from tradewatch.market.bars import Bar
from tradewatch.market.instruments import Instruments
from tradewatch.market.simulated_symbol import HiddenState, SimulatedSymbol, SymbolState
from tradewatch.market.simulated_volatility import DAY

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_A_DAY = timedelta(days=1)
_A_MINUTE = timedelta(minutes=1)


class SimulatedFeed:
    """One-minute bars around the clock, every day, of symbols that each go from one behaviour to another.

    ``start``: when trading starts, aware UTC; ``warm_up``: how much earlier bars begin; ``days``: of trading until it
    is over, None for never, when `advance` has work for as long as it is asked for later times. A symbol's bars depend
    on the seed, its own terms and its group's common factor: other symbols change nothing. They are made a day at a
    time. Raises `tradewatch.errors.ConfigurationError` for a market without symbols and a start that is not aware.
    """

    def __init__(
        self,
        instruments: Instruments,
        *,
        seed: int,
        start: datetime,
        days: float | None = None,
        warm_up: timedelta = timedelta(days=14),
    ) -> None:
        if not instruments:
            message = "a simulated market has no symbols: give it at least one instrument"
            raise ConfigurationError(message)
        if start.tzinfo is None:
            message = f"the start of the simulated market, {start}, has no time zone: give it one, say UTC"
            raise ConfigurationError(message)
        self.instruments = instruments
        self.start = start
        self._seed = seed
        self._end = None if days is None else start + timedelta(days=days)
        self._symbols = {name: SimulatedSymbol(each, seed) for name, each in instruments.items()}
        self._reached = _EPOCH + (start - warm_up - _EPOCH) // _A_MINUTE * _A_MINUTE
        self._newest: dict[str, HiddenState] = {}
        self._begin((self._reached - _EPOCH) // _A_DAY, {name: each.first() for name, each in self._symbols.items()})

    @property
    def is_over(self) -> bool:
        """Whether its days are over."""
        return self._end is not None and self._reached + _A_MINUTE > self._end

    def advance(self, until: datetime) -> Sequence[Bar]:
        """Return the bars that closed since the last call and not after ``until``."""
        until = until if self._end is None else min(until, self._end)
        bars: list[Bar] = []
        while self._reached + _A_MINUTE <= until:
            if self._reached == self._midnight + _A_DAY:
                self._begin(self._day + 1, self._states)
            position = (self._reached - self._midnight) // _A_MINUTE
            reached = min(DAY, (until - self._midnight) // _A_MINUTE)
            bars.extend(chain.from_iterable(self._minutes[position:reached]))
            self._reach(self._midnight + reached * _A_MINUTE)
        return bars

    def hidden_state(self, asset: str) -> HiddenState:
        """Return what the simulation was really in during the newest bar; KeyError before the first one."""
        return self._newest[asset]

    def state(self) -> dict[str, Any]:  # Any: JSON's values
        """Return where it is: small, because a day is made again from how it began."""
        kept = _State(seed=self._seed, day=self._day, reached=self._reached, symbols=self._begun)
        return dict(msgspec.to_builtins(kept))

    def restore(self, state: object) -> None:
        """Go on from where ``state`` was taken, with exactly the bars that would have followed.

        Raises `tradewatch.errors.ConfigurationError` for the state of another market: other symbols or another seed.
        """
        kept = msgspec.convert(state, _State)
        if kept.seed != self._seed or list(kept.symbols) != list(self._symbols):
            message = (
                f"the state is of a market with seed {kept.seed} and {', '.join(kept.symbols)}, not of this one "
                f"with seed {self._seed} and {', '.join(self._symbols)}: start anew, or give it the same ones"
            )
            raise ConfigurationError(message)
        self._begin(kept.day, kept.symbols)
        self._reach(kept.reached)

    def _begin(self, day: int, symbols: dict[str, SymbolState]) -> None:
        """Make a day's minutes, and remember how it began."""
        self._day = day
        self._midnight = _EPOCH + day * _A_DAY
        self._begun = msgspec.convert(msgspec.to_builtins(symbols), dict[str, SymbolState])
        self._states = symbols
        times = [self._midnight + minute * _A_MINUTE for minute in range(1, DAY + 1)]
        made = {name: symbol.day(symbols[name], day, times) for name, symbol in self._symbols.items()}
        self._minutes = list(zip(*(each.bars for each in made.values()), strict=True))
        self._hidden = {name: each.hidden for name, each in made.items()}

    def _reach(self, moment: datetime) -> None:
        self._reached = moment
        if minute := (moment - self._midnight) // _A_MINUTE:
            self._newest = {name: hidden[minute - 1] for name, hidden in self._hidden.items()}


class _State(msgspec.Struct, kw_only=True):
    """``symbols``: as they were when the day began."""

    seed: int
    day: int
    reached: datetime
    symbols: dict[str, SymbolState]
