"""The cards that every statistic passes. A new one is one line in `CARDS`; the audit finds the one that is missing."""

import copy
import pickle
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewatch import stats
from tradewatch.stats import Count, Drawdown, ExactSum, Mean, Outcomes, ProfitFactor

# Any in this file: each statistic has its own kind of observation and value.


class Card(NamedTuple):
    """How to try a statistic: what it observes, its value before the first observation, and how scaling changes it."""

    make: Callable[[], Any]
    observations: st.SearchStrategy[Any]
    empty: float | None
    scales_with: int | None
    """The power of a positive factor on all observations that its value follows; None: it is not about sizes."""


MONEY = st.floats(-1e6, 1e6).map(lambda amount: round(amount, 2))
CARDS = (
    Card(Count, MONEY, 0, 0),
    Card(Drawdown, st.floats(1.0, 1e6), None, 0),
    Card(ExactSum, MONEY, 0.0, 1),
    Card(Mean, MONEY, None, 1),
    Card(Outcomes, MONEY, None, 0),
    Card(ProfitFactor, MONEY, None, 0),
)
every_statistic = pytest.mark.parametrize("card", CARDS, ids=lambda card: card.make.__name__)


def of(card: Card, observations: Sequence[Any]) -> Any:
    statistic = card.make()
    for observation in observations:
        statistic.update(observation)
    return statistic


def same(one: float | None, other: float | None) -> bool:
    return one == other if one is None or other is None else one == pytest.approx(other, rel=1e-12, abs=1e-12)


def test_no_public_statistic_escapes_the_cards() -> None:
    public = {getattr(stats, name) for name in stats.__all__} - {stats.Statistic}
    assert public == {card.make for card in CARDS}


@every_statistic
def test_before_the_first_observation_it_is_undefined_or_empty(card: Card) -> None:
    assert card.make().value == card.empty


@every_statistic
@given(data=st.data())
def test_merging_any_split_is_updating_one_by_one(card: Card, data: st.DataObject) -> None:
    observations = data.draw(st.lists(card.observations, max_size=30))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(observations)), max_size=4)))
    merged = card.make()
    for start, end in zip([0, *cuts], [*cuts, len(observations)], strict=True):
        merged.merge(of(card, observations[start:end]))
    assert same(merged.value, of(card, observations).value)


@every_statistic
@given(data=st.data())
def test_merging_leaves_the_other_one_as_it_was(card: Card, data: st.DataObject) -> None:
    first, second = (data.draw(st.lists(card.observations, max_size=10)) for _ in range(2))
    one, other = of(card, first), of(card, second)
    before = copy.deepcopy(other)
    one.merge(other)
    one.update(data.draw(card.observations))
    assert other.value == before.value


@every_statistic
@given(data=st.data())
def test_scaling_all_observations_scales_the_value_as_declared(card: Card, data: st.DataObject) -> None:
    observations = data.draw(st.lists(card.observations, max_size=30))
    factor = data.draw(st.sampled_from([0.25, 2.0, 1024.0]))  # powers of two: exact
    value = of(card, observations).value
    scaled = of(card, [observation * factor for observation in observations]).value
    expected = value if value is None or card.scales_with is None else value * factor**card.scales_with
    assert same(scaled, expected)


@every_statistic
@given(data=st.data())
def test_it_comes_back_from_storage_and_goes_on(card: Card, data: st.DataObject) -> None:
    first, second = (data.draw(st.lists(card.observations, max_size=20)) for _ in range(2))
    stored = pickle.loads(pickle.dumps(of(card, first)))  # noqa: S301 - our own bytes
    for observation in second:
        stored.update(observation)
    assert stored.value == of(card, [*first, *second]).value


@every_statistic
def test_memory_is_bounded(card: Card) -> None:
    def size(count: int) -> int:
        return len(pickle.dumps(of(card, [1.0 + number / 7 for number in range(count)])))

    assert size(20_000) <= size(2_000) + 2_000


@every_statistic
@given(data=st.data())
def test_reading_changes_nothing(card: Card, data: st.DataObject) -> None:
    observations = data.draw(st.lists(card.observations, max_size=20))
    read = card.make()
    for observation in observations:
        read.update(observation)
        assert read.value == read.value
    assert read.value == of(card, observations).value
