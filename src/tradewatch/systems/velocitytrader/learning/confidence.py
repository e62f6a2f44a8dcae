"""How sure a model is of the action it chose."""

from collections import deque
from collections.abc import Iterable, Sequence
from math import exp, fsum

TEMPERATURE = 0.05
"""In R: an action that is worth so much more than another is e times as probable."""

_WINDOW = 100
_LARGEST_EXPONENT = 700.0


def confidence(values: Sequence[float], chosen: int, temperature: float = TEMPERATURE) -> float:
    """Return (p - 1/k) / (1 - 1/k), p the softmax probability of the chosen one of k actions: 1 at most, 0 is a guess.

    It is negative for an action that is less probable than a guess, as one that was tried by chance usually is.

    >>> confidence((0.0, 0.0, 0.0), 1)
    0.0
    >>> round(confidence((0.0, 0.1, -0.1), 1), 6)  # 1 / (1 + e**-2 + e**-4) = 0.866813
    0.80022
    """
    own = values[chosen]
    odds = [exp(min((value - own) / temperature, _LARGEST_EXPONENT)) for value in values]
    guess = 1 / len(values)
    return (1 / fsum(odds) - guess) / (1 - guess)


class ModelConfidence:
    """The mean confidence of the last 100 decisions, at least 0; None before the first one.

    >>> model = ModelConfidence()
    >>> model.value is None
    True
    >>> for each in (0.5, 0.3, -0.5):
    ...     model.update(each)
    >>> round(model.value, 6)
    0.1
    """

    __slots__ = ("_last",)

    def __init__(self) -> None:
        self._last: deque[float] = deque(maxlen=_WINDOW)

    def update(self, confidence: float) -> None:
        """Take the confidence of the next decision, which may be negative."""
        self._last.append(confidence)

    @property
    def value(self) -> float | None:
        """The mean, 0 to 1."""
        return max(0.0, fsum(self._last) / len(self._last)) if self._last else None

    def state(self) -> list[float]:
        """Return what `restore` needs."""
        return list(self._last)

    def restore(self, state: Iterable[float]) -> None:
        """Go on from a state."""
        self._last = deque(state, maxlen=_WINDOW)
