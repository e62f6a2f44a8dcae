"""A market whose best policy is known: the physics say which way the next trade is likely to go.

Where the price is not overdamped too much by costs, a trade in the right direction is worth `edge` R before costs, one
in the wrong direction loses as much; near the equilibrium nothing is worth its costs, and HOLD is best. What a trade
makes is drawn as a stop and a target would make it: -1 R or the target.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tradewatch.facts import Stance
from tradewatch.indicators import Physics
from tradewatch.regimes import PhysicalRegime
from tradewatch.systems.velocitytrader.agents import Agent
from tradewatch.systems.velocitytrader.situation import Friction, Situation
from tradewatch.systems.velocitytrader.temperament import Temperament

DEVIATION = 0.001
COST = 0.0002
"""In log price."""
COST_R = 0.1
EDGE = 0.5
"""R that a trade in the right direction makes before costs, where the price is very far from its equilibrium."""

_DAMPING = {
    PhysicalRegime.CHAOTIC: None,
    PhysicalRegime.UNDERDAMPED: 0.3,
    PhysicalRegime.CRITICALLY_DAMPED: 1.0,
    PhysicalRegime.OVERDAMPED: 3.0,
}
_RETURNING = {PhysicalRegime.UNDERDAMPED, PhysicalRegime.OVERDAMPED}
"""Here the price goes back to its equilibrium; elsewhere it goes on as it moves."""


def draws(purpose: str) -> Random:
    """Return random numbers that are always the same for the same purpose."""
    return Random(purpose)  # noqa: S311  # a market, not a secret


def situation(regime: PhysicalRegime, displacement: float, velocity: float, rank: float) -> Situation:
    """Return a situation; displacement and velocity are in deviations."""
    damping = _DAMPING[regime]
    frequency = None if damping is None else 0.1
    return Situation(
        symbol="TOY",
        timeframe="M5",
        regime=regime,
        physics=Physics(
            displacement=displacement * DEVIATION,
            deviation=DEVIATION,
            velocity=velocity,
            acceleration=0.0,
            mass=1.0,
            momentum=velocity,
            kinetic_energy=velocity * velocity / 2,
            potential_energy=None if frequency is None else (frequency * displacement) ** 2 / 2,
            energy_rank=rank,
            natural_frequency=frequency,
            damping_ratio=damping,
            explained=0.9,
            unstable=damping is None,
            burst=False,
        ),
        volatility=DEVIATION,
        friction=Friction(COST, COST),
    )


def situations(random: Random, regimes: frozenset[PhysicalRegime], count: int) -> Iterator[Situation]:
    """Yield situations that have nothing to do with each other, in some of the regimes."""
    kinds = sorted(regimes)
    for _ in range(count):
        displacement, velocity = random.gauss(0, 1), random.gauss(0, 0.15)
        yield situation(random.choice(kinds), displacement, velocity, random.random())


def expected(seen: Situation, stance: Stance) -> float:
    """Return what a stance is worth, in R after costs."""
    if stance is Stance.HOLD:
        return 0.0
    physics = seen.physics
    lean = -physics.displacement / DEVIATION if seen.regime in _RETURNING else physics.velocity / 0.15
    sign = 1 if stance is Stance.BUY else -1
    return sign * EDGE * max(-1.0, min(1.0, lean / 2)) - COST_R


def result(random: Random, seen: Situation, stance: Stance, target: float) -> float:
    """Draw what a trade makes, in R after costs: the target or the stop."""
    if stance is Stance.HOLD:
        return 0.0
    gross = expected(seen, stance) + COST_R
    return (target if random.random() < (1 + gross) / (1 + target) else -1.0) - COST_R


def train(agent: Agent, random: Random, count: int) -> None:
    """Let an agent live through situations."""
    target = agent.temperament.target_r
    for number, seen in enumerate(situations(random, agent.temperament.regimes, count)):
        decision = agent.decide(seen)
        if decision.opens:
            agent.opened(str(number), decision)
            agent.closed(str(number), result(random, seen, decision.stance, target))


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What each policy made per decision, in R after costs, on situations that the agent has not seen."""

    agent: float
    chance: float
    best: float
    trades: int


def examine(agent: Agent, random: Random, count: int) -> Score:
    """Let a trained agent and two others decide on the same new situations; the agent's own rules hold."""
    made = {"agent": 0.0, "chance": 0.0, "best": 0.0}
    trades = 0
    target = agent.temperament.target_r
    for seen in situations(random, agent.temperament.regimes, count):
        decision = agent.decide(seen, explores=False)
        own = decision.stance if decision.taken else Stance.HOLD
        trades += decision.taken
        made["agent"] += result(random, seen, own, target)
        made["chance"] += result(random, seen, random.choice(tuple(Stance)), target)
        made["best"] += max(expected(seen, stance) for stance in Stance)
    return Score(**{name: total / count for name, total in made.items()}, trades=trades)


def trained(temperament: Temperament, seed: int, count: int, *, learns: bool = True) -> Agent:
    """Return an agent that has lived through the market of a seed."""
    agent = Agent(temperament, seed, learns=learns)
    train(agent, draws(f"train {seed}"), count)
    return agent
