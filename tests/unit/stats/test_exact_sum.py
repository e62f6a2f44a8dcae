"""Sums that lose nothing, by name."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewatch.stats import ExactSum


def sum_of(*numbers: float) -> ExactSum:
    total = ExactSum()
    for number in numbers:
        total.update(number)
    return total


def test_small_terms_survive_huge_ones() -> None:
    assert sum_of(1.0, 1e100, 1e50, 3.0, -1e50, -1e100).value == 4.0


def test_a_million_alternating_tiny_trades_add_up_to_nothing() -> None:
    total = ExactSum()
    for _ in range(500_000):
        total.update(0.1)
        total.update(-0.1)
    assert total.value == 0.0


def test_a_million_equal_trades_are_rounded_once() -> None:
    total = ExactSum()
    for _ in range(1_000_000):
        total.update(0.1)
    assert total.value == float(Fraction(0.1) * 1_000_000)


@given(st.lists(st.floats(-1e30, 1e30), max_size=400))
def test_it_is_the_correctly_rounded_sum(numbers: list[float]) -> None:
    assert sum_of(*numbers).value == float(sum(map(Fraction, numbers)))


@given(st.lists(st.floats(-1e30, 1e30), max_size=100), st.lists(st.floats(-1e30, 1e30), max_size=100))
def test_a_sum_made_of_its_terms_is_the_same_one(before: list[float], after: list[float]) -> None:
    total = sum_of(*before)
    other = sum_of(*total.terms)
    assert len(total.terms) <= len(before)
    total.extend(after)
    other.extend(after)
    assert other.value == total.value


@pytest.mark.parametrize("count", [10, 1_000, 100_000])
def test_memory_does_not_grow(count: int) -> None:
    total = sum_of(*(1 / (1 + number) for number in range(count)))
    assert len(total._terms) <= ExactSum._LONGEST  # noqa: SLF001 - memory is what is tested
