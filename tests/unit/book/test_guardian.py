"""What a book tells of a guardian after each thing it did, in a table; and of the limits it keeps."""

import pytest

from tests.support.definitions import checks
from tests.support.facts import at, started
from tradewatch.book import Book, moment_of, read, value
from tradewatch.book.groups import LARGEST, OTHER
from tradewatch.catalog import Concept, conduct
from tradewatch.facts import (
    BarClosed,
    EquityMarked,
    Fact,
    Heartbeat,
    Mode,
    RiskActed,
    RiskAction,
    RunEnded,
    RunStarted,
)

DAY = 86_400


def acted(action: RiskAction, reason: str, scope: str = "account", size: float | None = None) -> RiskActed:
    return RiskActed(action=action, reason=reason, scope=scope, size_multiplier=size)


WARN = acted(RiskAction.WARN, "daily_loss")
WARNING_OVER = acted(RiskAction.WARNING_OVER, "daily_loss")
HALT = acted(RiskAction.HALT, "daily_loss")
RESUME = acted(RiskAction.RESUME, "new_day")
REDUCE = acted(RiskAction.REDUCE_SIZE, "losses_in_a_row", size=0.5)
RESTORE = acted(RiskAction.RESTORE_SIZE, "row_broken", size=1.0)
PAUSE = acted(RiskAction.HALT, "losses_in_a_row")
PAUSE_OVER = acted(RiskAction.RESUME, "pause_over")
PAUSED_SIZE = acted(RiskAction.RESTORE_SIZE, "pause_over", size=1.0)
KILL_ON = acted(RiskAction.KILL_SWITCH_ON, "drawdown")
KILL_OFF = acted(RiskAction.KILL_SWITCH_OFF, "reset")
EMERGENCY_ON = acted(RiskAction.EMERGENCY_ON, "daily_drawdown")
EMERGENCY_OFF = acted(RiskAction.EMERGENCY_OFF, "pause_over")
CUT = acted(RiskAction.REDUCE_SIZE, "correlation", scope="BTC-USD", size=0.5)
BLOCK = acted(RiskAction.HALT, "choppy", scope="BTC-USD")
FREE = acted(RiskAction.RESUME, "no_longer_choppy", scope="BTC-USD")

READ = (
    conduct.GUARDIAN_STATUS,
    conduct.TRADING_ALLOWED,
    conduct.KILL_SWITCH,
    conduct.EMERGENCY,
    conduct.CIRCUIT_BREAKER,
    conduct.SIZE_MULTIPLIER,
)


def book_of(*facts: Fact) -> Book:
    book = Book()
    book.fold_many([at(second, fact, f"{second}") for second, fact in enumerate((*facts, Heartbeat(interval=60.0)))])
    return book


def levels(*facts: Fact) -> tuple[float | None, ...]:
    book = book_of(started(), *facts)
    assert book.time is not None
    return tuple(value(moment_of(book, book.time), concept) for concept in READ)


@checks(*READ, within="exact")
@pytest.mark.parametrize(
    ("facts", "found"),  # status, trading allowed, kill switch, emergency, circuit breaker, size
    [
        ([], (1, 1, 0, 0, 0, 1.0)),
        ([WARN], (2, 1, 0, 0, 0, 1.0)),
        ([WARN, WARNING_OVER], (1, 1, 0, 0, 0, 1.0)),
        ([WARN, HALT], (3, 0, 0, 0, 0, 1.0)),
        ([WARN, HALT, RESUME], (2, 1, 0, 0, 0, 1.0)),  # still warned of
        ([HALT, RESUME], (1, 1, 0, 0, 0, 1.0)),
        ([REDUCE], (2, 1, 0, 0, 1, 0.5)),
        ([REDUCE, RESTORE], (1, 1, 0, 0, 0, 1.0)),
        ([REDUCE, PAUSE], (3, 0, 0, 0, 1, 0.5)),
        ([PAUSE], (3, 0, 0, 0, 1, 1.0)),  # a guardian that only pauses
        ([PAUSE, PAUSE_OVER], (1, 1, 0, 0, 0, 1.0)),
        ([REDUCE, PAUSE, PAUSE_OVER, PAUSED_SIZE], (1, 1, 0, 0, 0, 1.0)),
        ([REDUCE, HALT, PAUSE, PAUSED_SIZE], (3, 0, 0, 0, 0, 1.0)),  # the pause is over, the day is not
        ([KILL_ON], (3, 0, 1, 0, 0, 1.0)),
        ([KILL_ON, RESUME], (3, 0, 1, 0, 0, 1.0)),
        ([KILL_ON, KILL_OFF], (1, 1, 0, 0, 0, 1.0)),
        ([EMERGENCY_ON], (3, 0, 1, 1, 0, 1.0)),
        ([EMERGENCY_ON, KILL_ON, EMERGENCY_OFF], (3, 0, 1, 0, 0, 1.0)),
        ([EMERGENCY_ON, EMERGENCY_OFF], (1, 1, 0, 0, 0, 1.0)),
        ([CUT], (1, 1, 0, 0, 0, 1.0)),  # one trade's size
        ([BLOCK], (1, 1, 0, 0, 0, 1.0)),  # one asset
    ],
)
def test_the_levels_follow_what_the_guardian_did(facts: list[Fact], found: tuple[float, ...]) -> None:
    assert levels(*facts) == found


@pytest.mark.parametrize(("seconds", "status"), [(2, 2), (181, 2), (182, 0)])
def test_a_guardian_without_heartbeats_is_not_running(seconds: float, status: int) -> None:
    book = book_of(started(), WARN)
    assert value(moment_of(book, at(seconds, WARN).time), conduct.GUARDIAN_STATUS) == status


def test_after_its_end_a_run_has_no_guardian_and_what_is_on_is_still_on() -> None:
    assert levels(KILL_ON, RunEnded(run_id="run")) == (0, 0, 1, 0, 0, 1.0)


def test_without_a_heartbeat_nothing_is_told() -> None:
    book = Book()
    book.fold_many([at(0, started()), at(1, HALT)])
    assert [value(moment_of(book, at(1, HALT).time), concept) for concept in READ] == [None] * len(READ)


def bar(asset: str) -> BarClosed:
    return BarClosed(asset=asset, interval=60.0, open=1.0, high=1.0, low=1.0, close=1.0)


@checks(conduct.ASSET_ALLOWED, within="exact")
def test_an_asset_is_blocked_until_it_is_freed() -> None:
    told = [bar("BTC-USD"), bar("ETH-USD"), BLOCK]
    assert by_label(conduct.ASSET_ALLOWED, *told) == {("BTC-USD",): 0, ("ETH-USD",): 1}
    assert by_label(conduct.ASSET_ALLOWED, *told, FREE) == {("BTC-USD",): 1, ("ETH-USD",): 1}


def by_label(concept: Concept, *facts: Fact) -> dict[tuple[str, ...], float]:
    book = book_of(*facts)
    assert book.time is not None
    return {each.labels: each.value for each in read(moment_of(book, book.time), concept, ())}


def run(**limits: float) -> RunStarted:
    return RunStarted(run_id="run", mode=Mode.PAPER, starting_equity=1000.0, currency="USD", limits=limits)


@checks(conduct.LIMIT, within="exact")
def test_limits_are_those_of_the_newest_run() -> None:
    assert by_label(conduct.LIMIT, started()) == {}
    assert by_label(conduct.LIMIT, run(daily_loss=0.02, positions=3)) == {("daily_loss",): 0.02, ("positions",): 3}
    assert by_label(conduct.LIMIT, run(daily_loss=0.02), run(drawdown=0.1)) == {("drawdown",): 0.1}


@checks(conduct.LOSS_BUDGET_USED, within="1e-12 relative")
@pytest.mark.parametrize(
    ("equity", "used"), [(1000.0, 0.0), (990.0, 0.5), (980.0, 1.0), (975.0, 1.25), (1010.0, 0.0), (0.0, 50.0)]
)
def test_the_loss_budget_is_todays_loss_by_what_may_be_lost(equity: float, used: float) -> None:
    found = by_label(conduct.LOSS_BUDGET_USED, run(daily_loss=0.02), EquityMarked(equity=equity))
    assert found == {(): pytest.approx(used)}


@pytest.mark.parametrize("begin", [started(), run(drawdown=0.1), run(daily_loss=0.0)])
def test_without_a_daily_loss_limit_no_budget_is_used(begin: RunStarted) -> None:
    assert by_label(conduct.LOSS_BUDGET_USED, begin, EquityMarked(equity=900.0)) == {}


def test_a_loss_of_yesterday_is_no_loss_of_today() -> None:
    book = Book()
    book.fold_many([at(0, run(daily_loss=0.02)), at(60, EquityMarked(equity=990.0))])
    assert value(moment_of(book, at(DAY, HALT).time), conduct.LOSS_BUDGET_USED) == 0.0


def test_too_many_scopes_and_warnings_are_others() -> None:
    told = [acted(RiskAction.HALT, "choppy", scope=f"A{number}") for number in range(LARGEST + 5)]
    found = by_label(conduct.HALTS, *told)
    assert len(found) == LARGEST + 1
    assert found[OTHER, OTHER] == 5
    book = book_of(*[acted(RiskAction.WARN, f"{number}") for number in range(LARGEST + 5)])
    assert len(book.conduct.warnings) == LARGEST
