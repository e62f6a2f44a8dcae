"""Sums of money without rounding on the way."""

from collections.abc import Iterable, Sequence
from itertools import chain
from math import fsum
from operator import neg


class ExactSum:
    """The correctly rounded sum of all observations, whatever their order and size.

    Keeps the running sum as a short list of floats that add up to it exactly (Shewchuk 1997, "Adaptive Precision
    Floating-Point Arithmetic and Fast Robust Geometric Predicates"), as `math.fsum` does within one call.

    >>> total = ExactSum()
    >>> for amount in (1.0, 1e100, 1e50, 3.0, -1e50, -1e100):
    ...     total.update(amount)
    >>> total.value
    4.0
    """

    __slots__ = ("_terms",)

    _LONGEST = 64
    """Terms kept before they are compressed; at most a few dozen are ever needed for an exact sum."""

    _ASKED = 8
    """Terms of a sum that is asked for before they are compressed: it may be asked for again before it grows."""

    _SHORT = 24
    """Terms kept while the sum is asked for again and again, which takes as long as there are terms."""

    def __init__(self) -> None:
        self._terms: list[float] = []

    def update(self, observation: float) -> None:
        """Add a finite number."""
        terms = self._terms
        terms.append(observation)
        if len(terms) > self._LONGEST:
            self._compress()

    def extend(self, observations: Iterable[float]) -> None:
        """Add many finite numbers."""
        self._terms += observations
        if len(self._terms) > self._LONGEST:
            self._compress()

    def running(self, observations: Sequence[float]) -> list[float]:
        """Add many finite numbers; return the sum after each."""
        sums = self._running_in_two(observations)
        return self._running(observations) if sums is None else sums

    def _running_in_two(self, observations: Iterable[float]) -> list[float] | None:
        """Return the sums if two floats hold each of them exactly; else None, and add nothing.

        Two hold some 100 binary digits: any money that is not at once astronomic and microscopic. Each addition keeps
        what rounding takes from it (D. E. Knuth, "The Art of Computer Programming" 2, 4.2.2, theorem B).
        """
        self._compress()
        if len(self._terms) > _IN_TWO:
            return None
        high, low = (*self._terms, 0.0, 0.0)[:_IN_TWO]
        sums = []
        for observation in observations:
            total = high + observation
            part = total - high
            lost = (high - (total - part)) + (observation - part)
            rest = low + lost
            part = rest - low
            if (low - (rest - part)) + (lost - part):
                return None
            high = total + rest
            part = high - total
            low = (total - (high - part)) + (rest - part)
            sums.append(high)
        self._terms = [high, low]
        return sums

    def _running(self, observations: Iterable[float]) -> list[float]:
        sums = []
        for observation in observations:
            self._terms.append(observation)
            sums.append(fsum(self._terms))
            if len(self._terms) > self._SHORT:
                self._compress()
        return sums

    def merge(self, other: "ExactSum") -> None:
        """Add all of another sum's observations."""
        self._terms += other._terms
        if len(self._terms) > self._LONGEST:
            self._compress()

    @property
    def value(self) -> float:
        """The sum; 0 before the first observation."""
        return fsum(self._few_terms())

    @property
    def terms(self) -> list[float]:
        """The fewest floats that add up to it exactly; added to an empty sum they make the same one."""
        self._compress()
        return list(self._terms)

    def less(self, other: "ExactSum") -> float:
        """Return this sum less another one, rounded once."""
        return fsum(chain(self._few_terms(), map(neg, other._few_terms())))

    def _few_terms(self) -> list[float]:
        if len(self._terms) > self._ASKED:
            self._compress()
        return self._terms

    def _compress(self) -> None:
        """Replace the terms by the fewest floats with exactly the same sum: each is what the larger ones leave over."""
        compressed: list[float] = []
        while rest := fsum(self._terms):
            compressed.append(rest)
            self._terms.append(-rest)
        self._terms = compressed


_IN_TWO = 2
