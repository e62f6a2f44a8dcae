"""Clocks: time never goes back, and a wait can be broken off."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from tradewatch.market import clock as module
from tradewatch.market.clock import CatchUpClock, SimulatedClock, WallClock

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class SetBack(datetime):
    """A system clock that was set back by an hour."""

    @classmethod
    def now(cls, _tz: object = None) -> datetime:  # type: ignore[override]  # the one that is asked
        return datetime.now(UTC) - timedelta(hours=1)


def test_a_clock_that_was_set_back_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = WallClock()
    before = clock.now()
    monkeypatch.setattr(module, "datetime", SetBack)
    assert clock.wait_until(before + SECOND / 10)
    assert before + SECOND / 10 <= clock.now() <= before + 5 * SECOND


def test_a_wait_is_broken_off_and_all_that_follow() -> None:
    clock = WallClock()
    clock.stop()
    began = time.monotonic()
    assert not clock.wait_until(clock.now() + timedelta(hours=1))
    assert time.monotonic() - began < 5


def test_a_moment_that_has_passed_is_not_waited_for() -> None:
    assert WallClock().wait_until(NOON - timedelta(days=10_000))


def test_a_clock_that_catches_up_stands_at_the_moments_it_was_asked_for() -> None:
    clock = CatchUpClock(NOON, WallClock())
    assert clock.wait_until(NOON + SECOND)
    assert clock.now() == NOON + SECOND
    clock.stop()
    assert not clock.wait_until(NOON + 2 * SECOND)
    assert clock.now() == NOON + SECOND


def test_a_simulated_clock_does_not_move_once_it_was_stopped() -> None:
    clock = SimulatedClock(NOON)
    clock.stop()
    assert not clock.wait_until(NOON + SECOND)
    assert clock.now() == NOON
