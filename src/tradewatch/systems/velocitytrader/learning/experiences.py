"""What an agent has lived through and still remembers."""

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

from tradewatch.systems.velocitytrader.learning.vectors import Features, Vector

Experience = TypeVar("Experience")


class Trade(NamedTuple):
    """A closed trade: the state as a buyer would have seen it, and what it made, in R after costs."""

    block: int
    vector: Vector
    reward: float


class Wait(NamedTuple):
    """A HOLD, and the state that came after it."""

    state: Features
    after: Features


class Ring(Generic[Experience]):
    """The newest ``size`` experiences of one kind: a full ring forgets its oldest.

    >>> ring = Ring[int](2)
    >>> for experience in (1, 2, 3):
    ...     ring.add(experience)
    >>> ring.items, len(ring)
    ([3, 2], 2)
    """

    __slots__ = ("following", "items", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        self.items: list[Experience] = []
        """In no particular order."""
        self.following = 0
        """The place that the next experience takes."""

    def __len__(self) -> int:
        return len(self.items)

    def add(self, experience: Experience) -> None:
        """Remember an experience."""
        if len(self.items) < self.size:
            self.items.append(experience)
        else:
            self.items[self.following] = experience
        self.following = (self.following + 1) % self.size

    def restore(self, items: Iterable[Experience], following: int) -> None:
        """Hold the ``items`` of another ring of this size, and its ``following``."""
        self.items = list(items)
        self.following = following
