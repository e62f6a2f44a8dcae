"""A situation as the numbers that agents learn from.

The numbers come in two kinds. *Even* ones stay as they are when the price is turned upside down (p to 1/p): energy,
frequency, damping, costs. *Odd* ones change their sign with it: displacement, velocity, acceleration, momentum, force.
What is learned of buying is so learned of selling the mirrored market, with half as many weights, and nothing can be
learned that prefers one side for no other reason than its name.
"""

from math import sqrt, tanh
from typing import NamedTuple

from tradewatch.indicators import Physics
from tradewatch.systems.velocitytrader.learning import Features
from tradewatch.systems.velocitytrader.situation import Situation

SLOW_FREQUENCY = 2 / 21
"""Radians per bar: the natural frequency of the displacement of a random walk from its 20-bar averages.

Both poles are then 1 - 2/(20 + 1). It stands in where a motion has no frequency of its own."""

EVEN = 7
"""Even features."""
ODD = 5
"""Odd features."""

# Such that the features of a random walk spread over much of their range, but seldom reach its ends.
_FREQUENCY_SCALE = 4.0
_UNEXPLAINED_SCALE = 4.0
_VELOCITY_SCALE = 4.0
_ACCELERATION_SCALE = 6.0
_FORCE_SCALE = 40.0


class _Scaled(NamedTuple):
    """Displacement in deviations, and the force that draws it back, in deviations per bar²."""

    displacement: float
    force: float


def features(situation: Situation) -> Features:
    """Return a situation's features, each within -1 and 1; its regime selects the block of weights.

    A frequency or damping that is undefined is 0; where there is no fit, all is unexplained.
    """
    physics = situation.physics
    scaled = _scaled(physics)
    displacement = tanh(scaled.displacement / 2)
    even = (
        1.0,
        abs(displacement),
        2 * physics.energy_rank - 1,
        _damping(physics.damping_ratio),
        tanh(_FREQUENCY_SCALE * (physics.natural_frequency or 0.0)),
        _unexplained(physics.explained),
        _costs(situation),
    )
    odd = (
        displacement,
        tanh(_VELOCITY_SCALE * physics.velocity),
        tanh(_ACCELERATION_SCALE * physics.acceleration),
        tanh(_VELOCITY_SCALE * physics.momentum),
        tanh(_FORCE_SCALE * scaled.force),
    )
    return Features(block=situation.regime.code - 1, even=even, odd=odd)


def _scaled(physics: Physics) -> _Scaled:
    displacement = physics.displacement / physics.deviation
    frequency, damping = physics.natural_frequency, physics.damping_ratio
    if frequency is None or damping is None:
        frequency, damping = SLOW_FREQUENCY, 1.0
    force = -2 * damping * frequency * physics.velocity - frequency * frequency * displacement
    return _Scaled(displacement, force)


def _damping(ratio: float | None) -> float:
    """Return (ratio - 1) / (ratio + 1): -1 without damping, 0 at critical damping, 1 with endless damping."""
    return 0.0 if ratio is None else (ratio - 1) / (ratio + 1)


def _unexplained(share: float | None) -> float:
    """Return the deviation that the motion does not explain, squashed: a random walk's is about a tenth of all."""
    return tanh(_UNEXPLAINED_SCALE * sqrt(1 - (share or 0.0)))


def _costs(situation: Situation) -> float:
    """Return half the mean cost of the two directions in deviations of the displacement, squashed."""
    costs = situation.friction.buy + situation.friction.sell
    return tanh(costs / 4 / situation.physics.deviation)
