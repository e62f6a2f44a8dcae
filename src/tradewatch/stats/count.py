"""How many there were."""


class Count:
    """The number of observations; it never goes down.

    >>> count = Count()
    >>> count.value
    0
    """

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0

    def update(self, _observation: object) -> None:
        """Count one more, whatever it is."""
        self.value += 1

    def merge(self, other: "Count") -> None:
        """Count all of another's."""
        self.value += other.value
