"""The mean and deviation of a short window, computed anew each time: what has left it leaves no trace."""

from collections.abc import Sequence
from math import dist, fsum, sqrt


def mean_and_deviation(window: Sequence[float], ddof: int) -> tuple[float, float]:
    """Return the mean and the standard deviation, divided by n - ddof, of more than ``ddof`` numbers.

    Two passes over the distances from the newest number: equal numbers have a deviation of exactly 0, and numbers close
    to each other lose nothing to their size.

    >>> mean_and_deviation([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0], ddof=0)
    (5.0, 2.0)
    """
    count, newest = len(window), window[-1]
    offsets = tuple([number - newest for number in window])  # of lists, `dist` would make tuples twice as slowly
    mean = fsum(offsets) / count
    return newest + mean, dist(offsets, (mean,) * count) / sqrt(count - ddof)
