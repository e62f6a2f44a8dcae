"""A gradient step whose size does not depend on the size of the gradient."""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

from tradewatch.systems.velocitytrader.learning.vectors import dot

# Any in this file: a state is what `state` of the same version returned, read from a checkpoint.
_MEAN_DECAY = 0.9
_SQUARE_DECAY = 0.999
_FLOOR = 1e-8


class Adam:
    """Adam with bias correction, and gradients clipped to a norm (Kingma and Ba 2015, algorithm 1; Pascanu 2013).

    Rows of weights that a batch says nothing about keep their moments: each row counts its own steps.
    """

    __slots__ = ("_means", "_squares", "_steps", "longest", "rate")

    def __init__(self, widths: Sequence[int], rate: float, longest: float) -> None:
        self.rate = rate
        self.longest = longest
        """The largest norm of a gradient, over all its rows."""
        self._means = [[0.0] * width for width in widths]
        self._squares = [[0.0] * width for width in widths]
        self._steps = [0] * len(widths)

    def step(self, weights: list[list[float]], gradient: Mapping[int, Sequence[float]]) -> None:
        """Change the rows of weights that have a gradient."""
        norm = sqrt(sum(dot(row, row) for row in gradient.values()))
        scale = min(1.0, self.longest / norm) if norm else 1.0
        for row, slopes in gradient.items():
            weights[row] = self._stepped(row, weights[row], [scale * slope for slope in slopes])

    def _stepped(self, row: int, weights: Sequence[float], slopes: Sequence[float]) -> list[float]:
        means = [_MEAN_DECAY * m + (1 - _MEAN_DECAY) * g for m, g in zip(self._means[row], slopes, strict=True)]
        squares = [
            _SQUARE_DECAY * s + (1 - _SQUARE_DECAY) * g * g for s, g in zip(self._squares[row], slopes, strict=True)
        ]
        self._means[row], self._squares[row] = means, squares
        self._steps[row] += 1
        rate = self.rate / (1 - _MEAN_DECAY ** self._steps[row])
        correction = 1 / (1 - _SQUARE_DECAY ** self._steps[row])
        return [
            weight - rate * mean / (sqrt(square * correction) + _FLOOR)
            for weight, mean, square in zip(weights, means, squares, strict=True)
        ]

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here."""
        return {"means": self._means, "squares": self._squares, "steps": list(self._steps)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the state of one with the same widths."""
        self._means = [list(row) for row in state["means"]]
        self._squares = [list(row) for row in state["squares"]]
        self._steps = list(state["steps"])
