"""Days, their returns and the ratios made of them, in tables a person can check; and what a flow must not change."""

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite, prod, sqrt
from statistics import mean, stdev

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.books import book_of, reading
from tests.support.definitions import checks
from tests.support.facts import MIDNIGHT, at, closed, opened, started
from tradewatch.book import PERFORMANCE, Book, moment_of, read, value
from tradewatch.catalog import Concept, concepts
from tradewatch.facts import Calendar, CashFlowed, Entry, EquityMarked, Fact, Heartbeat, RunEnded, RunStarted

DAY = 86_400
THURSDAY, FRIDAY, SATURDAY, SUNDAY, MONDAY, TUESDAY = range(6)
assert MIDNIGHT.strftime("%A") == "Thursday"

RATIOS = (
    concepts.SHARPE_RATIO,
    concepts.SORTINO_RATIO,
    concepts.CAGR,
    concepts.CALMAR_RATIO,
    concepts.VALUE_AT_RISK_SHARE,
    concepts.EXPECTED_SHORTFALL_SHARE,
    concepts.PROBABILISTIC_SHARPE_RATIO,
    concepts.MINIMUM_TRACK_RECORD,
)
FALLS = (
    concepts.CURRENT_DRAWDOWN,
    concepts.MAXIMUM_DRAWDOWN,
    concepts.LARGEST_FALL,
    concepts.DRAWDOWN_SECONDS,
    concepts.LONGEST_DRAWDOWN_SECONDS,
)


def on(day: float, fact: Fact, fact_id: str | None = None) -> Entry:
    """Return the entry of a fact so many days after Thursday 00:00."""
    return at(day * DAY, fact, fact_id)


def mark(day: float, equity: float) -> Entry:
    return on(day, EquityMarked(equity=equity))


def flow(day: float, amount: float) -> Entry:
    return on(day, CashFlowed(amount=amount))


def run(equity: float, calendar: Calendar = Calendar.EVERY_DAY) -> RunStarted:
    return RunStarted(run_id="run", mode=started().mode, starting_equity=equity, currency="USD", calendar=calendar)


def daily_returns(book: Book) -> Sequence[float]:
    assert book.time is not None
    curve = moment_of(book, book.time).account.curve
    assert curve is not None
    return tuple(curve.days.ratios.risk._returns)  # noqa: SLF001 - the newest N returns, which nothing publishes


@checks(concepts.RETURN_DAYS, within="exact")
@pytest.mark.parametrize(
    ("facts", "returns"),
    [
        ([], [0.0]),
        ([mark(0.5, 110)], [0.10]),
        ([mark(0.2, 50), mark(0.5, 110)], [0.10]),
        ([mark(0.5, 110), mark(1.5, 99)], [0.10, -0.10]),
        ([mark(0.5, 110), mark(1.0, 99)], [0.10, -0.10]),  # midnight belongs to the new day
        ([mark(0.5, 110), mark(3.5, 99)], [0.10, 0.0, 0.0, -0.10]),
        ([mark(0.5, 110), on(3.5, Heartbeat(interval=30.0))], [0.10, 0.0, 0.0, 0.0]),
        ([mark(0.5, 110), on(2.5, opened("a"))], [0.10, 0.0, 0.0]),
        ([mark(0.5, 110), on(1.5, RunEnded(run_id="run"))], [0.10, 0.0]),
        ([flow(0.5, 100)], [0.0]),
        ([mark(0.2, 110), flow(0.3, 90), mark(0.4, 240)], [1.10 * 1.20 - 1]),
        ([mark(0.2, 110), flow(0.3, -60), mark(1.5, 40)], [0.10, -0.20]),
        ([mark(0.5, 110), flow(0.5, 100), mark(1.5, 231)], [0.10, 0.10]),
    ],
)
def test_a_table_of_days(facts: list[Entry], returns: list[float]) -> None:
    book = book_of(on(0, run(100.0)), *facts)
    assert daily_returns(book) == pytest.approx(returns, abs=1e-15)
    assert reading(book, concepts.RETURN_DAYS) == len(returns)


@pytest.mark.parametrize(
    ("start", "facts", "returns"),
    [
        (FRIDAY, [mark(FRIDAY + 0.5, 110), mark(MONDAY + 0.5, 99)], [0.10, -0.10]),
        (FRIDAY, [mark(SATURDAY + 0.5, 110), mark(SUNDAY + 0.5, 121), mark(MONDAY + 0.5, 242)], [0.0, 1.42]),
        (FRIDAY, [mark(SUNDAY + 0.5, 120), mark(TUESDAY + 0.5, 132)], [0.0, 0.20, 0.10]),
        (SATURDAY, [mark(SATURDAY + 0.5, 110), mark(MONDAY + 0.5, 121)], [0.21]),
        (SATURDAY, [mark(SATURDAY + 0.5, 110)], [0.10]),  # a partial Monday
        (SUNDAY, [on(SUNDAY + 0.5, Heartbeat(interval=30.0))], [0.0]),
        (FRIDAY, [mark(FRIDAY + 0.5, 110), mark(SATURDAY + 0.5, 99)], [0.10, -0.10]),
        (FRIDAY, [mark(FRIDAY + 0.5, 110), mark(SUNDAY + 0.5, 121)], [0.10, 0.10]),
        (FRIDAY, [flow(SATURDAY + 0.5, 100), mark(SUNDAY + 0.5, 220), mark(MONDAY + 0.5, 110)], [0.0, -0.45]),
    ],
)
def test_a_table_of_weekdays(start: int, facts: list[Entry], returns: list[float]) -> None:
    book = book_of(on(start, run(100.0, Calendar.WEEKDAYS)), *facts)
    assert daily_returns(book) == pytest.approx(returns, abs=1e-15)


def test_weekdays_from_a_saturday_to_a_sunday() -> None:
    grow = [mark(SATURDAY + day + 0.5, 100 * 1.1 ** (day + 1)) for day in range(9)]
    book = book_of(on(SATURDAY, run(100.0, Calendar.WEEKDAYS)), *grow)
    monday_of_three_days, partial_monday_of_two = 1.1**3 - 1, 1.1**2 - 1
    assert daily_returns(book) == pytest.approx([monday_of_three_days, 0.1, 0.1, 0.1, 0.1, partial_monday_of_two])


@pytest.mark.parametrize(("calendar", "periods"), [(Calendar.EVERY_DAY, 365), (Calendar.WEEKDAYS, 261)])
def test_a_year_has_as_many_days_as_its_calendar(calendar: Calendar, periods: int) -> None:
    equities = [100.0, 103.0, 101.0, 104.0, 104.5]
    book = book_of(
        *(on(MONDAY, run(equity, calendar)) for equity in equities[:1]),
        *(mark(MONDAY + day + 0.5, equity) for day, equity in enumerate(equities[1:])),
    )
    returns = [after / before - 1 for before, after in pairwise(equities)]
    downside = sqrt(mean(min(each, 0.0) ** 2 for each in returns))
    assert reading(book, concepts.SHARPE_RATIO) == pytest.approx(mean(returns) / stdev(returns) * sqrt(periods))
    assert reading(book, concepts.SORTINO_RATIO) == pytest.approx(mean(returns) / downside * sqrt(periods))
    assert reading(book, concepts.CAGR) == pytest.approx(1.045 ** (periods / 4) - 1)


def test_a_calendar_that_is_named_too_late_is_neither_used_nor_told() -> None:
    """The days until then were counted by another one."""
    late = RunStarted(run_id="again", mode=started().mode, calendar=Calendar.WEEKDAYS)
    book = book_of(on(FRIDAY, started(100.0)), mark(SATURDAY, 110.0), on(MONDAY, late), mark(TUESDAY, 121.0))
    assert daily_returns(book) == pytest.approx([0.0, 0.10, 0.0, 0.0, 0.10])
    assert reading(book, concepts.ACCOUNT, "USD", "paper", "365") == 1


@pytest.mark.parametrize(("calendar", "window"), [(Calendar.EVERY_DAY, 365), (Calendar.WEEKDAYS, 261)])
def test_value_at_risk_is_of_the_trailing_year(calendar: Calendar, window: int) -> None:
    """A year of small losses follows an older one of large losses, which no longer count."""
    weekdays = [day for day in range(MONDAY, MONDAY + 7 * 120) if calendar is Calendar.EVERY_DAY or is_weekday(day)]
    old, new = weekdays[: len(weekdays) - window], weekdays[len(weekdays) - window :]
    equity, marks = 1000.0, []
    for day in (*old, *new):
        equity *= 0.99 if day in old else 0.999
        marks.append(mark(day + 0.5, equity))
    book = book_of(on(MONDAY, run(1000.0, calendar)), *marks)
    assert reading(book, concepts.RETURN_DAYS) == len(old) + len(new) > window + 20
    assert reading(book, concepts.VALUE_AT_RISK_SHARE) == pytest.approx(0.001)
    assert reading(book, concepts.EXPECTED_SHORTFALL_SHARE) == pytest.approx(0.001)


def is_weekday(day: int) -> bool:
    return day % 7 not in {SATURDAY, SUNDAY}


def test_a_leap_year_has_one_more_return_and_no_other_n() -> None:
    january_2028 = 2 * 365
    book = book_of(on(january_2028, run(100.0)), mark(january_2028 + 365.5, 110.0))
    assert book.time is not None
    assert f"{book.time:%Y-%m-%d}" == "2028-12-31"
    assert reading(book, concepts.RETURN_DAYS) == 366
    assert reading(book, concepts.CAGR) == pytest.approx(1.1 ** (365 / 366) - 1, rel=1e-12)


def test_the_29th_of_february_is_a_day() -> None:
    february_28 = 2 * 365 + 58
    book = book_of(on(february_28, run(100.0)), mark(february_28 + 2.5, 110.0))
    assert daily_returns(book) == pytest.approx([0.0, 0.0, 0.10], abs=1e-15)


@checks(concepts.RUIN, *RATIOS, within="exact")
@pytest.mark.parametrize("equity", [0.0, -1.0, -1e6])
def test_equity_at_or_below_zero_is_ruin_and_leaves_no_ratio(equity: float) -> None:
    before = [mark(day + 0.5, 100.0 + day % 7) for day in range(30)]
    book = book_of(on(0, run(100.0)), *before, mark(30.5, equity), mark(31.5, 500.0), mark(33.5, 400.0))
    assert reading(book_of(on(0, run(100.0)), *before), concepts.RUIN) == 0.0
    assert reading(book, concepts.RUIN) == 1.0
    assert [reading(book, ratio) for ratio in RATIOS] == [None] * len(RATIOS)
    assert reading(book, concepts.MAXIMUM_DRAWDOWN) == pytest.approx(1 - equity / 106)


def test_a_deposit_does_not_undo_ruin() -> None:
    book = book_of(on(0, run(100.0)), mark(0.5, -1.0), flow(1.5, 1000.0), mark(2.5, 1200.0))
    assert reading(book, concepts.RUIN) == 1.0
    assert reading(book, concepts.SHARPE_RATIO) is None


@pytest.mark.parametrize(
    ("pnl", "withdrawal"),
    [
        ((50.0,), 150.0),
        ((0.1, 0.2), 100.3),  # leaves a few 1e-15 too much
        ((-10.1, 0.2), 90.1),  # leaves a few 1e-15 too little
    ],
)
def test_an_account_emptied_by_a_withdrawal_is_not_ruined(pnl: Sequence[float], withdrawal: float) -> None:
    trades = [on(0.1 + number / 10, closed(str(number), pnl=each)) for number, each in enumerate(pnl)]
    book = book_of(on(0, run(100.0)), *trades, flow(1.5, -withdrawal), flow(3.5, 50.0), mark(4.5, 55.0))
    assert reading(book, concepts.RUIN) == 0.0
    assert daily_returns(book) == pytest.approx([sum(pnl) / 100, 0.0, 0.0, 0.0, 0.10], abs=1e-14)
    assert reading(book, concepts.CURRENT_DRAWDOWN) == 0.0
    assert reading(book, concepts.CAGR) is not None


def test_a_loss_of_an_emptied_account_is_ruin() -> None:
    book = book_of(on(0, run(100.0)), flow(1.5, -100.0), on(2.5, closed("a", pnl=-5.0)))
    assert reading(book, concepts.RUIN) == 1.0


def test_more_withdrawn_than_there_was_is_ruin_at_once() -> None:
    assert reading(book_of(on(0, run(100.0)), flow(1.5, -150.0)), concepts.RUIN) == 1.0


def test_an_account_that_only_wins_and_takes_deposits_never_fell() -> None:
    """Deposits are no round numbers in binary; what rounding leaves must not pass for a loss."""
    entries = [on(0, run(1000.3))]
    for day in range(24):
        entries.append(flow(day + 0.1, (0.1, 0.7, 33.3)[day % 3]))
        entries.append(on(day + 0.2, closed(str(day), pnl=1.1 if day % 3 else 0.0)))
    book = book_of(*entries, flow(24.5, 5.1))
    assert [reading(book, fall) for fall in FALLS] == [0.0] * len(FALLS)
    for ratio in (concepts.SORTINO_RATIO, concepts.CALMAR_RATIO, concepts.RECOVERY_FACTOR):
        assert reading(book, ratio) is None
    assert reading(book, concepts.VALUE_AT_RISK_SHARE) == 0.0
    assert reading(book, concepts.SHARPE_RATIO) is not None


def test_a_huge_deposit_that_goes_again_leaves_no_trace_in_money() -> None:
    book = book_of(on(0, run(1000.0)), flow(0.1, 1e20), flow(0.2, -1e20), on(0.3, closed("a", pnl=1.0)))
    assert reading(book, concepts.EQUITY) == 1001.0
    assert reading(book, concepts.LARGEST_FALL) == 0.0
    assert reading(book, concepts.DAILY_PROFIT) == 1.0


growths = st.lists(st.floats(0.5, 1.5), min_size=1, max_size=20)
shares = st.lists(st.one_of(st.just(0.0), st.floats(-0.9, 9.0)), min_size=20, max_size=20)


@checks(concepts.MAXIMUM_DRAWDOWN, concepts.CURRENT_DRAWDOWN, *RATIOS[:4], within="1e-9 relative")
@example(growths=[1.1, 0.8, 0.9, 1.2], shares=[0.0, 5.0, -0.9, 3.0, *[0.0] * 16])
@given(growths=growths, shares=shares)
def test_deposits_and_withdrawals_change_neither_drawdown_nor_return(growths: list[float], shares: list[float]) -> None:
    """The same growth, step by step and six hours each, with and without flows in proportion between the steps."""
    still, moved, equity = [on(0, run(1000.0))], [on(0, run(1000.0))], 1000.0
    for step, (growth, share) in enumerate(zip(growths, shares, strict=False)):
        time, level = step / 4 + 0.1, 1000.0 * prod(growths[: step + 1])
        still.append(mark(time, level))
        equity *= growth
        moved.append(mark(time, equity))
        if share:
            moved.append(flow(time + 0.1, equity * share))
            equity *= 1 + share
    one, other = book_of(*still), book_of(*moved)
    assert daily_returns(other) == pytest.approx(daily_returns(one), rel=1e-9, abs=1e-12)
    for fall in (concepts.CURRENT_DRAWDOWN, concepts.MAXIMUM_DRAWDOWN):
        assert reading(other, fall) == pytest.approx(reading(one, fall), rel=1e-9, abs=1e-11)


amounts = st.one_of(
    st.floats(-1e30, 1e30),
    st.sampled_from([5e-324, -5e-324, 1e-300, -1e-300, 1e-30, -1e-30, 1.0, -1.0, 1e30, -1e30]),
)
prices = amounts.map(abs).filter(lambda price: price > 0)
moves = st.one_of(
    st.builds(
        lambda pnl, price, quantity: closed("a", pnl=pnl, stop=price, entry_reference_price=price, quantity=quantity),
        amounts,
        prices,
        prices,
    ),
    st.builds(lambda equity: EquityMarked(equity=equity), amounts),
    st.builds(lambda amount: CashFlowed(amount=amount), amounts),
)
ALL = [
    concept
    for concept in vars(concepts).values()
    if isinstance(concept, Concept) and (concept in PERFORMANCE or concept in {*RATIOS, *FALLS})
]


@given(
    equity=st.floats(5e-324, 1e30),
    facts=st.lists(st.tuples(st.floats(0, 30), moves), max_size=12),
)
@example(equity=1e-170, facts=[(0.1, closed("a", pnl=1e30)), (1.1, closed("b", pnl=1.0)), (2.5, closed("c", pnl=-1.0))])
@example(equity=1e-130, facts=[(0.1, closed("a", pnl=-1e30))])
@example(
    equity=1e-300, facts=[(0.1, closed("a", pnl=1e30)), (1.1, closed("b", pnl=-1e20)), (2.5, closed("c", pnl=1.0))]
)
def test_amounts_at_the_bounds_give_a_number_or_none(equity: float, facts: list[tuple[float, Fact]]) -> None:
    entries = [on(day, fact, str(number)) for number, (day, fact) in enumerate(facts)]
    book = book_of(on(0, run(equity)), *sorted(entries))
    assert book.time is not None
    moment = moment_of(book, book.time)
    found = {concept.name: value(moment, concept) for concept in ALL}
    assert {name: number for name, number in found.items() if number is not None and not isfinite(number)} == {}


def monthly(*entries: Entry) -> dict[tuple[str, ...], float]:
    book = book_of(*entries)
    assert book.time is not None
    found = read(moment_of(book, book.time), concepts.MONTHLY_RETURN, ())
    return {each.labels: round(each.value, 12) for each in found}


@checks(concepts.MONTHLY_RETURN, within="1e-6 relative")
def test_a_month_has_the_returns_of_its_days() -> None:
    january = [on(0, run(1000.0)), mark(1, 1100.0), mark(30.5, 1210.0)]
    assert monthly(*january) == {("2026", "01"): 0.21}
    february = [*january, mark(31.5, 1331.0), flow(32, 669.0), mark(33, 1800.0)]
    assert monthly(*february) == {("2026", "01"): 0.21, ("2026", "02"): -0.01}
    assert monthly(*february, mark(100, 1800.0)) == {
        ("2026", "01"): 0.21,
        ("2026", "02"): -0.01,
        ("2026", "03"): 0.0,
        ("2026", "04"): 0.0,
    }
    assert monthly(*january, mark(31.5, 0.0)) == {}  # ruin


def test_what_a_weekend_brings_is_part_of_mondays_month() -> None:
    saturday = 30  # the last day of January
    marks = [mark(saturday - 1, 1100.0), mark(saturday + 0.5, 2200.0), mark(saturday + 2, 2200.0)]
    found = monthly(on(0, run(1000.0, Calendar.WEEKDAYS)), *marks)
    assert found == {("2026", "01"): 0.1, ("2026", "02"): 1.0}


@given(st.lists(st.tuples(st.floats(0.05, 20.0), st.floats(0.5, 1.5)), min_size=1, max_size=12))
def test_months_multiply_to_the_whole(steps: list[tuple[float, float]]) -> None:
    day, equity, told = 0.0, 1000.0, [on(0, run(1000.0))]
    for wait, growth in steps:
        day, equity = day + wait, equity * growth
        told.append(mark(day, equity))
    book = book_of(*told)
    assert book.time is not None
    months = read(moment_of(book, book.time), concepts.MONTHLY_RETURN, ())
    assert prod(1 + each.value for each in months) == pytest.approx(equity / 1000.0)
