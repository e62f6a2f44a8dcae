"""What an agent is asked about: one symbol on one timeframe, at a closed bar."""

from typing import NamedTuple

from tradewatch.facts import Direction
from tradewatch.indicators import Physics
from tradewatch.regimes import PhysicalRegime


class Friction(NamedTuple):
    """What a round trip costs, in log price: ``buy`` for a long one, ``sell`` for a short one; never below 0."""

    buy: float
    sell: float

    def toward(self, direction: Direction) -> float:
        """Return the cost of one direction."""
        return self.buy if direction is Direction.BUY else self.sell


class Situation(NamedTuple):
    """A symbol on a timeframe, as it stands at a closed bar.

    ``volatility``: the average true range as a share of the price, above 0. It measures stops and targets.
    """

    symbol: str
    timeframe: str
    regime: PhysicalRegime
    physics: Physics
    volatility: float
    friction: Friction
