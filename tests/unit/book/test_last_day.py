"""The outcomes of the last 24 hours are those of the trades that closed in them, one by one."""

import pickle

from hypothesis import given
from hypothesis import strategies as st

from tradewatch.book.last_day import LastDay
from tradewatch.book.unix_time import DAY
from tradewatch.stats import Outcomes

GAPS = st.sampled_from([0.0, 1.0, DAY / 3, DAY - 1, float(DAY), 2.5 * DAY])
TRADES = st.lists(st.tuples(GAPS, st.sampled_from([1, -1, 0])), max_size=40)


def counts(outcomes: Outcomes) -> tuple[int, int, int]:
    return outcomes.wins, outcomes.losses, outcomes.scratches


def test_what_closed_24_hours_ago_is_not_of_the_day_any_more() -> None:
    day = LastDay()
    assert counts(day.at(0.0)) == (0, 0, 0)
    day.extend([0.0, 1.0, DAY - 1.0], [1, -1, 0])
    assert counts(day.at(DAY - 1.0)) == (1, 1, 1)
    assert counts(day.at(DAY)) == (0, 1, 1)
    assert counts(day.at(DAY + 1.0)) == (0, 0, 1)
    assert counts(day.at(3.0 * DAY)) == (0, 0, 0)


@given(st.lists(TRADES, max_size=6), GAPS)
def test_counts_are_those_of_each_trade_looked_at(batches: list[list[tuple[float, int]]], later: float) -> None:
    day, now, told = LastDay(), 1_700_000_000.0, list[tuple[float, int]]()
    for batch in batches:
        closed = []
        for gap, _ in batch:
            now += gap
            closed.append(now)
        results = [result for _, result in batch]
        told += zip(closed, results, strict=True)
        day.extend(closed, results)
        at = now + later
        inside = [result for time, result in told if at - DAY < time]
        assert counts(day.at(at)) == (inside.count(1), inside.count(-1), inside.count(0))


def test_a_day_is_forgotten_once_it_is_the_larger_part() -> None:
    day = LastDay()
    for number in range(100):
        day.extend([number * DAY / 10], [1])
        assert len(pickle.dumps(day)) < 1_000
