"""What each action is worth in a state, linear in its features."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tradewatch.systems.velocitytrader.learning.linear_model import LinearModel
from tradewatch.systems.velocitytrader.learning.vectors import Features, Vector, dot

# Any in this file: a state is what `state` of the same version returned, read from a checkpoint.
HOLD, BUY, SELL = range(3)
ACTIONS = 3
"""How many there are."""


class Shape(NamedTuple):
    """Blocks of states, and how many even and odd features describe a state."""

    blocks: int
    even: int
    odd: int


class Values(NamedTuple):
    """The value of each action in R: of HOLD, BUY and SELL, in this order."""

    hold: float
    buy: float
    sell: float

    @property
    def best(self) -> int:
        """The action with the largest value; HOLD where no trade is worth more, or where both are worth the same."""
        if self.buy == self.sell or self.hold >= max(self.buy, self.sell):
            return HOLD
        return BUY if self.buy > self.sell else SELL


class ActionValues:
    """Q(state, action), in R, linear in the features, with weights of its own for each block of states.

    Q(HOLD) = h · even, Q(BUY) = w · even + u · odd, Q(SELL) = w · even - u · odd: what is known of buying is known of
    selling the mirrored market. ``holds`` has the weights h of each block, ``trades`` w and u in one row.
    """

    __slots__ = ("_even", "holds", "trades")

    def __init__(self, shape: Shape, rate: float) -> None:
        self._even = shape.even
        self.holds = [LinearModel(shape.even, rate) for _ in range(shape.blocks)]
        self.trades = [LinearModel(shape.even + shape.odd, rate) for _ in range(shape.blocks)]

    def of(self, state: Features) -> Values:
        """Return the value of every action."""
        weights = self.trades[state.block].weights
        base, lean = dot(weights, state.even), dot(weights[self._even :], state.odd)
        return Values(dot(self.holds[state.block].weights, state.even), base + lean, base - lean)

    def copy(self) -> "BestValue":
        """Return what the best action is worth by the weights of now."""
        rows = [model.weights for model in self.trades]
        return BestValue(
            [list(model.weights) for model in self.holds],
            [row[: self._even] for row in rows],
            [row[self._even :] for row in rows],
        )

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here."""
        return {"holds": [each.state() for each in self.holds], "trades": [each.state() for each in self.trades]}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the state of values of the same shape and rate."""
        for name, models in (("holds", self.holds), ("trades", self.trades)):
            for model, row in zip(models, state[name], strict=True):
                model.restore(row)


class BestValue:
    """The largest value of any action in a state, by weights that stay as they were: h, w and u of each block."""

    __slots__ = ("_rows",)

    def __init__(self, *rows: Iterable[Sequence[float]]) -> None:
        self._rows = tuple([tuple(row) for row in part] for part in rows)

    def of(self, state: Features) -> float:
        """Return the value in a state, in R."""
        block, even, odd = state
        hold, base, lean = self._rows
        return max(dot(hold[block], even), dot(base[block], even) + abs(dot(lean[block], odd)))

    def state(self) -> list[list[list[float]]]:
        """Return the weights: what the constructor takes."""
        return [[list(row) for row in part] for part in self._rows]


def trade_vector(state: Features, action: int) -> Vector:
    """Return a state as a buyer would see it: for SELL the mirrored one."""
    return state.even + (state.odd if action == BUY else state.mirrored.odd)
