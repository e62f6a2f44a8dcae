"""The cards that every statistic passes. A new one is one line in `CARDS`; the audit finds the one that is missing."""

import copy
import pickle
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewatch import stats
from tradewatch.stats import (
    CompoundGrowth,
    Count,
    Drawdown,
    ExactSum,
    Histogram,
    Largest,
    LargestFall,
    Mean,
    Moments,
    Outcomes,
    PayoffRatio,
    ProbabilisticSharpeRatio,
    ProfitFactor,
    SharpeRatio,
    Smallest,
    SortinoRatio,
    Streak,
    TimeBelowPeak,
    ValueAtRisk,
)

# Any in this file: each statistic has its own kind of observation and value.
Observations = st.SearchStrategy[Sequence[Any]]


class Card(NamedTuple):
    """How to try a statistic: what it observes, its value before the first observation, and how scaling changes it."""

    statistic: type
    make: Callable[[], Any]
    observations: Observations
    empty: float | None
    scales_with: int | None
    """The power of a positive factor on all observations that its value follows; None: they cannot be scaled."""


def numbers(low: float, high: float, digits: int) -> Observations:
    return st.lists(st.floats(low, high).map(lambda number: round(number, digits)), max_size=30)


def timed(steps: Sequence[tuple[int, bool]]) -> list[tuple[float, bool]]:
    times = accumulate(seconds for seconds, _ in steps)
    return [(float(time), at_peak) for time, (_, at_peak) in zip(times, steps, strict=True)]


MONEY = numbers(-1e6, 1e6, 2)
EQUITY = numbers(1.0, 1e6, 2)
RETURNS = numbers(-0.5, 1.0, 4)
RESULTS = st.lists(st.sampled_from([-1, 0, 1]), max_size=30)
STEPS = st.lists(st.tuples(st.integers(1, 100), st.booleans()), max_size=30).map(timed)

CARDS = (
    Card(CompoundGrowth, lambda: CompoundGrowth(30), RETURNS, None, None),
    Card(Count, Count, MONEY, 0, 0),
    Card(Drawdown, Drawdown, EQUITY, None, 0),
    Card(ExactSum, ExactSum, MONEY, 0.0, 1),
    Card(Histogram, lambda: Histogram((-10.0, 0.0, 10.0)), MONEY, 0, 0),
    Card(Largest, Largest, MONEY, None, 1),
    Card(LargestFall, LargestFall, MONEY, None, 1),
    Card(Mean, Mean, MONEY, None, 1),
    Card(Moments, Moments, MONEY, None, 1),
    Card(Outcomes, Outcomes, MONEY, None, 0),
    Card(PayoffRatio, PayoffRatio, MONEY, None, 0),
    Card(ProbabilisticSharpeRatio, ProbabilisticSharpeRatio, RETURNS, None, 0),
    Card(ProfitFactor, ProfitFactor, MONEY, None, 0),
    Card(SharpeRatio, lambda: SharpeRatio(365), RETURNS, None, 0),
    Card(Smallest, Smallest, MONEY, None, 1),
    Card(SortinoRatio, lambda: SortinoRatio(365), RETURNS, None, 0),
    Card(Streak, lambda: Streak(-1), RESULTS, 0, 0),
    Card(TimeBelowPeak, TimeBelowPeak, STEPS, None, None),
    Card(ValueAtRisk, lambda: ValueAtRisk(25), RETURNS, None, 1),
)
every_statistic = pytest.mark.parametrize("card", CARDS, ids=lambda card: card.statistic.__name__)


def of(card: Card, observations: Sequence[Any]) -> Any:
    statistic = card.make()
    for observation in observations:
        statistic.update(observation)
    return statistic


def same(one: float | None, other: float | None) -> bool:
    return one == other if one is None or other is None else one == pytest.approx(other, rel=1e-12, abs=1e-12)


def test_no_public_statistic_escapes_the_cards() -> None:
    public = {getattr(stats, name) for name in stats.__all__}
    not_statistics = {stats.Statistic, stats.Window}
    assert public - not_statistics == {card.statistic for card in CARDS}


@every_statistic
def test_before_the_first_observation_it_is_undefined_or_empty(card: Card) -> None:
    assert card.make().value == card.empty


@every_statistic
@given(data=st.data())
def test_merging_any_split_is_updating_one_by_one(card: Card, data: st.DataObject) -> None:
    observations = data.draw(card.observations)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(observations)), max_size=4)))
    merged = card.make()
    for start, end in zip([0, *cuts], [*cuts, len(observations)], strict=True):
        merged.merge(of(card, observations[start:end]))
    assert same(merged.value, of(card, observations).value)


@every_statistic
@given(data=st.data())
def test_merging_is_associative(card: Card, data: st.DataObject) -> None:
    observations = data.draw(card.observations)
    first, second = sorted(data.draw(st.tuples(*[st.integers(0, len(observations))] * 2)))
    left, right = of(card, observations[:first]), of(card, observations[first:second])
    left.merge(of(card, observations[first:second]))
    left.merge(of(card, observations[second:]))
    right.merge(of(card, observations[second:]))
    whole = of(card, observations[:first])
    whole.merge(right)
    assert same(left.value, whole.value)


@every_statistic
@given(data=st.data())
def test_merging_leaves_the_other_one_as_it_was(card: Card, data: st.DataObject) -> None:
    observations = data.draw(card.observations)
    cut = data.draw(st.integers(0, len(observations)))
    one, other = of(card, observations[:cut]), of(card, observations[cut:])
    before = copy.deepcopy(other)
    one.merge(other)
    for observation in observations[cut:]:
        one.update(observation)
    assert other.value == before.value


@pytest.mark.parametrize(
    "card", [card for card in CARDS if hasattr(card.statistic, "extend")], ids=lambda card: card.statistic.__name__
)
@given(data=st.data())
def test_many_at_once_are_the_same_as_one_by_one(card: Card, data: st.DataObject) -> None:
    observations = data.draw(card.observations)
    first, second = sorted(data.draw(st.tuples(*[st.integers(0, len(observations))] * 2)))
    some, rest = of(card, observations[:first]), observations[second:]
    some.extend(observations[first:second])
    for observation in rest:
        some.update(observation)
    assert some.value == of(card, observations).value
    assert _state(some) == _state(of(card, observations))


def _state(statistic: Any) -> Any:
    """Return all that a statistic remembers; an exact sum may remember the same amount in other terms."""
    if isinstance(statistic, ExactSum):
        return statistic.value
    if not hasattr(statistic, "__slots__"):
        return statistic
    return {name: _state(getattr(statistic, name)) for name in statistic.__slots__}


@every_statistic
@given(data=st.data())
def test_scaling_all_observations_scales_the_value_as_declared(card: Card, data: st.DataObject) -> None:
    if card.scales_with is None:
        return
    observations = data.draw(card.observations)
    factor = data.draw(st.sampled_from([0.25, 2.0, 1024.0]))  # powers of two: exact
    value = of(card, observations).value
    scaled = of(card, [observation * factor for observation in observations]).value
    assert same(scaled, None if value is None else value * factor**card.scales_with)


@every_statistic
@given(data=st.data())
def test_it_comes_back_from_storage_and_goes_on(card: Card, data: st.DataObject) -> None:
    observations = data.draw(card.observations)
    cut = data.draw(st.integers(0, len(observations)))
    stored = pickle.loads(pickle.dumps(of(card, observations[:cut])))  # noqa: S301 - our own bytes
    for observation in observations[cut:]:
        stored.update(observation)
    assert stored.value == of(card, observations).value


@every_statistic
@settings(max_examples=5)
@given(data=st.data())
def test_memory_is_bounded(card: Card, data: st.DataObject) -> None:
    observations = data.draw(card.observations.filter(len))

    def size(times: int) -> int:
        statistic = card.make()
        for _ in range(times):
            for observation in observations:
                statistic.update(observation)
        return len(pickle.dumps(statistic))

    assert size(400) <= size(40) + 2_000


@every_statistic
@given(data=st.data())
def test_reading_changes_nothing(card: Card, data: st.DataObject) -> None:
    observations = data.draw(card.observations)
    read = card.make()
    for observation in observations:
        read.update(observation)
        assert read.value == read.value
    assert read.value == of(card, observations).value
