"""What the guardian says of itself: its status, its level, its ids, and that a restart changes nothing of it."""

from typing import Any

import pytest

from tests.support.guardians import (
    HOUR,
    MINUTE,
    NOON,
    START,
    again,
    ended,
    step,
    watched,
)
from tradewatch.errors import ConfigurationError
from tradewatch.facts import RiskActed, RiskAction
from tradewatch.systems.hydra.guardian.guardian import Guardian, GuardianLevel
from tradewatch.systems.hydra.guardian.limits import GuardianLimits


def test_the_status_says_what_the_account_has_done() -> None:
    guardian = Guardian(START)
    guardian.take(step(NOON, 10_100.0, balance=10_200.0))
    guardian.take(step(NOON + HOUR, 9_950.0, balance=10_050.0, flows=[-1_990.0]))
    status = guardian.get_status()
    assert status["account_balance"] == 8_060.0
    assert status["peak_balance"] == pytest.approx(10_200 * 8_060 / 10_050)
    assert status["daily_pnl"] == pytest.approx(-50.0)
    assert status["daily_loss"] == pytest.approx(0.005)
    assert status["loss_budget_used_ratio"] == pytest.approx(0.25)
    assert status["drawdown"] == pytest.approx(1 - 9_950 / 10_100)


@pytest.mark.parametrize(("equity", "used"), [(10_100.0, 0.0), (START, 0.0), (9_900.0, 0.5), (9_600.0, 2.0)])
def test_the_loss_budget_is_used_by_losses_alone_and_may_be_overdrawn(equity: float, used: float) -> None:
    assert watched(START, equity)[0].loss_budget_used_ratio == pytest.approx(used)


@pytest.mark.parametrize(
    ("equity", "level", "warnings"),
    [(9_840.1, 1, []), (9_840.0, 2, ["daily_loss"]), (9_800.0, 3, ["daily_loss"]), (10_050.0, 1, [])],
)
def test_the_level_is_a_warning_from_80_percent_of_a_limit(equity: float, level: int, warnings: list[str]) -> None:
    guardian, entries = watched(START, equity)
    assert guardian.level == level
    assert guardian.get_status()["warnings"] == warnings
    facts = [entry.fact for entry in entries if isinstance(entry.fact, RiskActed)]
    assert [fact.reason for fact in facts if fact.action is RiskAction.WARN] == warnings
    guardian.take(step(NOON + HOUR, START))
    assert guardian.level == (3 if level == 3 else 1)


def test_a_warning_is_told_when_it_begins_and_when_it_is_over() -> None:
    guardian, _ = watched(START, 9_840.0)
    assert guardian.take(step(NOON + HOUR, 9_830.0)) == []
    (entry,) = guardian.take(step(NOON + 2 * HOUR, 9_900.0))
    assert entry.fact == RiskActed(action=RiskAction.WARNING_OVER, reason="daily_loss")


def test_a_guardian_that_was_told_nothing_is_not_running_and_a_reduced_size_is_a_warning() -> None:
    guardian = Guardian(START)
    levels = [guardian.level]
    guardian.take(step(NOON, closed=ended(-1.0, -1.0)))
    levels.append(guardian.level)
    guardian.take(step(NOON + MINUTE, closed=ended(-1.0)))
    levels.append(guardian.level)
    assert levels == [GuardianLevel.NOT_RUNNING, GuardianLevel.NORMAL, GuardianLevel.WARNING]


def test_what_it_does_has_ids_that_a_second_telling_repeats() -> None:
    first, second = (watched(START, 9_300.0)[1] for _ in range(2))
    assert first == second
    assert len({entry.id for entry in first}) == len(first) == 6
    assert first[0].id == "guardian/2026-01-01T12:01:00+00:00/halt/daily_loss/account"


@pytest.mark.parametrize("equity", [9_990.0, 9_840.0, 9_800.0, 9_700.0, 9_400.0])
@pytest.mark.parametrize("losses", [2, 3, 5])
def test_a_restart_in_the_middle_of_anything_changes_nothing(equity: float, losses: int) -> None:
    guardian = Guardian(START, GuardianLimits(kill_switch_pause=36 * HOUR))
    guardian.take(step(NOON, equity, closed=ended(*[-1.0] * losses), flows=[50.0], regimes={"BTC-USD": "CHOPPY"}))
    for hours in (1, 3, 11, 12, 23, 24, 25, 36, 40):
        other = again(guardian)
        assert other.state() == guardian.state()
        assert other.get_status() == guardian.get_status()
        following = step(NOON + hours * HOUR, equity + 50.0, closed=ended(-1.0))
        assert other.take(following) == guardian.take(following)
        guardian = other


@pytest.mark.parametrize(
    "wrong",
    [
        {"daily_loss": 0.0},
        {"drawdown": 1.5},
        {"positions": 0},
        {"pause": 0 * HOUR},
        {"kill_switch_pause": -HOUR},
        {"losses_to_pause": 2},
    ],
)
def test_limits_that_make_no_sense_are_refused_by_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(wrong))):
        GuardianLimits(**wrong)
