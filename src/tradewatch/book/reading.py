"""One number read from a book."""

from typing import NamedTuple


class Reading(NamedTuple):
    """The values of a metric's labels, in their order, and the number in base units."""

    labels: tuple[str, ...]
    value: float
