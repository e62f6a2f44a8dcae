"""Features, and the little linear algebra that learning from them takes."""

from collections.abc import Iterable
from math import fsum
from operator import mul
from typing import NamedTuple

Vector = tuple[float, ...]


class Features(NamedTuple):
    """A state: ``block`` selects the weights; ``odd`` changes its sign when the market is mirrored, ``even`` does not.

    The elements are at most about 1.
    """

    block: int
    even: Vector
    odd: Vector

    @property
    def mirrored(self) -> "Features":
        """The same market upside down."""
        return Features(self.block, self.even, tuple(-each for each in self.odd))


def dot(one: Iterable[float], other: Iterable[float]) -> float:
    """Return the scalar product, over the shorter of the two; rounded once, so that every Python learns the same.

    >>> dot((1.0, 2.0), (3.0, 4.0, 5.0))
    11.0
    """
    return fsum(map(mul, one, other))
