"""Chance decides always at first, then more and more seldom."""

from collections import Counter
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.toy_market import draws
from tradewatch.systems.velocitytrader.learning import Chance, Exploration
from tradewatch.systems.velocitytrader.temperament import BERSERKER, SNIPER, Temperament

EXPLORATION = Exploration(floor=0.1, scale=1_000.0)


@pytest.mark.parametrize(("agent", "floor", "reached"), [(BERSERKER, 0.15, 3_795), (SNIPER, 0.05, 5_992)])
def test_the_agents_explore_from_1_down_to_their_floors(agent: Temperament, floor: float, reached: int) -> None:
    rate = agent.exploration.rate
    assert rate(0) == 1.0
    assert rate(2_000) == pytest.approx(exp(-1))
    assert rate(reached - 1) > floor
    assert rate(reached) == rate(10**9) == floor


@given(one=st.integers(0, 10**6), other=st.integers(0, 10**6))
def test_the_rate_never_rises(one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    assert 1 >= EXPLORATION.rate(fewer) >= EXPLORATION.rate(more) >= 0.1


@pytest.mark.parametrize("experiences", [0, 700, 10**6])
def test_chance_chooses_as_often_as_the_rate_says_and_every_action_alike(experiences: int) -> None:
    chance = Chance(1, "test")
    chosen = Counter(EXPLORATION.action(experiences, chance.stream(number)) for number in range(20_000))
    each = EXPLORATION.rate(experiences) / 3
    for action in range(3):
        assert chosen[action] / 20_000 == pytest.approx(each, abs=5 * (each * (1 - each) / 20_000) ** 0.5)


def test_streams_of_chance_are_repeatable_and_their_own() -> None:
    def first(seed: int, purpose: str, number: int) -> float:
        return Chance(seed, purpose).stream(number).random()

    assert first(1, "a", 5) == first(1, "a", 5)
    numbers = [first(seed, purpose, number) for seed in (1, 2) for purpose in "ab" for number in range(50)]
    assert len(set(numbers)) == 200
    assert draws("x").random() != draws("y").random()
