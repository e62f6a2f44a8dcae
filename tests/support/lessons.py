"""Agents trained on a market with a known best policy, and examined on situations they have not seen."""

from collections.abc import Sequence
from functools import cache
from math import sqrt
from statistics import fmean, stdev
from typing import NamedTuple

from scipy.stats import t as student

from tests.support.toy_market import EDGE, Score, ToyMarket, draws
from tradewatch.facts import LearningStepped
from tradewatch.systems.velocitytrader.temperament import Temperament

SEEDS = 20
TRAINING = 4_000
"""Decisions that an agent learns from."""
EXAM = 1_000
"""Decisions that it is judged by."""


class Lesson(NamedTuple):
    """What one agent reached."""

    score: Score
    fact: LearningStepped


class Interval(NamedTuple):
    """A mean and its 95 % confidence interval, by Student's t."""

    low: float
    mean: float
    high: float


@cache
def lessons(
    temperament: Temperament, edge: float = EDGE, *, seeds: int = SEEDS, learns: bool = True
) -> Sequence[Lesson]:
    """Return what an agent reached with each of the seeds."""
    market = ToyMarket(edge)
    return [_lesson(market, temperament, seed, learns=learns) for seed in range(seeds)]


def _lesson(market: ToyMarket, temperament: Temperament, seed: int, *, learns: bool) -> Lesson:
    agent = market.trained(temperament, seed, TRAINING, learns=learns)
    fact = agent.learning_fact()
    return Lesson(market.examine(agent, draws(f"exam {seed}"), EXAM), fact)


def interval(numbers: Sequence[float]) -> Interval:
    """Return the mean of independent numbers, and where it is with 95 % confidence.

    >>> [round(each, 3) for each in interval((1.0, 2.0, 3.0))]  # t = 4.303 with two degrees of freedom
    [-0.484, 2.0, 4.484]
    """
    mean = fmean(numbers)
    half = float(student.ppf(0.975, len(numbers) - 1)) * stdev(numbers) / sqrt(len(numbers))
    return Interval(mean - half, mean, mean + half)
