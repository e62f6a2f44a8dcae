"""What every statistic is: an accumulator that can be updated, merged and asked."""

from typing import Generic, Protocol, Self, TypeVar

Observation_contra = TypeVar("Observation_contra", contravariant=True)
Value_co = TypeVar("Value_co", covariant=True)


class Statistic(Protocol, Generic[Observation_contra, Value_co]):
    """A streaming statistic in bounded memory.

    Updating one by one and merging any split of the same observations, in order, give the same value. So does
    ``extend``, which some have: it takes many observations in a fraction of the time.
    """

    def update(self, observation: Observation_contra) -> None:
        """Take one more observation."""

    def merge(self, other: Self) -> None:
        """Take all observations of another accumulator, as if they had come after this one's."""

    @property
    def value(self) -> Value_co | None:
        """The statistic so far; None while it is undefined."""
