import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewatch.systems.hydra.repeats import AGAIN_AFTER, Repeats

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_the_first_is_told_and_the_next_after_an_hour_with_what_was_passed_over() -> None:
    repeats = Repeats()
    moments = [timedelta(0), SECOND, AGAIN_AFTER - SECOND, AGAIN_AFTER, AGAIN_AFTER + SECOND, 3 * AGAIN_AFTER]
    assert [repeats.take(NOON + each, "a") for each in moments] == [0, None, None, 2, None, 1]


def test_kinds_do_not_know_of_each_other() -> None:
    repeats = Repeats()
    assert [repeats.take(NOON, *kind) for kind in (("a",), ("a", "b"), ("b",), ("a",))] == [0, 0, 0, None]


@given(st.lists(st.tuples(st.integers(0, 3_000), st.sampled_from("ab")), max_size=60))
def test_each_is_told_or_counted_later_and_a_restart_is_not_noticed(seen: list[tuple[int, str]]) -> None:
    repeats, now, told, counted = Repeats(), NOON, 0, 0
    for wait, kind in seen:
        now += wait * SECOND
        again = Repeats()
        again.restore(json.loads(json.dumps(repeats.state())))
        silent = again.take(now, kind)
        assert silent == repeats.take(now, kind)
        told += silent is not None
        counted += silent or 0
    left = sum(silent for _, _, silent in repeats.state())
    assert told + counted + left == len(seen)


@pytest.mark.parametrize("kind", [("engine/X", "vote_failed"), ("",)])
def test_a_state_is_plain(kind: tuple[str, ...]) -> None:
    repeats = Repeats()
    repeats.take(NOON, *kind)
    assert repeats.state() == [[list(kind), NOON.isoformat(), 0]]
