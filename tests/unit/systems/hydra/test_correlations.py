"""Correlations: against the textbook's formula, and where there is none."""

from datetime import timedelta
from itertools import pairwise
from math import exp, log
from statistics import correlation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.guardians import MINUTE, NOON
from tradewatch.systems.hydra.guardian.correlations import FEWEST, WINDOW, Correlations

moves = st.lists(st.tuples(st.floats(-0.05, 0.05), st.floats(-0.05, 0.05)), min_size=FEWEST + 1, max_size=200)


def watched(prices: list[tuple[float, float]]) -> Correlations:
    correlations = Correlations()
    for minute, (one, other) in enumerate(prices):
        correlations.observe(NOON + minute * MINUTE, {"A": one, "B": other})
    return correlations


def returns(prices: list[float]) -> list[float]:
    return [log(after / before) for before, after in pairwise(prices)]


@given(moves)
def test_it_is_that_of_the_standard_library_over_the_window(moved: list[tuple[float, float]]) -> None:
    prices = [(10 * exp(one), 3 * exp(other)) for one, other in moved]
    mine, others = (returns([each[side] for each in prices[-WINDOW - 1 :]]) for side in (0, 1))
    if max(mine) - min(mine) > 1e-6 and max(others) - min(others) > 1e-6:
        assert watched(prices).between("A", "B") == pytest.approx(correlation(mine, others), abs=1e-6)


def test_an_asset_moves_as_itself_and_nothing_is_known_of_strangers() -> None:
    correlations = Correlations()
    assert correlations.between("A", "A") == 1.0
    assert correlations.between("A", "B") is None


def test_few_returns_and_a_price_that_stands_still_say_nothing() -> None:
    prices = [(10.0 + minute % 3, 5.0 + minute % 3) for minute in range(FEWEST + 1)]
    assert watched(prices[:-1]).between("A", "B") is None
    assert watched(prices).between("A", "B") == pytest.approx(1.0, abs=0.05)
    assert watched([(one, 5.0) for one, _ in prices]).between("A", "B") is None


def test_only_prices_of_the_same_moment_are_compared() -> None:
    together, apart = Correlations(), Correlations()
    for minute in range(100):
        time, price = NOON + minute * MINUTE, 10.0 + (minute * 7) % 5
        together.observe(time, {"A": price, "B": 2 * price})
        apart.observe(time, {"A": price})
        apart.observe(time + timedelta(seconds=1), {"B": 2 * price})
    assert together.between("A", "B") == pytest.approx(1.0)
    assert apart.between("A", "B") is None
