"""Histograms, by numbers that can be counted by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewatch.stats import Histogram

BOUNDS = (-1.0, 0.0, 10.0)


@pytest.mark.parametrize(
    ("observation", "cumulative"),
    [(-1.1, [1, 1, 1]), (-1.0, [1, 1, 1]), (-0.9, [0, 1, 1]), (0.0, [0, 1, 1]), (10.0, [0, 0, 1]), (10.1, [0, 0, 0])],
)
def test_a_bucket_holds_its_upper_bound(observation: float, cumulative: list[int]) -> None:
    for take in (Histogram.update, lambda histogram, number: histogram.extend([number])):
        histogram = Histogram(BOUNDS)
        take(histogram, observation)
        assert (histogram.cumulative, histogram.value, histogram.total) == (cumulative, 1, observation)


def test_the_sum_is_exact() -> None:
    histogram = Histogram(BOUNDS)
    histogram.extend([1.0, 1e100, 1e50, 3.0, -1e50, -1e100])
    assert histogram.total == 4.0


@given(st.lists(st.floats(-20, 20)))
def test_many_at_once_are_as_one_by_one(observations: list[float]) -> None:
    one, many = Histogram(BOUNDS), Histogram(BOUNDS)
    many.extend(observations)
    for observation in observations:
        one.update(observation)
    assert (one.cumulative, one.value, one.total) == (many.cumulative, many.value, many.total)
    assert many.cumulative == [sum(number <= bound for number in observations) for bound in BOUNDS]


def test_those_with_other_bounds_do_not_join() -> None:
    with pytest.raises(ValueError, match="cannot join"):
        Histogram(BOUNDS).merge(Histogram((1.0,)))


@pytest.mark.parametrize("bounds", [(), (1.0, 1.0), (2.0, 1.0)])
def test_bounds_must_rise(bounds: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="must rise"):
        Histogram(bounds)
