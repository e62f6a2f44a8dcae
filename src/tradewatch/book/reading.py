"""One number read from a book."""

from collections.abc import Iterator
from typing import NamedTuple

from tradewatch.stats import Histogram

SUM, COUNT = "sum", "count"
"""What stands in the place of a bucket's bound for the sum of a distribution's observations, and for how many."""


class Reading(NamedTuple):
    """The values of a metric's labels, in their order, and the number in base units.

    Those of a distribution have one value more: the upper bound of a bucket, `SUM` or `COUNT`.
    """

    labels: tuple[str, ...]
    value: float


def distributed(labels: tuple[str, ...], histogram: Histogram) -> Iterator[Reading]:
    """Yield the readings of a distribution with these label values, buckets first, each with all below it.

    The sum of what may be negative goes up and down, which a counter must not: it is left out, and the count with it,
    for OpenMetrics has both or none. The last bucket holds all.
    """
    for bound, count in zip(histogram.bounds, histogram.cumulative, strict=True):
        yield Reading((*labels, str(bound)), count)
    yield Reading((*labels, "+Inf"), histogram.value)
    if histogram.bounds[0] >= 0:
        yield Reading((*labels, SUM), histogram.total)
        yield Reading((*labels, COUNT), histogram.value)
