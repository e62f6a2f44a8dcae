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
_LEVEL = 0.8
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
    """Makes a symbol's days, each from (seed, symbol, day), its group's factor and how the day before ended."""

    def __init__(self, instrument: Instrument, seed: int) -> None:
        self._hidden: tuple[list[Kind], list[Kind], list[bool]] = ([], [], [])
        self._instrument = instrument
        self._seed = seed
        self._group = group_of(instrument)
        self._shape = day_shape(self._group.day_height)
        self._widths = [self._group.rollover if minute in _ROLLOVER else 1.0 for minute in range(MINUTES)]
        self._scale = 10**instrument.digits
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
        moves = self._ratios(_with_jumps(slow.moves, random))
        minutes = _Minutes(moves, [self._unit * each for each in activity], activity)
        self._hidden = fast.kinds, slow.kinds, wild.bursts
        return self._bars(state, minutes, times, random)

    def hidden(self, minute: int) -> HiddenState:
        """Return what a minute of the newest day, counted from 0, was really in."""
        fast, slow, bursts = self._hidden
        return HiddenState(fast[minute], slow[minute], bursts[minute])

    def _ratios(self, moves: Sequence[float]) -> list[float]:
        """Return moves as ratios of the price, none of which takes it to nothing."""
        ratios = [self._unit * move for move in moves]
        if min(ratios) > -_LARGEST_MOVE and max(ratios) < _LARGEST_MOVE:
            return ratios
        return [max(-_LARGEST_MOVE, min(_LARGEST_MOVE, ratio)) for ratio in ratios]

    def _shocks(self, levels: list[float], day: int, random: Random) -> list[float]:
        ours, theirs, gauss = self._group.own_loading, self._group.loading, random.gauss
        common = factor(self._seed, self._group.name, day)
        return [level * (theirs * each + ours * gauss(0.0, 1.0)) for level, each in zip(levels, common, strict=True)]

    def _bars(self, state: SymbolState, minutes: _Minutes, times: Sequence[datetime], random: Random) -> list[Bar]:
        closed = max(1, int(state.price * self._scale + 0.5))
        path = self._path(state, minutes, random)
        spreads, ticks = self._spreads(minutes.activity, random), _ticks(minutes.activity, random)
        symbol, scale, new, bars = self._instrument.symbol, self._scale, tuple.__new__, []
        close = closed / scale
        for time, (high, low, closed), spread, count in zip(times, path, spreads, ticks, strict=True):
            opened, close = close, closed / scale
            top, bottom = (close, opened) if close > opened else (opened, close)
            highest, lowest = high / scale, low / scale
            # Comparing takes a fraction of the time of calling max and min.
            highest = highest if highest > top else top  # noqa: FURB136 - see above
            lowest = lowest if lowest < bottom else bottom  # noqa: FURB136 - see above
            bars.append(new(Bar, (symbol, time, 60.0, opened, highest, lowest, close, float(count), spread, count)))
        return bars

    def _path(self, state: SymbolState, minutes: _Minutes, random: Random) -> list[tuple[int, int, int]]:
        """Return each minute's high, low and close in points, of a Brownian path between open and close.

        Each extreme is drawn from its exact law given both ends, (o + c ± √((c - o)² - 2s² ln U)) / 2: the limit of
        ever finer steps, which leaves the law of the close as it is.
        """
        uniform, log, sqrt, price, path = random.random, math.log, math.sqrt, state.price * self._scale, []
        for move, rough in zip(minutes.moves, minutes.rough, strict=True):
            step, area, middle = price * move, -2 * (price * rough) ** 2, price + price * move / 2
            up = sqrt(step * step + area * log(1.0 - uniform())) / 2
            down = sqrt(step * step + area * log(1.0 - uniform())) / 2
            price += step
            path.append((int(middle + up + 0.5), max(1, int(middle - down + 0.5)), int(price + 0.5) or 1))
        state.price = price / self._scale
        return path

    def _spreads(self, activity: Sequence[float], random: Random) -> list[float]:
        """Return each minute's spread: wider where the market is wild, and when the day rolls over."""
        usual, uniform, scale = self._instrument.spread_points, random.random, self._scale
        return [
            int(usual * width * (0.6 + 0.4 * active) * (0.85 + 0.3 * uniform()) + 0.5) / scale
            for active, width in zip(activity, self._widths, strict=True)
        ]


def _ticks(activity: Sequence[float], random: Random) -> list[int]:
    return [1 + int(_TICKS * active * (0.5 + random.random())) for active in activity]


def _with_jumps(moves: list[float], random: Random) -> list[float]:
    """Add jumps that come as a Poisson process: exponential waits, at most one a minute."""
    minute = random.expovariate(_JUMPS_A_DAY / MINUTES)
    while minute < len(moves):
        moves[int(minute)] += random.gauss(0.0, _JUMP)
        minute += 1 + random.expovariate(_JUMPS_A_DAY / MINUTES)
    return moves
