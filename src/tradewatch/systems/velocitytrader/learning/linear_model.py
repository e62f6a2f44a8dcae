"""A number as a weighted sum of features, learned step by step."""

from collections.abc import Mapping, Sequence
from math import fsum, sqrt
from operator import mul
from typing import Any

from tradewatch.systems.velocitytrader.learning.vectors import Vector, dot

# Any in this file: a state is what `state` of the same version returned, read from a checkpoint.
_MEAN_DECAY = 0.9
_SQUARE_DECAY = 0.999
_SMALLEST_ROOT = 1e-8
_LONGEST_GRADIENT = 1.0


class LinearModel:
    """weights · vector, with weights that start at 0 and follow the slope of the mean squared error.

    A step is Adam's with bias correction (Kingma and Ba 2015, algorithm 1), so that its length hardly depends on the
    size of the errors; gradients longer than 1 are cut to that length (Pascanu and others 2013).

    >>> model = LinearModel(width=2, rate=0.1)
    >>> for _ in range(200):
    ...     squares = model.fit([(1.0, 0.0), (1.0, 1.0)], [2.0, 5.0])
    >>> [round(weight, 2) for weight in model.weights]
    [2.0, 3.0]
    """

    __slots__ = ("_means", "_rate", "_squares", "_steps", "weights")

    def __init__(self, width: int, rate: float) -> None:
        self.weights = [0.0] * width
        self._rate = rate
        self._means = [0.0] * width
        self._squares = [0.0] * width
        self._steps = 0

    def fit(self, vectors: Sequence[Vector], targets: Sequence[float]) -> float:
        """Take one step toward a batch's targets; return the sum of its squared errors before the step."""
        weights, size = self.weights, len(targets)
        errors = [fsum(map(mul, weights, vector)) - target for vector, target in zip(vectors, targets, strict=True)]
        self._step([fsum(map(mul, errors, column)) / size for column in zip(*vectors, strict=True)])
        return dot(errors, errors)

    def _step(self, gradient: Sequence[float]) -> None:
        scale = min(1.0, _LONGEST_GRADIENT / (sqrt(dot(gradient, gradient)) or 1.0))
        fresh, freshest = scale * (1 - _MEAN_DECAY), scale * scale * (1 - _SQUARE_DECAY)
        means = [_MEAN_DECAY * mean + fresh * each for mean, each in zip(self._means, gradient, strict=True)]
        squares = [
            _SQUARE_DECAY * square + freshest * each * each
            for square, each in zip(self._squares, gradient, strict=True)
        ]
        self._means, self._squares = means, squares
        self._steps += 1
        rate = self._rate / (1 - _MEAN_DECAY**self._steps)
        correction = 1 / (1 - _SQUARE_DECAY**self._steps)
        self.weights = [
            weight - rate * mean / (sqrt(square * correction) + _SMALLEST_ROOT)
            for weight, mean, square in zip(self.weights, means, squares, strict=True)
        ]

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here."""
        return {
            "weights": list(self.weights),
            "means": list(self._means),
            "squares": list(self._squares),
            "steps": self._steps,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the state of a model of the same width and rate."""
        self.weights = list(state["weights"])
        self._means, self._squares = list(state["means"]), list(state["squares"])
        self._steps = state["steps"]
