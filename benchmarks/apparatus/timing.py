"""How long things take: medians of several turns, so that one interruption moves nothing."""

from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def in_turns(works: Sequence[Callable[[], object]], turns: int) -> list[float]:
    """Return the median seconds of each work; they take turns, so that a noisy moment strikes all alike."""
    rounds = [[seconds(work) for work in works] for _ in range(turns)]
    return [median(column) for column in zip(*rounds, strict=True)]


def share(values: Sequence[float], part: float) -> float:
    """Return the value that this part of all values does not exceed.

    >>> share([3.0, 1.0, 2.0, 4.0], 0.5)
    3.0
    """
    return sorted(values)[min(int(len(values) * part), len(values) - 1)]
