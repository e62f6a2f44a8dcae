"""In what the two agents differ."""

from dataclasses import dataclass

from tradewatch.regimes import PhysicalRegime
from tradewatch.systems.velocitytrader.learning import Exploration


@dataclass(frozen=True, slots=True, kw_only=True)
class Temperament:
    """An agent's numbers.

    ``regimes``: where it decides; elsewhere it holds and learns nothing. ``risk_share``: of equity, lost at the stop.
    ``stop_volatilities``: distance of the stop, in average true ranges. ``target_r``: distance of the target, in stops.
    ``discount``: what a chance is worth one decision later; near 1 it waits for a better one. ``least_value``, in R,
    ``least_confidence`` and ``least_energy_rank``, both 0 to 1, are what a trade with real money needs.
    """

    name: str
    regimes: frozenset[PhysicalRegime]
    risk_share: float
    stop_volatilities: float
    target_r: float
    exploration: Exploration
    discount: float
    least_value: float
    least_confidence: float
    least_energy_rank: float
    learning_rate: float = 0.002


BERSERKER = Temperament(
    name="berserker",
    regimes=frozenset({PhysicalRegime.CHAOTIC, PhysicalRegime.UNDERDAMPED}),
    risk_share=0.02,
    stop_volatilities=3.0,
    target_r=1.5,
    exploration=Exploration(floor=0.15, scale=2_000.0),
    discount=0.5,
    least_value=0.0,
    least_confidence=0.1,
    least_energy_rank=0.5,
)
"""Acts often where the price moves wildly or swings, as long as the energy is high."""

SNIPER = Temperament(
    name="sniper",
    regimes=frozenset({PhysicalRegime.CRITICALLY_DAMPED, PhysicalRegime.OVERDAMPED}),
    risk_share=0.01,
    stop_volatilities=1.5,
    target_r=3.0,
    exploration=Exploration(floor=0.05, scale=2_000.0),
    discount=0.8,
    least_value=0.1,
    least_confidence=0.5,
    least_energy_rank=0.0,
)
"""Acts seldom, in calm markets, when it is sure that much can be won with little at risk."""
