"""What every statistic is: an accumulator that can be updated, merged and asked."""

from typing import Generic, Protocol, Self, TypeVar

Observation = TypeVar("Observation", contravariant=True)
Value = TypeVar("Value", covariant=True)


class Statistic(Protocol, Generic[Observation, Value]):
    """A streaming statistic in bounded memory.

    Updating one by one and merging any split of the same observations, in order, give the same value.
    """

    def update(self, observation: Observation) -> None:
        """Take one more observation."""

    def merge(self, other: Self) -> None:
        """Take all observations of another accumulator, as if they had come after this one's."""

    @property
    def value(self) -> Value | None:
        """The statistic so far; None while it is undefined."""
