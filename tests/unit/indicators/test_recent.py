"""Means, ranks, medians and bursts of what is recent, beside numpy over the same window."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewatch.indicators import Burst
from tradewatch.indicators.exponential_average import ExponentialAverage
from tradewatch.indicators.rolling_mean import RollingMean
from tradewatch.indicators.sorted_window import SortedWindow

POSITIVE = st.lists(st.sampled_from([0.0, 1.0, 2.0, 1e30]) | st.floats(0, 1e6), max_size=60)
LENGTHS = st.integers(1, 12)


@given(LENGTHS, POSITIVE)
def test_the_mean_is_that_of_the_window_and_nothing_else(length: int, numbers: list[float]) -> None:
    mean = RollingMean(length)
    assert mean.value is None
    for count, number in enumerate(numbers, start=1):
        mean.update(number)
        assert mean.value == pytest.approx(np.mean(numbers[max(0, count - length) : count]), rel=1e-12)


@given(LENGTHS, POSITIVE)
def test_rank_and_median_are_those_of_the_window(length: int, numbers: list[float]) -> None:
    recent = SortedWindow(length)
    assert (recent.rank, recent.median) == (None, None)
    for count, number in enumerate(numbers, start=1):
        recent.update(number)
        window = numbers[max(0, count - length) : count]
        assert recent.median == np.median(window)
        assert (recent.rank is None) == (len(window) == 1)
        if recent.rank is not None:
            assert recent.rank == sum(other < number for other in window) / (len(window) - 1)


@pytest.mark.parametrize("length", [2, 11, 101, 256])
def test_the_rank_is_above_a_share_exactly_when_the_number_is_above_that_percentile(length: int) -> None:
    random = Random(length)  # noqa: S311 - any numbers will do
    numbers = [float(random.randrange(300)) for _ in range(1_500)]
    recent, above = SortedWindow(length), 0
    for count, number in enumerate(numbers, start=1):
        recent.update(number)
        if recent.rank is not None:
            percentile = np.quantile(numbers[max(0, count - length) : count], 0.9)
            assert (recent.rank > 0.9) == (number > percentile + 1e-9)  # numpy's is rounded
            above += bool(number > percentile)
    assert above > 50


def test_a_burst_is_a_variance_far_above_its_median() -> None:
    random = Random(8)  # noqa: S311 - any numbers will do
    numbers = [random.gauss(0, 5.0 if 300 < count < 340 else 1.0) for count in range(600)]
    burst, variances, told = Burst(innovations=20, window=100), [], []
    for count, number in enumerate(numbers, start=1):
        burst.update(number)
        if count >= 20:
            variances.append(float(np.var(numbers[count - 20 : count])))
        assert burst.value == (count >= 20 and bool(variances[-1] > 4 * np.median(variances[-100:])))
        told.append(burst.value)
    assert {told.index(True) in range(300, 310), any(told[:300]), any(told[360:])} == {True, False}


def test_what_lasts_becomes_normal_and_what_is_equal_never_bursts() -> None:
    burst = Burst(innovations=2, window=8)
    for number in (1.0, -1.0) * 8 + (9.0, -9.0) * 3:
        burst.update(number)
    assert not burst.value
    for _ in range(30):
        burst.update(7.0)
    assert not burst.value


def test_innovations_that_are_all_too_large_alike_are_no_burst_for_long() -> None:
    random, burst = Random(8), Burst()  # noqa: S311 - any numbers will do
    told = []
    for count in range(400):
        burst.update(random.gauss(0, 1) + (50.0 if count >= 300 else 0.0))
        told.append(burst.value)
    assert [number for number, each in enumerate(told) if each] == list(range(300, 319))


def test_an_exponential_average_starts_at_the_first_number_and_stays_with_equal_ones() -> None:
    average = ExponentialAverage(20)
    for _ in range(1_000):
        average.update(0.1)
    assert average.value == 0.1


def test_lengths_are_checked() -> None:
    for make in (RollingMean, SortedWindow, ExponentialAverage):
        with pytest.raises(ValueError, match="0 bars is too short"):
            make(0)
    with pytest.raises(ValueError, match="1 bars is too short"):
        Burst(innovations=1)
