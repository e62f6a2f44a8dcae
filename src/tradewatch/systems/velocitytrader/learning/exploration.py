"""How often an agent tries something by chance."""

from dataclasses import dataclass
from math import exp
from random import Random

from tradewatch.systems.velocitytrader.learning.action_values import ACTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """The exploration rate after n experiences: exp(-n / scale), but never below ``floor``.

    >>> exploration = Exploration(floor=0.15, scale=1_000.0)
    >>> exploration.rate(0), round(exploration.rate(1_000), 6), exploration.rate(10_000)
    (1.0, 0.367879, 0.15)
    """

    floor: float
    scale: float

    def rate(self, experiences: int) -> float:
        """Return the probability that the next decision is made by chance."""
        return max(self.floor, exp(-experiences / self.scale))

    def action(self, experiences: int, random: Random) -> int | None:
        """Return an action by chance, each as likely as the others, or None: the best one is to be taken."""
        return random.randrange(ACTIONS) if random.random() < self.rate(experiences) else None
