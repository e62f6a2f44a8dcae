"""One symbol of a simulated market, day by day."""

import math
from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import NamedTuple

from msgspec import Struct

from tradewatch.market.bars import Bar
from tradewatch.market.instruments import Instrument
from tradewatch.market.made_daily import MINUTES
from tradewatch.market.simulated_groups import factor, group_of
from tradewatch.market.simulated_kinds import FAST, SLOW, Kind
from tradewatch.market.simulated_layer import Layer, moved
from tradewatch.market.simulated_volatility import Volatility, day_shape, wildness

_MINUTES_A_YEAR = 365 * MINUTES
_LEVEL = 0.85
"""Brings the volatility of a year, all kinds and bursts together, to the instrument's."""

_JUMPS_A_DAY = 0.5
_JUMP = 8.0
"""Deviation of a jump, in usual minutes."""

_LARGEST_MOVE = 0.5
_ROLLOVER = range(22 * 60 - 5, 22 * 60 + 15)
_TICKS = 60


class SymbolState(Struct, kw_only=True):
    """What a symbol is in the middle of between two days. ``price`` is not rounded."""

    price: float
    fast: Layer
    slow: Layer
    volatility: Volatility


class HiddenState(NamedTuple):
    """What the simulation is really in: its fast layer (M1 to M15), its slow one (H1), and whether in a burst."""

    fast: Kind
    slow: Kind
    burst: bool


class _Minutes(NamedTuple):
    """A day's moves (ratios of price) and their roughness, and volatility in usual ones: a number a minute each."""

    moves: list[float]
    rough: list[float]
    activity: list[float]


class SimulatedSymbol:
    """Makes a symbol's days, each from (seed, symbol, day), its group's factor and how the day before ended.

    ``hidden``: what each minute of the newest day was really in.
    """

    def __init__(self, instrument: Instrument, seed: int) -> None:
        self.hidden: list[HiddenState] = []
        self._instrument = instrument
        self._seed = seed
        self._group = group_of(instrument)
        self._shape = day_shape(self._group.day_height)
        self._widths = [self._group.rollover if minute in _ROLLOVER else 1.0 for minute in range(MINUTES)]
        self._unit = _LEVEL * instrument.volatility / math.sqrt(_MINUTES_A_YEAR)

    def first(self) -> SymbolState:
        """Return how it starts: at the instrument's price, in a kind that the first day draws."""
        return SymbolState(price=self._instrument.price, fast=Layer(), slow=Layer(), volatility=Volatility())

    def day(self, state: SymbolState, day: int, times: Sequence[datetime]) -> list[Bar]:
        """Make a day, counted since 1970, whose minutes end at these times, and bring ``state`` to its end."""
        random = Random(f"{self._seed}/{self._instrument.symbol}/{day}")  # noqa: S311 - a simulated market
        wild = wildness(state.volatility, self._shape, random)
        shocks = self._shocks(wild.levels, day, random)
        fast = moved(state.fast, FAST, shocks, random)
        slow = moved(state.slow, SLOW, fast.moves, random)
        rough = [a * b for a, b in zip(fast.roughness, slow.roughness, strict=True)]
        activity = [level * share for level, share in zip(wild.levels, rough, strict=True)]
        moves = [self._unit * move for move in _with_jumps(slow.moves, random)]
        minutes = _Minutes(moves, [self._unit * each for each in activity], activity)
        self.hidden = list(map(HiddenState, fast.kinds, slow.kinds, wild.bursts))
        return self._bars(state, minutes, times, random)

    def _shocks(self, levels: list[float], day: int, random: Random) -> list[float]:
        ours, theirs, gauss = self._group.own_loading, self._group.loading, random.gauss
        common = factor(self._seed, self._group.name, day)
        return [level * (theirs * each + ours * gauss(0.0, 1.0)) for level, each in zip(levels, common, strict=True)]

    def _bars(self, state: SymbolState, minutes: _Minutes, times: Sequence[datetime], random: Random) -> list[Bar]:
        """Make bars whose highs and lows are those of a Brownian path between open and close.

        Each extreme is drawn from its exact law given both ends, (o + c ± √((c - o)² - 2s² ln U)) / 2: the limit of
        ever finer steps, which leaves the law of the close as it is.
        """
        instrument, uniform, log, sqrt = self._instrument, random.random, math.log, math.sqrt
        symbol, scale, usual_spread = instrument.symbol, 10**instrument.digits, instrument.spread_points
        price, bars = state.price, []
        opened = max(1, int(price * scale + 0.5)) / scale
        for time, move, rough, active, width in zip(times, *minutes, self._widths, strict=True):
            before = price
            price += price * max(-_LARGEST_MOVE, min(_LARGEST_MOVE, move))
            middle, square, area = before + price, (price - before) ** 2, -2 * (rough * before) ** 2
            high = (middle + sqrt(square + area * log(1.0 - uniform()))) / 2
            low = (middle - sqrt(square + area * log(1.0 - uniform()))) / 2
            closed = max(1, int(price * scale + 0.5)) / scale
            ticks = 1 + int(_TICKS * active * (0.5 + uniform()))
            spread = int(usual_spread * width * (0.6 + 0.4 * active) * (0.85 + 0.3 * uniform()) + 0.5) / scale
            bars.append(
                Bar(
                    symbol,
                    time,
                    60.0,
                    opened,
                    max(opened, closed, int(high * scale + 0.5) / scale),
                    min(opened, closed, max(1, int(low * scale + 0.5)) / scale),
                    closed,
                    float(ticks),
                    spread,
                    ticks,
                )
            )
            opened = closed
        state.price = price
        return bars


def _with_jumps(moves: list[float], random: Random) -> list[float]:
    """Add jumps that come as a Poisson process: exponential waits, at most one a minute."""
    minute = random.expovariate(_JUMPS_A_DAY / MINUTES)
    while minute < len(moves):
        moves[int(minute)] += random.gauss(0.0, _JUMP)
        minute += 1 + random.expovariate(_JUMPS_A_DAY / MINUTES)
    return moves
