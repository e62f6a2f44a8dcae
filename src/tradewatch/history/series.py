"""A series with its samples, as both ways into a server take it."""

from collections.abc import Sequence
from typing import NamedTuple

Pairs = tuple[tuple[str, str], ...]
"""The labels of a series, sorted, its name among them; an empty value is no label, and not here."""


class Run(NamedTuple):
    """Samples at moments without a gap: the number of the first one's moment, and the values."""

    begin: int
    values: Sequence[float]


class Series(NamedTuple):
    """A series and its samples, in order of time."""

    labels: Pairs
    runs: Sequence[Run]


class Samples(NamedTuple):
    """Series with samples at common moments: milliseconds, a step apart."""

    moments: Sequence[int]
    series: Sequence[Series]
