"""The guardian's limits of the account: each just below, at and just above, and how each halt ends."""

from datetime import datetime, timedelta, timezone

import pytest

from tests.support.guardians import (
    DAY,
    HOUR,
    MIDNIGHT,
    MINUTE,
    NOON,
    SECOND,
    START,
    acted,
    again,
    ended,
    request,
    step,
    watched,
)
from tradewatch.facts import Entry, RiskActed
from tradewatch.systems.hydra.guardian.guardian import Guardian
from tradewatch.systems.hydra.guardian.limits import GuardianLimits

ONLY_TOTAL = GuardianLimits(daily_loss=0.9, daily_drawdown=0.9)
ONLY_TODAY = GuardianLimits(daily_loss=0.9, drawdown=0.9)


def seconds_of(entry: Entry) -> float | None:
    return entry.fact.seconds if isinstance(entry.fact, RiskActed) else None


@pytest.mark.parametrize(("equity", "halts"), [(9_800.01, False), (9_800.0, True), (9_799.99, True)])
def test_a_daily_loss_of_two_percent_stops_the_day(equity: float, halts: bool) -> None:  # noqa: FBT001 - a table
    guardian, entries = watched(START, equity)
    assert acted(entries) == (["halt daily_loss"] if halts else [])
    assert guardian.is_trading_allowed is not halts
    assert guardian.check(request(), []).allowed is not halts


@pytest.mark.parametrize("start", [0.1, 3.3, 10_000.1, 12_345.67, 1e12 / 3])
def test_a_loss_of_exactly_the_limit_trips_whatever_rounding_makes_of_it(start: float) -> None:
    guardian, _ = watched(start, start * 0.98)
    assert guardian.get_status()["halts"] == ["daily_loss"]


def test_the_halt_of_the_day_says_how_long_it_lasts_and_ends_at_midnight_in_utc() -> None:
    guardian, entries = watched(START, 9_800.0)
    assert seconds_of(entries[0]) == 12 * 3600 - 60
    assert acted(guardian.take(step(MIDNIGHT - SECOND, 9_990.0))) == []
    assert not guardian.is_trading_allowed
    assert acted(guardian.take(step(MIDNIGHT, 9_990.0))) == ["resume new_day"]
    assert guardian.is_trading_allowed


@pytest.mark.parametrize("zone", [-5, 1, 2, 14])
def test_a_day_is_one_in_utc_in_whatever_zone_it_is_told(zone: int) -> None:
    local = timezone(timedelta(hours=zone))
    guardian, _ = watched(START, 9_800.0)
    assert acted(guardian.take(step((MIDNIGHT - SECOND).astimezone(local), 9_990.0))) == []
    assert acted(guardian.take(step(MIDNIGHT.astimezone(local), 9_990.0))) == ["resume new_day"]


def test_what_it_does_is_told_in_utc() -> None:
    local = timezone(timedelta(hours=-5))
    (entry, _) = Guardian(START).take(step(NOON.astimezone(local), 9_800.0))
    assert entry.id == "guardian/2026-01-01T12:00:00+00:00/halt/daily_loss/account"
    assert seconds_of(entry) == 12 * 3600


def test_every_day_has_24_hours_when_clocks_are_changed() -> None:
    guardian = Guardian(START)
    evening = datetime.fromisoformat("2026-03-28T23:00:00+00:00")  # Europe's clocks go forward in the night
    guardian.take(step(evening, 9_800.0))
    assert acted(guardian.take(step(evening + HOUR, 9_800.0))) == ["resume new_day"]
    assert acted(guardian.take(step(evening + 2 * HOUR, 9_604.0))) == ["halt daily_loss"]
    assert acted(guardian.take(step(evening + 24 * HOUR, 9_604.0))) == []
    assert acted(guardian.take(step(evening + 25 * HOUR, 9_604.0))) == ["resume new_day"]


def test_a_day_begins_with_the_last_equity_before_it() -> None:
    guardian, _ = watched(START, 9_900.0)
    assert acted(guardian.take(step(MIDNIGHT, 9_702.01))) == []
    assert guardian.get_status()["daily_pnl"] == pytest.approx(-197.99)
    assert acted(guardian.take(step(MIDNIGHT + MINUTE, 9_702.0))) == ["halt daily_loss"]


def test_a_loss_over_midnight_stops_the_next_day_without_a_resume() -> None:
    guardian, _ = watched(START, 9_800.0)
    assert acted(guardian.take(step(MIDNIGHT, 9_604.0))) == ["halt daily_loss"]
    assert not guardian.is_trading_allowed


def test_the_loss_of_a_day_is_not_measured_from_its_peak() -> None:
    _, entries = watched(START, 10_250.0, 9_970.0)
    assert acted(entries) == []


@pytest.mark.parametrize(("equity", "on"), [(9_700.01, False), (9_700.0, True), (9_600.0, True)])
def test_a_daily_drawdown_of_three_percent_is_an_emergency(equity: float, on: bool) -> None:  # noqa: FBT001 - a table
    guardian, entries = watched(START, equity, limits=ONLY_TODAY)
    assert acted(entries) == (["emergency_on daily_drawdown"] if on else [])
    assert guardian.is_trading_allowed is not on
    assert guardian.get_status()["kill_switch"] is on
    assert guardian.get_status()["emergency"] is on


def test_a_daily_drawdown_is_measured_from_the_peak_of_the_day() -> None:
    guardian, _ = watched(START, 11_000.0, limits=ONLY_TODAY)
    assert acted(guardian.take(step(NOON + HOUR, 10_670.1))) == []
    assert acted(guardian.take(step(NOON + 2 * HOUR, 10_670.0))) == ["emergency_on daily_drawdown"]


def test_the_next_day_has_a_peak_of_its_own() -> None:
    guardian, _ = watched(START, 11_000.0, 10_700.0, limits=ONLY_TODAY)
    assert acted(guardian.take(step(MIDNIGHT, 10_400.0))) == []
    assert guardian.get_status()["daily_drawdown"] == pytest.approx(1 - 10_400 / 10_700)


def test_an_emergency_ends_by_itself_after_24_hours() -> None:
    guardian, _ = watched(START, 9_700.0, limits=ONLY_TODAY)
    began = NOON + MINUTE
    assert acted(guardian.take(step(began + DAY - SECOND, 9_700.0))) == []
    assert not guardian.is_trading_allowed
    assert acted(guardian.take(step(began + DAY, 9_700.0))) == ["emergency_off pause_over"]
    assert guardian.is_trading_allowed


def test_an_emergency_goes_on_if_the_next_day_has_one_of_its_own() -> None:
    guardian, _ = watched(START, 9_700.0, limits=ONLY_TODAY)
    assert acted(guardian.take(step(MIDNIGHT + HOUR, 9_400.0))) == []
    assert acted(guardian.take(step(NOON + MINUTE + DAY, 9_400.0))) == ["emergency_on daily_drawdown"]
    assert acted(guardian.take(step(NOON + MINUTE + 2 * DAY, 9_400.0))) == ["emergency_off pause_over"]


@pytest.mark.parametrize(("equity", "on"), [(9_400.01, False), (9_400.0, True), (5_000.0, True)])
def test_a_drawdown_of_six_percent_is_the_kill_switch(equity: float, on: bool) -> None:  # noqa: FBT001 - a table
    guardian, entries = watched(START, equity, limits=ONLY_TOTAL)
    assert acted(entries) == (["kill_switch_on drawdown"] if on else [])
    assert guardian.get_status()["kill_switch"] is on
    assert acted(guardian.take(step(NOON + 90 * DAY, equity))) == []
    assert guardian.is_trading_allowed is not on


def test_a_person_ends_the_kill_switch_and_the_peak_starts_anew() -> None:
    guardian, _ = watched(START, 9_400.0, limits=ONLY_TOTAL)
    guardian.release(NOON + MINUTE)
    assert guardian.is_trading_allowed
    assert acted(guardian.take(step(NOON + HOUR, 8_836.01))) == []
    assert acted(guardian.take(step(NOON + 2 * HOUR, 8_836.0))) == ["kill_switch_on drawdown"]


def test_a_release_before_the_kill_switch_does_not_end_it() -> None:
    guardian, _ = watched(START, 9_400.0, limits=ONLY_TOTAL)
    other = again(guardian)
    other.release(NOON + MINUTE - SECOND)
    assert other.get_status()["halts"] == ["drawdown"]
    other.release(NOON + MINUTE)
    assert other.is_trading_allowed


def test_a_release_ends_nothing_else_and_moves_no_peak_while_there_is_no_kill_switch() -> None:
    guardian, _ = watched(START, 9_700.0)
    guardian.release(NOON + MINUTE)
    assert guardian.get_status()["halts"] == ["daily_loss", "daily_drawdown"]
    assert guardian.get_status()["drawdown"] == pytest.approx(0.03)


def test_the_kill_switch_ends_by_itself_if_it_is_configured_to() -> None:
    limits = GuardianLimits(daily_loss=0.9, daily_drawdown=0.9, kill_switch_pause=24 * HOUR)
    guardian, entries = watched(START, 9_400.0, limits=limits)
    assert seconds_of(entries[0]) == 86_400.0
    assert acted(guardian.take(step(NOON + MINUTE + DAY - SECOND, 9_300.0))) == []
    assert acted(guardian.take(step(NOON + MINUTE + DAY, 9_300.0))) == ["kill_switch_off pause_over"]
    assert guardian.get_status()["drawdown"] == 0.0
    assert acted(guardian.take(step(NOON + 2 * DAY, 8_742.0))) == ["kill_switch_on drawdown"]


@pytest.mark.parametrize(
    ("losses", "multiplier", "paused"), [(2, 1.0, False), (3, 0.5, False), (4, 0.5, False), (5, 0.5, True)]
)
def test_three_losses_in_a_row_halve_the_size_and_five_pause(losses: int, multiplier: float, paused: bool) -> None:  # noqa: FBT001 - a table
    guardian = Guardian(START)
    for number in range(losses):
        guardian.take(step(NOON + number * MINUTE, closed=ended(-1.0)))
    status = guardian.get_status()
    assert status["position_size_multiplier"] == multiplier
    assert status["circuit_breaker"] is (losses >= 3)
    assert guardian.is_trading_allowed is not paused
    assert guardian.check(request(), []).size == (0.0 if paused else multiplier)


def test_five_losses_pause_for_24_hours_and_then_trading_starts_over_with_whole_sizes() -> None:
    guardian = Guardian(START)
    told = [acted(guardian.take(step(NOON + number * MINUTE, closed=ended(-1.0)))) for number in range(5)]
    assert told == [[], [], ["reduce_size losses_in_a_row"], [], ["halt losses_in_a_row"]]
    over = NOON + 4 * MINUTE + DAY
    assert acted(guardian.take(step(over - SECOND, closed=ended(-1.0, 1.0)))) == []
    assert not guardian.is_trading_allowed
    assert acted(guardian.take(step(over))) == ["resume pause_over", "restore_size pause_over"]
    assert guardian.check(request(), []) == (True, 1.0, (), ())
    assert acted(guardian.take(step(over + MINUTE, closed=ended(-1.0, -1.0)))) == []


def test_a_win_restores_the_size_and_a_scratch_does_nothing() -> None:
    guardian = Guardian(START)
    guardian.take(step(NOON, closed=ended(-1.0, 0.0, -1.0)))
    assert acted(guardian.take(step(NOON + MINUTE, closed=ended(0.0)))) == []
    assert acted(guardian.take(step(NOON + 2 * MINUTE, closed=ended(-1.0)))) == ["reduce_size losses_in_a_row"]
    assert acted(guardian.take(step(NOON + 3 * MINUTE, closed=ended(1.0)))) == ["restore_size row_broken"]


def test_trades_of_one_instant_are_one_step() -> None:
    guardian = Guardian(START)
    assert acted(guardian.take(step(NOON, closed=ended(*[-1.0] * 5, 1.0)))) == []
    assert acted(guardian.take(step(NOON + MINUTE, closed=ended(*[-1.0] * 5)))) == [
        "halt losses_in_a_row",
        "reduce_size losses_in_a_row",
    ]


def test_an_instant_is_told_once() -> None:
    guardian, _ = watched(START)
    for time in (NOON, NOON - SECOND):
        with pytest.raises(ValueError, match="an instant is one step"):
            guardian.take(step(time))


def test_several_limits_at_once_are_all_told_and_each_ends_by_itself() -> None:
    guardian = Guardian(START, GuardianLimits(kill_switch_pause=36 * HOUR))
    assert acted(guardian.take(step(NOON, 9_400.0, closed=ended(*[-120.0] * 5)))) == [
        "halt daily_loss",
        "emergency_on daily_drawdown",
        "kill_switch_on drawdown",
        "halt losses_in_a_row",
        "reduce_size losses_in_a_row",
    ]
    reasons = ("daily_loss", "daily_drawdown", "drawdown", "losses_in_a_row")
    assert guardian.check(request(), []).reasons == reasons
    assert acted(guardian.take(step(MIDNIGHT, 9_400.0))) == []  # a halt is left: no resume
    assert guardian.get_status()["halts"] == list(reasons[1:])
    assert acted(guardian.take(step(NOON + DAY, 9_400.0))) == [
        "emergency_off pause_over",
        "resume pause_over",
        "restore_size pause_over",
    ]
    assert not guardian.is_trading_allowed
    assert acted(guardian.take(step(NOON + 36 * HOUR, 9_400.0))) == ["kill_switch_off pause_over"]
    assert guardian.is_trading_allowed


@pytest.mark.parametrize("flow", [-9_700.0, -5_000.0, -600.0, 600.0, 1e6])
def test_deposits_and_withdrawals_trip_nothing_and_hide_nothing(flow: float) -> None:
    guardian = Guardian(START, GuardianLimits(daily_loss=0.9))
    assert acted(guardian.take(step(NOON, 9_750.0, flows=[flow]))) == []
    left = 9_750.0 + flow
    assert guardian.take(step(NOON + MINUTE, left)) == []
    assert guardian.get_status()["daily_pnl"] == pytest.approx(-250.0)
    assert guardian.get_status()["daily_drawdown"] == pytest.approx(0.025)
    assert acted(guardian.take(step(NOON + HOUR, left / 0.975 * 0.97))) == ["emergency_on daily_drawdown"]


def test_an_account_that_is_emptied_and_filled_again_trips_nothing() -> None:
    guardian = Guardian(START)
    for minute, (equity, flow) in enumerate([(START, -START), (0.0, 0.0), (0.0, 500.0), (500.0, 0.0)]):
        assert guardian.take(step(NOON + minute * MINUTE, equity, flows=[flow])) == []
    assert guardian.get_status()["drawdown"] == 0.0
    assert acted(guardian.take(step(MIDNIGHT, 490.0))) == ["halt daily_loss"]
