"""What each action is worth in a state, linear in its features."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tradewatch.systems.velocitytrader.learning.vectors import Features, Vector, dot

HOLD, BUY, SELL = range(3)
ACTIONS = 3
"""How many there are."""

Weights = list[list[float]]


class Values(NamedTuple):
    """The value of each action in R: of HOLD, BUY and SELL, in this order."""

    hold: float
    buy: float
    sell: float

    @property
    def best(self) -> int:
        """The action with the largest value; HOLD where none is larger, BUY where both trades are equal."""
        if self.hold >= self.buy and self.hold >= self.sell:
            return HOLD
        return BUY if self.buy >= self.sell else SELL


class Sample(NamedTuple):
    """What the weights ``row`` should make of ``vector``."""

    row: int
    vector: Vector
    target: float


class Slope(NamedTuple):
    """The gradient of a batch's mean squared error / 2, per row of weights, and that mean squared error."""

    gradient: Mapping[int, list[float]]
    loss: float


class ActionValues:
    """Q(state, action), in R, linear in the features, with weights of its own for each block of states.

    Q(HOLD) = h · even, Q(BUY) = w · even + u · odd, Q(SELL) = w · even - u · odd: what is known of buying is known of
    selling the mirrored market. All weights start at 0. ``weights`` has each block's row h, then each block's (w, u).
    """

    __slots__ = ("_blocks", "_even", "weights")

    def __init__(self, blocks: int, even: int, odd: int) -> None:
        self._blocks = blocks
        self._even = even
        self.weights: Weights = [[0.0] * even for _ in range(blocks)] + [[0.0] * (even + odd) for _ in range(blocks)]

    def of(self, state: Features) -> Values:
        """Return the value of every action."""
        hold = dot(self.weights[state.block], state.even)
        both = self.weights[self._blocks + state.block]
        base, lean = dot(both, state.even), dot(both[self._even :], state.odd)
        return Values(hold, base + lean, base - lean)

    def hold_sample(self, state: Features, target: float) -> Sample:
        """Return what HOLD in a state should be worth."""
        return Sample(state.block, state.even, target)

    def trade_sample(self, block: int, vector: Vector, target: float) -> Sample:
        """Return what a trade, whose ``vector`` is that of `trade_vector`, should be worth."""
        return Sample(self._blocks + block, vector, target)

    def slope(self, batch: Iterable[Sample]) -> Slope:
        """Return how the mean squared error of a batch changes with the weights."""
        rows: dict[int, tuple[list[Vector], list[float]]] = {}
        for row, vector, target in batch:
            vectors, targets = rows.setdefault(row, ([], []))
            vectors.append(vector)
            targets.append(target)
        return self._slope(rows)

    def _slope(self, rows: Mapping[int, tuple[Sequence[Vector], Sequence[float]]]) -> Slope:
        size = sum(len(targets) for _, targets in rows.values())
        gradient, squares = {}, 0.0
        for row, (vectors, targets) in rows.items():
            weights = self.weights[row]
            errors = [dot(weights, vector) - target for vector, target in zip(vectors, targets, strict=True)]
            gradient[row] = [dot(errors, column) / size for column in zip(*vectors, strict=True)]
            squares += dot(errors, errors)
        return Slope(gradient, squares / size)

    def error(self, batch: Sequence[Sample]) -> float:
        """Return the mean squared error of a batch, which is not empty."""
        return self.slope(batch).loss

    def copy_from(self, other: "ActionValues") -> None:
        """Take over the weights of another, of the same shape."""
        self.weights = [list(row) for row in other.weights]


def trade_vector(state: Features, action: int) -> Vector:
    """Return a state as a buyer would see it: for SELL the mirrored one."""
    return state.even + (state.odd if action == BUY else state.mirrored.odd)
