"""How wild each minute of a simulated market is."""

import math
from random import Random
from typing import NamedTuple

from msgspec import Struct

from tradewatch.market.made_daily import MINUTES

BURST_FACTOR = 4.5
"""A burst's volatility beside what it would be: enough that ATR(14) doubles its 50-bar mean, which four barely does."""

BURST_MINUTES = (20, 120)
"""Least and most that a burst lasts."""

BURSTS_A_DAY = 0.8

_BLOCK = 10
"""Minutes in which the slow part stands still."""

_PERSISTENCE = 0.97
"""Of the logarithm of volatility from block to block: half of it is forgotten in four hours."""

_DEVIATION = 0.3
"""Of the logarithm of volatility."""


class Volatility(Struct, kw_only=True):
    """A symbol's volatility between two minutes: ``level`` is its logarithm, ``burst`` the minutes of a burst left."""

    level: float = 0.0
    burst: int = 0


class Wildness(NamedTuple):
    """A day's volatility, minute by minute, in usual ones, and whether each minute is part of a burst."""

    levels: list[float]
    bursts: list[bool]


def wildness(volatility: Volatility, shape: list[float], random: Random) -> Wildness:
    """Lead a symbol's volatility through a day: a log-autoregression (Taylor 1986) by shape of day and bursts."""
    day = Wildness([], [])
    for start in range(0, MINUTES, _BLOCK):
        _drift(volatility, random)
        level = math.exp(volatility.level)
        for minute in range(start, start + _BLOCK):
            is_burst = volatility.burst > 0
            volatility.burst -= is_burst
            day.levels.append(level * shape[minute] * (BURST_FACTOR if is_burst else 1.0))
            day.bursts.append(is_burst)
    return day


def _drift(volatility: Volatility, random: Random) -> None:
    shock = random.gauss(0.0, _DEVIATION * math.sqrt(1 - _PERSISTENCE**2))
    volatility.level = _PERSISTENCE * volatility.level + shock
    if random.random() < BURSTS_A_DAY * _BLOCK / MINUTES and not volatility.burst:
        volatility.burst = random.randint(*BURST_MINUTES)


def day_shape(height: float) -> list[float]:
    """Return each minute's usual volatility: quiet at 02:30 UTC, busy at 14:30, with a mean square of 1."""
    raw = [1 + height * math.cos(2 * math.pi * (minute - 870) / MINUTES) for minute in range(MINUTES)]
    scale = math.sqrt(sum(each * each for each in raw) / MINUTES)
    return [each / scale for each in raw]
