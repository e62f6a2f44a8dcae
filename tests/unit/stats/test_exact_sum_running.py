"""The sums after each of many numbers are those that one by one would give."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewatch.stats import ExactSum

AMOUNTS = st.lists(st.floats(-1e30, 1e30) | st.floats(-100.0, 100.0).map(lambda amount: round(amount, 2)))


def one_by_one(total: ExactSum, amounts: Sequence[float]) -> list[float]:
    sums = []
    for amount in amounts:
        total.update(amount)
        sums.append(total.value)
    return sums


@given(before=AMOUNTS, amounts=AMOUNTS)
def test_they_are_the_sums_of_one_by_one(before: Sequence[float], amounts: Sequence[float]) -> None:
    total, other = ExactSum(), ExactSum()
    total.extend(before)
    other.extend(before)
    assert total.running(amounts) == one_by_one(other, amounts)
    assert total.less(other) == 0.0


@pytest.mark.parametrize(
    "amounts",
    [
        (1.0, 1e100, 1e50, 3.0, -1e50, -1e100),  # no two floats hold these
        (1e16, 1.0, 1e-16, -1e16, -1.0),  # what is small is all that is left
        (2.0**53, 1.0, 2.0**-60, -(2.0**53)),  # half way between two floats, and a little more
        (),
    ],
)
def test_nothing_is_lost_where_sizes_are_far_apart(amounts: Sequence[float]) -> None:
    total, other = ExactSum(), ExactSum()
    assert total.running(amounts) == one_by_one(other, amounts)
    assert total.less(other) == 0.0
