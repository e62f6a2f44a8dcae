"""How a simulated market can behave, and for how long: what the layers of `SimulatedFeed` are made of.

A layer turns shocks into moves, both in units of the symbol's usual minute. Of each shock a share stays for good; a
share is dragged back at a rate (an Ornstein-Uhlenbeck displacement); and it pushes a damped spring, whose acceleration
is push - 2ζω · velocity - ω² · displacement.
"""

import math
from enum import Enum
from random import Random

from msgspec import Struct


class Kind(Enum):
    """What a layer of the market is doing."""

    WALK = "walk"
    """Shocks stay: nothing can be predicted."""

    OSCILLATION = "oscillation"
    """Swings around an equilibrium that itself moves slowly: an underdamped spring, driven by the shocks."""

    TREND_UP = "trend_up"
    TREND_DOWN = "trend_down"
    """A steady drift, with less noise than usual."""

    DRAG = "drag"
    """Most of each shock is dragged back: overdamped."""

    QUIET = "quiet"
    """A narrow range with little volume."""


class Behaviour(Struct, kw_only=True, frozen=True):
    """A layer's coefficients, each per minute.

    ``stays``, ``dragged``: shares of a shock; ``rate``: at which the second comes back. ``push``, ``damping``,
    ``stiffness``: of the spring. ``drift``: in usual minutes.
    """

    stays: float = 1.0
    dragged: float = 0.0
    rate: float = 0.0
    push: float = 0.0
    damping: float = 0.0
    stiffness: float = 0.0
    drift: float = 0.0

    @property
    def roughness(self) -> float:
        """The share of a shock that is seen at once."""
        return self.stays + self.dragged


class Pace(Struct, kw_only=True, frozen=True):
    """On which scale of time a layer lives, and how it behaves there; minutes and usual minutes.

    ``hours``: least and most that each kind lasts. ``deck``: the kinds in the shares in which they come; all of them
    come before one comes again. ``period``: least and most of a swing; ``swing``: its usual height.
    """

    deck: tuple[Kind, ...]
    hours: dict[Kind, tuple[float, float]]
    walk: float
    period: tuple[float, float]
    swing: float
    beside_swing: float
    damping_ratio: tuple[float, float]
    drift: tuple[float, float]
    beside_drift: float
    drag: tuple[float, float, float]
    quiet: tuple[float, float, float] = (1.0, 0.0, 0.0)

    def draw(self, kind: Kind, random: Random) -> Behaviour:
        """Return a behaviour of this kind."""
        if kind is Kind.OSCILLATION:
            return self._swinging(random)
        if kind in {Kind.TREND_UP, Kind.TREND_DOWN}:
            sign = 1.0 if kind is Kind.TREND_UP else -1.0
            return Behaviour(stays=self.beside_drift, drift=sign * random.uniform(*self.drift))
        if kind is Kind.WALK:
            return Behaviour(stays=self.walk)
        stays, dragged, rate = self.drag if kind is Kind.DRAG else self.quiet
        return Behaviour(stays=stays, dragged=dragged, rate=rate)

    def duration(self, kind: Kind, random: Random) -> int:
        """Return for how many minutes it lasts."""
        return round(60 * random.uniform(*self.hours[kind]))

    def _swinging(self, random: Random) -> Behaviour:
        """Return a spring whose displacement has the deviation ``swing``: push² / (4ζω³) is its variance."""
        frequency = 2 * math.pi / random.uniform(*self.period)
        ratio = random.uniform(*self.damping_ratio)
        return Behaviour(
            stays=self.beside_swing,
            push=self.swing * math.sqrt(4 * ratio * frequency**3),
            damping=2 * ratio * frequency,
            stiffness=frequency**2,
        )


FAST = Pace(
    deck=(Kind.WALK, Kind.WALK, Kind.OSCILLATION, Kind.TREND_UP, Kind.TREND_DOWN, Kind.DRAG, Kind.QUIET),
    hours={
        Kind.WALK: (24.0, 48.0),
        Kind.OSCILLATION: (30.0, 54.0),
        Kind.TREND_UP: (4.0, 12.0),
        Kind.TREND_DOWN: (4.0, 12.0),
        Kind.DRAG: (24.0, 40.0),
        Kind.QUIET: (6.0, 12.0),
    },
    walk=1.15,
    period=(180.0, 330.0),
    swing=6.5,
    beside_swing=0.7,
    damping_ratio=(0.05, 0.15),
    drift=(0.07, 0.11),
    beside_drift=0.5,
    drag=(0.1, 0.5, 0.1),
    quiet=(0.1, 0.3, 0.15),
)
"""Seen on bars of one to fifteen minutes."""

SLOW = Pace(
    deck=(Kind.WALK, Kind.OSCILLATION, Kind.TREND_UP, Kind.TREND_DOWN, Kind.DRAG),
    hours={
        Kind.WALK: (96.0, 192.0),
        Kind.OSCILLATION: (168.0, 336.0),
        Kind.TREND_UP: (48.0, 120.0),
        Kind.TREND_DOWN: (48.0, 120.0),
        Kind.DRAG: (120.0, 240.0),
    },
    walk=1.15,
    period=(1_500.0, 3_600.0),
    swing=14.0,
    beside_swing=0.85,
    damping_ratio=(0.08, 0.2),
    drift=(0.008, 0.016),
    beside_drift=0.9,
    drag=(0.35, 0.6, 0.008),
)
"""Seen on bars of an hour."""
