"""Wilder's average by a table, and what tells it from other averages."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewatch.indicators.wilder_average import WilderAverage


def average_of(*numbers: float, period: int) -> float | None:
    average = WilderAverage(period)
    for number in numbers:
        average.update(number)
    return average.value


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((), None),
        ((6, 3, 3), None),
        ((6, 3, 3, 0), 3),
        ((6, 3, 3, 0, 7), 4),  # 3 + (7 - 3) / 4; an exponential average with weight 2/5 says 4.6, a moving one 3.25
        ((6, 3, 3, 0, 7, 0), 3),
    ],
)
def test_a_table_by_hand(numbers: tuple[float, ...], expected: float | None) -> None:
    assert average_of(*numbers, period=4) == expected


@given(st.lists(st.floats(0, 1e6), min_size=5, max_size=60))
def test_a_wilder_sum_is_the_period_times_it(numbers: list[float]) -> None:
    wilder_sum = sum(map(Fraction, numbers[:5]), start=Fraction(0))
    for number in numbers[5:]:
        wilder_sum += Fraction(number) - wilder_sum / 5
    assert average_of(*numbers, period=5) == pytest.approx(float(wilder_sum / 5), rel=1e-14, abs=1e-300)


def test_what_it_started_from_does_not_stay_in_memory() -> None:
    average = WilderAverage(3)
    for number in range(9):
        average.update(number)
    assert average._first == []  # noqa: SLF001 - memory is what is tested
