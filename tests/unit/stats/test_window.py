"""A window equals the statistic of what lies in it, and forgets without a trace."""

from collections.abc import Sequence
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewatch.stats import Mean, Moments, Window


def moments_of(*numbers: float) -> Moments:
    moments = Moments()
    for number in numbers:
        moments.update(number)
    return moments


@given(
    steps=st.lists(st.tuples(st.integers(0, 5), st.floats(-1e3, 1e3)), max_size=60),
    length=st.integers(1, 20),
)
def test_it_is_the_statistic_of_what_lies_in_it(steps: Sequence[tuple[int, float]], length: int) -> None:
    window: Window[Moments] = Window(Moments, length)
    positions = list(accumulate(gap for gap, _ in steps))
    for index, (position, (_, number)) in enumerate(zip(positions, steps, strict=True)):
        window.add(position, moments_of(number))
        inside = [steps[each][1] for each in range(index + 1) if positions[each] > position - length]
        expected, found = moments_of(*inside), window.at(position)
        assert found.count == expected.count
        assert found.mean == pytest.approx(expected.mean, rel=1e-12, abs=1e-12)


def test_an_outlier_that_has_left_leaves_no_trace() -> None:
    window: Window[Moments] = Window(Moments, 10)
    numbers = [float(number % 7) for number in range(100)]
    numbers[40] = 1e8
    for position, number in enumerate(numbers):
        window.add(position, moments_of(number))
        window.at(position)
    assert window.at(99).value == moments_of(*numbers[90:]).value


def test_an_empty_window_is_an_empty_statistic() -> None:
    window: Window[Mean] = Window(Mean, 5)
    assert window.at(100).value is None
