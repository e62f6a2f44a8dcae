"""Daily figures, falls, durations and peaks, in tables a person can follow with a finger."""

from datetime import timedelta

import pytest

from tests.support.books import book_of, reading
from tests.support.definitions import checks
from tests.support.facts import MIDNIGHT, at, closed, started
from tradewatch.book import moment_of, value
from tradewatch.catalog import Concept, concepts
from tradewatch.facts import CashFlowed, Entry, EquityMarked

HOUR = 3_600
DAY = 24 * HOUR


def mark(seconds: float, equity: float) -> Entry:
    return at(seconds, EquityMarked(equity=equity))


def read_at(seconds: float, concept: Concept, *entries: Entry) -> float | None:
    return value(moment_of(book_of(at(0, started(1000.0)), *entries), MIDNIGHT + timedelta(seconds=seconds)), concept)


# a day: up to 1100, down to 990, then a new day that begins at 990
MARKS = (mark(HOUR, 1100.0), mark(2 * HOUR, 990.0), mark(DAY + HOUR, 1089.0), mark(DAY + 2 * HOUR, 1034.55))


@checks(concepts.DAILY_PROFIT, concepts.DAILY_PROFIT_SHARE, concepts.DAILY_DRAWDOWN, within="1e-6 relative")
@pytest.mark.parametrize(
    ("marks", "profit", "share", "drawdown"),
    [
        (0, 0.0, 0.0, 0.0),
        (1, 100.0, 0.1, 0.0),
        (2, -10.0, -0.01, 0.1),
        (3, 99.0, 0.1, 0.0),
        (4, 44.55, 0.045, 0.05),
    ],
)
def test_a_day_begins_at_midnight_with_the_equity_of_then(
    marks: int, profit: float, share: float, drawdown: float
) -> None:
    book = book_of(at(0, started(1000.0)), *MARKS[:marks])
    assert reading(book, concepts.DAILY_PROFIT) == pytest.approx(profit)
    assert reading(book, concepts.DAILY_PROFIT_SHARE) == pytest.approx(share)
    assert reading(book, concepts.DAILY_DRAWDOWN) == pytest.approx(drawdown)


def test_a_day_without_facts_has_no_profit_and_no_drawdown() -> None:
    assert read_at(2 * DAY, concepts.DAILY_PROFIT, *MARKS[:2]) == 0.0
    assert read_at(2 * DAY, concepts.DAILY_DRAWDOWN, *MARKS[:2]) == 0.0


@checks(concepts.DAILY_PROFIT, concepts.CASH_FLOWS, within="exact")
def test_a_deposit_today_is_no_profit_of_today() -> None:
    book = book_of(at(0, started(1000.0)), mark(HOUR, 950.0), at(2 * HOUR, CashFlowed(amount=500.0)))
    assert reading(book, concepts.DAILY_PROFIT) == -50.0
    assert reading(book, concepts.CASH_FLOWS) == 500.0
    assert reading(book, concepts.DAILY_DRAWDOWN) == pytest.approx(0.05)


@checks(concepts.LARGEST_FALL, within="1e-6 relative")
def test_the_largest_fall_is_in_money_and_knows_no_deposit() -> None:
    book = book_of(
        at(0, started(1000.0)),
        mark(1, 900.0),
        at(2, CashFlowed(amount=10_000.0)),
        mark(3, 10_950.0),
        mark(4, 10_850.0),
    )
    assert reading(book, concepts.LARGEST_FALL) == pytest.approx(150.0)


@checks(concepts.RECOVERY_FACTOR, within="exact")
def test_the_recovery_factor_is_profit_by_largest_fall() -> None:
    book = book_of(at(0, started(1000.0)), at(1, closed("a", pnl=-50.0)), at(2, closed("b", pnl=125.0)))
    assert reading(book, concepts.RECOVERY_FACTOR) == 1.5
    assert reading(book_of(at(0, started(1000.0)), at(1, closed("a", pnl=5.0))), concepts.RECOVERY_FACTOR) is None


@checks(concepts.DRAWDOWN_SECONDS, concepts.LONGEST_DRAWDOWN_SECONDS, within="exact")
@pytest.mark.parametrize(
    ("seconds", "current", "longest"),
    [(0, 0.0, 0.0), (10, 0.0, 0.0), (30, 20.0, 20.0), (60, 0.0, 50.0), (99, 0.0, 50.0)],
)
def test_a_drawdown_lasts_from_the_peak_until_equity_is_back(seconds: float, current: float, longest: float) -> None:
    marks = [each for each in (mark(10, 1100.0), mark(20, 1000.0), mark(60, 1200.0)) if _seconds(each) <= seconds]
    assert read_at(seconds, concepts.DRAWDOWN_SECONDS, *marks) == current
    assert read_at(seconds, concepts.LONGEST_DRAWDOWN_SECONDS, *marks) == longest


def _seconds(entry: Entry) -> float:
    return (entry.time - MIDNIGHT).total_seconds()


def test_a_deposit_at_the_peak_begins_no_drawdown() -> None:
    entries = (at(10, CashFlowed(amount=33.33)), mark(20, 1033.33))
    assert read_at(20, concepts.DRAWDOWN_SECONDS, *entries) == 0.0


@checks(concepts.PEAK_BALANCE, within="1e-6 relative")
def test_peak_balance_follows_flows() -> None:
    book = book_of(
        at(0, started(1000.0)),
        at(1, closed("a", pnl=100.0)),
        at(2, closed("b", pnl=-110.0)),
        at(3, CashFlowed(amount=-495.0)),
    )
    assert reading(book, concepts.BALANCE) == 495.0
    assert reading(book, concepts.PEAK_BALANCE) == pytest.approx(550.0)


@checks(concepts.RUIN, within="exact")
def test_equity_at_or_below_zero_is_ruin_and_ends_ratios_of_returns() -> None:
    fine = [at(day * DAY, closed(str(day), pnl=(-1) ** day * 10.0 + 1)) for day in range(1, 25)]
    ratios = (
        concepts.SHARPE_RATIO,
        concepts.SORTINO_RATIO,
        concepts.CAGR,
        concepts.CALMAR_RATIO,
        concepts.VALUE_AT_RISK,
        concepts.EXPECTED_SHORTFALL,
        concepts.PROBABILISTIC_SHARPE_RATIO,
    )
    before = book_of(at(0, started(1000.0)), *fine)
    assert reading(before, concepts.RUIN) == 0.0
    assert None not in [reading(before, each) for each in ratios]
    after = book_of(
        at(0, started(1000.0)),
        *fine,
        at(26 * DAY, closed("ruin", pnl=-5000.0)),
        at(27 * DAY, closed("back", pnl=9000.0)),
    )
    assert reading(after, concepts.RUIN) == 1.0
    assert [reading(after, each) for each in ratios] == [None] * len(ratios)
    assert (reading(after, concepts.MAXIMUM_DRAWDOWN) or 0) > 1


@checks(concepts.WIN_RATE_24H, within="exact")
def test_the_win_rate_of_24_hours_forgets_older_trades() -> None:
    trades = (at(0, closed("a", pnl=1.0)), at(HOUR, closed("b", pnl=-1.0)), at(2 * HOUR, closed("c", pnl=1.0)))
    expected = {2 * HOUR: 2 / 3, DAY: 1 / 2, DAY + HOUR: 1.0, DAY + 2 * HOUR: None}
    assert {when: read_at(when, concepts.WIN_RATE_24H, *trades) for when in expected} == pytest.approx(expected)


def test_reading_the_future_does_not_disturb_the_window() -> None:
    book = book_of(at(0, closed("a", pnl=1.0)))
    assert value(moment_of(book, MIDNIGHT + timedelta(days=9)), concepts.WIN_RATE_24H) is None
    book.fold(at(1, closed("b", pnl=-1.0)))
    assert reading(book, concepts.WIN_RATE_24H) == 0.5
