"""A layer of a simulated market: one kind of behaviour after another."""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from msgspec import Struct

from tradewatch.market.simulated_kinds import Behaviour, Kind, Pace


class Layer(Struct, kw_only=True):
    """What a layer is in the middle of: it is its own state.

    ``left``: minutes until the next kind; ``displacement``, ``velocity``: of the spring or the drag; ``deck``: kinds
    that are still to come before all are dealt again.
    """

    kind: Kind = Kind.WALK
    left: int = 0
    behaviour: Behaviour = Behaviour()
    displacement: float = 0.0
    velocity: float = 0.0
    deck: list[Kind] = []


class Moved(NamedTuple):
    """A stretch of minutes: how far each one went, the share of its shock that it saw at once, and its kind."""

    moves: list[float]
    roughness: list[float]
    kinds: list[Kind]


def moved(layer: Layer, pace: Pace, shocks: Sequence[float], random: Random) -> Moved:
    """Lead a layer through these shocks, one a minute."""
    result = Moved([], [], [])
    while (minute := len(result.moves)) < len(shocks):
        if not layer.left:
            _turn(layer, pace, random)
        minutes = min(layer.left, len(shocks) - minute)
        layer.left -= minutes
        result.moves.extend(_moves(layer, shocks[minute : minute + minutes]))
        result.roughness.extend([layer.behaviour.roughness] * minutes)
        result.kinds.extend([layer.kind] * minutes)
    return result


def _turn(layer: Layer, pace: Pace, random: Random) -> None:
    if not layer.deck:
        layer.deck = random.sample(pace.deck, len(pace.deck))
    layer.kind = layer.deck.pop()
    layer.left = pace.duration(layer.kind, random)
    layer.behaviour = pace.draw(layer.kind, random)
    layer.displacement = 0.0
    layer.velocity = _first_velocity(layer.behaviour, random)


def _first_velocity(behaviour: Behaviour, random: Random) -> float:
    """Return a velocity from the spring's stationary law: it swings from the first minute on."""
    if not behaviour.damping:
        return 0.0
    return random.gauss(0.0, behaviour.push / (2 * behaviour.damping) ** 0.5)


def _moves(layer: Layer, shocks: Sequence[float]) -> list[float]:
    """Step the spring and the drag by a minute each (symplectic Euler: the spring's energy neither grows nor leaks)."""
    is_ = layer.behaviour
    stays, dragged, rate, drift = is_.stays, is_.dragged, is_.rate, is_.drift
    push, damping, stiffness = is_.push, is_.damping, is_.stiffness
    displacement, velocity = layer.displacement, layer.velocity
    moves = []
    for shock in shocks:
        velocity += push * shock - damping * velocity - stiffness * displacement
        step = dragged * shock - rate * displacement + velocity
        displacement += step
        moves.append(stays * shock + drift + step)
    layer.displacement, layer.velocity = displacement, velocity
    return moves
