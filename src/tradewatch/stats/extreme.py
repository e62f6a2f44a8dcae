"""The largest and the smallest."""

from collections.abc import Collection


class Largest:
    """The largest observation; None before the first.

    >>> largest = Largest()
    >>> for observation in (1.0, 3.0, 2.0):
    ...     largest.update(observation)
    >>> largest.value
    3.0
    """

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value: float | None = None

    def update(self, observation: float) -> None:
        """Take one finite number."""
        self.value = observation if self.value is None else max(self.value, observation)

    def extend(self, observations: Collection[float]) -> None:
        """Take many finite numbers."""
        if observations:
            self.update(max(observations))

    def merge(self, other: "Largest") -> None:
        """Take all of another's numbers."""
        if other.value is not None:
            self.update(other.value)


class Smallest:
    """The smallest observation; None before the first.

    >>> smallest = Smallest()
    >>> for observation in (2.0, 1.0, 3.0):
    ...     smallest.update(observation)
    >>> smallest.value
    1.0
    """

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value: float | None = None

    def update(self, observation: float) -> None:
        """Take one finite number."""
        self.value = observation if self.value is None else min(self.value, observation)

    def extend(self, observations: Collection[float]) -> None:
        """Take many finite numbers."""
        if observations:
            self.update(min(observations))

    def merge(self, other: "Smallest") -> None:
        """Take all of another's numbers."""
        if other.value is not None:
            self.update(other.value)
