"""A market whose best policy is known: the physics say which way the next trade is likely to go.

In the right direction a trade is worth up to `edge` R before costs, in the wrong one it loses as much; near the
equilibrium, or while the price stands still, nothing is worth its costs and HOLD is best. Which direction is right
depends on the regime. A trade makes what a stop and a target would make of it: -1 R or the target.
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

_SPEED = 0.15
"""Standard deviation of the velocity, in deviations per bar."""
_DAMPING = {
    PhysicalRegime.CHAOTIC: None,
    PhysicalRegime.UNDERDAMPED: 0.3,
    PhysicalRegime.CRITICALLY_DAMPED: 1.0,
    PhysicalRegime.OVERDAMPED: 3.0,
}
_RETURNING = {PhysicalRegime.UNDERDAMPED, PhysicalRegime.OVERDAMPED}
"""Here the price goes back to its equilibrium; elsewhere it goes on as it moves."""
_SIGN = {Stance.BUY: 1, Stance.HOLD: 0, Stance.SELL: -1}


def draws(purpose: str) -> Random:
    """Return random numbers that are always the same for the same purpose."""
    return Random(purpose)  # noqa: S311 - a market, not a secret


def situation(  # noqa: PLR0913 - each of them is varied by a test
    regime: PhysicalRegime = PhysicalRegime.UNDERDAMPED,
    *,
    displacement: float = 1.0,
    velocity: float = 0.1,
    energy_rank: float = 0.9,
    cost: float = COST,
    symbol: str = "TOY",
) -> Situation:
    """Return a situation; displacement and velocity are in deviations, the cost in log price."""
    damping = _DAMPING[regime]
    frequency = None if damping is None else 0.1
    physics = Physics(
        displacement=displacement * DEVIATION,
        deviation=DEVIATION,
        velocity=velocity,
        acceleration=velocity / 10,
        mass=1.0,
        momentum=velocity,
        kinetic_energy=velocity * velocity / 2,
        potential_energy=None if frequency is None else (frequency * displacement) ** 2 / 2,
        energy_rank=energy_rank,
        natural_frequency=frequency,
        damping_ratio=damping,
        explained=0.9,
        unstable=damping is None,
        burst=False,
    )
    return Situation(
        symbol=symbol,
        timeframe="M5",
        regime=regime,
        physics=physics,
        volatility=DEVIATION,
        friction=Friction(cost, cost),
    )


def situations(random: Random, temperament: Temperament, count: int) -> Iterator[Situation]:
    """Yield situations in an agent's regimes that have nothing to do with each other."""
    regimes = sorted(temperament.regimes)
    for _ in range(count):
        yield situation(
            random.choice(regimes),
            displacement=random.gauss(0, 1),
            velocity=random.gauss(0, _SPEED),
            energy_rank=random.random(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What policies made per decision, in R after costs, and the share of decisions that the agent traded."""

    agent: float
    chance: float
    best: float
    traded: float


@dataclass(frozen=True, slots=True)
class ToyMarket:
    """Makes results of trades."""

    edge: float = EDGE

    def worth(self, seen: Situation, stance: Stance) -> float:
        """Return what a stance brings on average, in R after costs."""
        if stance is Stance.HOLD:
            return 0.0
        physics = seen.physics
        lean = -physics.displacement / DEVIATION if seen.regime in _RETURNING else physics.velocity / _SPEED
        return _SIGN[stance] * self.edge * max(-1.0, min(1.0, lean / 2)) - COST_R

    def result(self, random: Random, seen: Situation, stance: Stance, target: float) -> float:
        """Draw what a stance brings: the target or the stop."""
        if stance is Stance.HOLD:
            return 0.0
        wins = (1 + self.worth(seen, stance) + COST_R) / (1 + target)
        return (target if random.random() < wins else -1.0) - COST_R

    def train(self, agent: Agent, random: Random, count: int) -> None:
        """Let an agent live through situations."""
        target = agent.temperament.target_r
        for seen in situations(random, agent.temperament, count):
            decision = agent.decide(seen)
            if decision.opens:
                agent.opened("trade", decision)
                agent.closed("trade", self.result(random, seen, decision.stance, target))

    def trained(self, temperament: Temperament, seed: int, count: int, *, learns: bool = True) -> Agent:
        """Return an agent that has lived through the situations of a seed."""
        agent = Agent(temperament, seed, learns=learns)
        self.train(agent, draws(f"train {seed}"), count)
        return agent

    def examine(self, agent: Agent, random: Random, count: int) -> Score:
        """Let an agent, and two others, decide in the same situations, which it has not seen; its own rules hold."""
        own = chance = best = traded = 0.0
        target = agent.temperament.target_r
        for seen in situations(random, agent.temperament, count):
            decision = agent.decide(seen, explores=False)
            own += self.result(random, seen, decision.stance, target) if decision.taken else 0.0
            chance += self.result(random, seen, random.choice(tuple(Stance)), target)
            best += max(self.worth(seen, stance) for stance in Stance)
            traded += decision.taken
        return Score(agent=own / count, chance=chance / count, best=best / count, traded=traded / count)
