"""The risk manager: each limit just below, at and just above, and how each halt ends."""

from datetime import UTC, datetime, timedelta

import pytest

from tradewatch.facts import Entry, RiskActed, RiskAction
from tradewatch.systems.velocitytrader.risk import Limits, RiskManager

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MIDNIGHT = datetime(2026, 1, 2, tzinfo=UTC)


def acted(entries: list[Entry]) -> list[tuple[RiskAction, str, str]]:
    facts = [entry.fact for entry in entries if isinstance(entry.fact, RiskActed)]
    return [(fact.action, fact.reason, fact.scope) for fact in facts]


def watched(*equities: float, limits: Limits | None = None) -> tuple[RiskManager, list[Entry]]:
    """Return a manager that saw these equities, a minute apart, and what the last one made it do."""
    manager = RiskManager(equities[0], limits)
    entries: list[Entry] = []
    for minute, equity in enumerate(equities):
        entries = manager.watch(NOON + timedelta(minutes=minute), equity)
    return manager, entries


@pytest.mark.parametrize(("equity", "halts"), [(9_500.01, False), (9_500.0, True), (9_400.0, True)])
def test_a_daily_loss_of_five_percent_halts_the_day(equity: float, halts: bool) -> None:  # noqa: FBT001 - a table
    manager, entries = watched(10_000.0, equity)
    assert acted(entries) == ([(RiskAction.HALT, "daily_loss", "account")] if halts else [])
    assert manager.allows("sniper") is not halts


def test_the_day_is_measured_from_midnight_not_from_the_peak() -> None:
    manager, entries = watched(10_000.0, 11_000.0, 9_600.0)
    assert entries == []
    assert manager.allows("sniper")


def test_the_next_day_trades_again_and_measures_from_its_own_start() -> None:
    manager, _ = watched(10_000.0, 9_400.0)
    assert acted(manager.watch(MIDNIGHT - timedelta(minutes=1), 9_400.0)) == []
    assert not manager.allows("sniper")
    assert acted(manager.watch(MIDNIGHT, 9_400.0)) == [(RiskAction.RESUME, "new_day", "account")]
    assert manager.allows("sniper")
    assert acted(manager.watch(MIDNIGHT + HOUR, 8_930.1)) == []
    assert acted(manager.watch(MIDNIGHT + HOUR, 8_930.0)) == [(RiskAction.HALT, "daily_loss", "account")]


@pytest.mark.parametrize(("equity", "halts"), [(7_000.1, False), (7_000.0, True), (6_000.0, True)])
def test_a_drawdown_of_thirty_percent_halts_until_somebody_says_so(
    equity: float,
    halts: bool,  # noqa: FBT001 - a table
) -> None:
    manager, entries = watched(10_000.0, equity, limits=Limits(daily_loss=0.99))
    assert acted(entries) == ([(RiskAction.KILL_SWITCH_ON, "drawdown", "account")] if halts else [])
    assert manager.allows("sniper") is not halts
    manager.watch(MIDNIGHT + 30 * 24 * HOUR, equity)
    assert manager.allows("sniper") is not halts


def test_a_release_sets_the_peak_anew_and_is_nothing_without_a_halt() -> None:
    manager, _ = watched(10_000.0, 6_000.0, limits=Limits(daily_loss=0.99))
    manager.release(NOON - HOUR, 6_000.0)  # before the halt: nobody had seen it
    assert not manager.allows("sniper")
    manager.release(NOON + HOUR / 2, 6_000.0)
    assert manager.allows("sniper")
    manager.release(NOON + HOUR, 1.0)
    assert manager.watch(NOON + HOUR, 4_201.0) == []
    assert acted(manager.watch(NOON + HOUR, 4_200.0)) == [(RiskAction.KILL_SWITCH_ON, "drawdown", "account")]


@pytest.mark.parametrize(("losses", "halts"), [(4, False), (5, True)])
def test_five_losses_in_a_row_pause_an_agent_for_four_hours(losses: int, halts: bool) -> None:  # noqa: FBT001 - a table
    manager = RiskManager(10_000.0)
    manager.watch(NOON, 10_000.0)
    entries = [entry for _ in range(losses) for entry in manager.settle(NOON, "sniper", won=False, lost=True)]
    assert acted(entries) == ([(RiskAction.HALT, "losses_in_a_row", "sniper")] if halts else [])
    assert manager.allows("sniper") is not halts
    assert manager.allows("berserker")
    assert manager.watch(NOON + 4 * HOUR - timedelta(seconds=1), 10_000.0) == []
    resumed = [(RiskAction.RESUME, "pause_over", "sniper")] if halts else []
    assert acted(manager.watch(NOON + 4 * HOUR, 10_000.0)) == resumed
    assert manager.allows("sniper")


def test_a_win_starts_the_count_over_and_a_scratch_does_not() -> None:
    manager = RiskManager(10_000.0)
    outcomes = [(False, True)] * 4 + [(True, False)] + [(False, True)] * 4 + [(False, False)]
    entries = [entry for won, lost in outcomes for entry in manager.settle(NOON, "sniper", won=won, lost=lost)]
    assert entries == []
    assert len(manager.settle(NOON, "sniper", won=False, lost=True)) == 1


def test_after_a_pause_the_count_starts_over() -> None:
    manager = RiskManager(10_000.0)
    for _ in range(5):
        manager.settle(NOON, "sniper", won=False, lost=True)
    manager.watch(NOON + 4 * HOUR, 10_000.0)
    assert [manager.settle(NOON, "sniper", won=False, lost=True) for _ in range(4)] == [[], [], [], []]


def test_a_deposit_is_no_gain_and_a_withdrawal_no_loss() -> None:
    manager = RiskManager(10_000.0)
    manager.watch(NOON, 10_000.0)
    manager.flow(-5_000.0, 10_000.0)
    assert manager.watch(NOON, 5_000.0) == []
    manager.flow(5_000.0, 5_000.0)
    assert manager.watch(NOON, 9_501.0) == []
    assert acted(manager.watch(NOON, 9_500.0)) == [(RiskAction.HALT, "daily_loss", "account")]


def test_what_it_remembers_survives_a_restart() -> None:
    manager, _ = watched(10_000.0, 9_000.0)
    for _ in range(7):
        manager.settle(NOON, "sniper", won=False, lost=True)
    other = RiskManager(1.0)
    other.restore(manager.state())
    for moment, equity in ((NOON + HOUR, 9_100.0), (NOON + 5 * HOUR, 6_900.0), (MIDNIGHT, 6_900.0)):
        assert other.watch(moment, equity) == manager.watch(moment, equity)
        assert other.allows("sniper") == manager.allows("sniper")
