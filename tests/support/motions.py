"""Motions with a known truth: free and driven oscillators, random walks, bursts."""

from cmath import exp, sqrt
from collections.abc import Iterable, Iterator
from itertools import accumulate
from math import exp as real_exp
from random import Random

_SETTLING = 600
"""Bars before a driven oscillator is looked at: the slowest here forgets its start in 60."""

DRIVE = 1e-3
"""The deviation of what drives an oscillator or a walk, per bar; no regime depends on it."""


def poles(damping: float, frequency: float) -> tuple[complex, complex]:
    """Return the two exponents s per bar of a damping ratio and a natural frequency."""
    root = sqrt(damping * damping - 1)
    return frequency * (-damping + root), frequency * (-damping - root)


def free(damping: float, frequency: float, velocity: float, count: int) -> list[float]:
    """Return the positions of an oscillator that nothing drives, from 1 with a velocity; a damping ratio of 1 has none.

    From the solution of the equation of motion in continuous time, not from an autoregression.
    """
    one, other = poles(damping, frequency)
    share = (velocity - other) / (one - other)
    return [(share * exp(one * bar) + (1 - share) * exp(other * bar)).real for bar in range(count)]


def driven(damping: float, frequency: float, count: int, random: Random) -> Iterator[float]:
    """Yield the positions of an oscillator that independent normal shocks drive, long after its start."""
    one, other = (exp(each) for each in poles(damping, frequency))
    first, second = (one + other).real, -(one * other).real
    position = before = 0.0
    for bar in range(_SETTLING + count):
        position, before = first * position + second * before + random.gauss(0, DRIVE), position
        if bar >= _SETTLING:
            yield position


def walk(drives: Iterable[float], random: Random) -> Iterator[float]:
    """Yield prices whose log walks at random, a step of each drive's deviation."""
    return (real_exp(level) for level in accumulate(random.gauss(0, drive) for drive in drives))


def bursting(count: int, every: int, length: int) -> Iterator[bool]:
    """Yield for each bar whether it is in a burst: the last ``length`` of ``every`` so many."""
    return (bar % every >= every - length for bar in range(count))
