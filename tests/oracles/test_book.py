"""The whole way, from facts through the book to readings, beside what pandas makes of the same trades."""

from math import sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oracles.histories import DAY, HISTORIES, History, Move, expected_of, facts_of, returns_of
from tests.support.books import book_of, reading
from tests.support.definitions import checks
from tests.support.facts import at, closed, started
from tradewatch.book import Book, moment_of, value
from tradewatch.catalog import concepts
from tradewatch.facts import Calendar

CONCEPTS = tuple(expected_of(HISTORIES["one trade"]))
MONEY = {
    concepts.NET_PROFIT,
    concepts.EXPECTANCY,
    concepts.EQUITY,
    concepts.LARGEST_FALL,
    concepts.VALUE_AT_RISK,
    concepts.EXPECTED_SHORTFALL,
}


def readings_of(history: History) -> dict[str, float | None]:
    book = book_of(*facts_of(history))
    assert book.time is not None
    moment = moment_of(book, book.time)
    return {concept.name: value(moment, concept) for concept in CONCEPTS}


def expectations_of(history: History, *, rounding: float = 1e-13) -> dict[str, object]:
    """Return what must be read, within a relative 1e-9; ``rounding``: what 1 + r, or a sum with the start, loses."""
    return {
        concept.name: None
        if number is None
        else pytest.approx(number, rel=1e-9, abs=rounding * (history.start if concept in MONEY else 1))
        for concept, number in expected_of(history).items()
    }


@checks(*CONCEPTS, within="1e-9 relative")
@pytest.mark.parametrize("name", HISTORIES)
def test_readings_are_what_pandas_computes_from_the_trades(name: str) -> None:
    assert readings_of(HISTORIES[name]) == expectations_of(HISTORIES[name])


moves = st.builds(
    Move,
    seconds=st.integers(0, 40 * 24).map(lambda hours: hours * 3_600.0),
    side=st.sampled_from([-1, 0, 1]),
    quantity=st.sampled_from([0.5, 1.0, 3.0]),
    entry=st.just(100.0),
    exit=st.floats(80, 120).map(lambda price: round(price, 2)),
    fees=st.sampled_from([0.0, 0.25]),
    flow=st.sampled_from([0.0, 0.0, 250.0, -100.0, 1e4]),
    unrealised=st.one_of(st.none(), st.floats(-20, 20).map(lambda amount: round(amount, 2))),
).filter(lambda move: move.side or move.flow or move.unrealised is not None)


@given(
    moves=st.lists(moves, min_size=1, max_size=12, unique_by=lambda move: move.seconds),
    calendar=st.sampled_from(Calendar),
    begin=st.integers(0, 6),
)
def test_so_they_are_of_any_trades_flows_and_marks(moves: list[Move], calendar: Calendar, begin: int) -> None:
    history = History(5_000.0, sorted(moves), calendar, begin * DAY)
    assert readings_of(history) == expectations_of(history, rounding=1e-9)


def test_a_deposit_is_a_return_to_whoever_looks_at_equity_alone() -> None:
    """Equity doubles by a deposit and then loses a tenth: +90 % of two days for one reader, -10 % for the other."""
    history = History(1_000.0, [Move(60.0, flow=1_000.0), Move(DAY + 60.0, side=-1, quantity=20, exit=110.0)])
    equity = pd.Series([1_000.0, 2_000.0, 1_800.0])
    assert list(equity.pct_change().dropna()) == pytest.approx([1.0, -0.1])
    assert list(returns_of(history)) == pytest.approx([0.0, -0.1])
    book = book_of(*facts_of(history))
    assert reading(book, concepts.MAXIMUM_DRAWDOWN) == pytest.approx(0.1)
    assert reading(book, concepts.CAGR) == pytest.approx(0.9 ** (365 / 2) - 1)


@pytest.mark.parametrize(("trades_a_day", "of_days"), [(1, 1.6), (5, 3.5), (50, 10.9)])
def test_a_sharpe_ratio_of_trades_times_the_root_of_252_forgets_how_many_there_are_a_day(
    trades_a_day: int, of_days: float
) -> None:
    """The same trades, more of them a day: 1.32 each time for one who annualises trades as if they were days."""
    pnl = np.random.default_rng(7).normal(size=365 * trades_a_day)
    pnl = 1 + 12 * (pnl - pnl.mean()) / pnl.std(ddof=1)
    trades = [
        Move((number // trades_a_day + 0.5 + number % trades_a_day / 1_000) * DAY, side=1, exit=100 + each)
        for number, each in enumerate(pnl)
    ]
    of_trades = pnl.mean() / pnl.std(ddof=1) * sqrt(252)
    assert of_trades == pytest.approx(1.32, abs=0.01)
    daily = reading(book_of(*facts_of(History(1e6, trades))), concepts.SHARPE_RATIO)
    assert daily == pytest.approx(of_days, abs=0.1)
    assert daily == pytest.approx(of_trades * sqrt(trades_a_day * 365 / 252), rel=0.1)


def test_small_trades_survive_huge_ones() -> None:
    pnl = [1.0, 1e100, 1e50, 3.0, -1e50, -1e100]
    book = book_of(
        at(0, started(1_000.0)), *(at(1 + number, closed(str(number), pnl=each)) for number, each in enumerate(pnl))
    )
    assert sum(pnl) == 0.0  # what adding one by one makes of it
    assert reading(book, concepts.NET_PROFIT) == 4.0
    assert reading(book, concepts.BALANCE) == 1_004.0
    assert reading(book, concepts.EXPECTANCY) == 4 / 6


def test_a_million_alternating_tiny_trades_add_up_to_nothing() -> None:
    book = Book({(): {concepts.NET_PROFIT, concepts.CLOSED_TRADES}})
    book.fold(at(0, started(1e9)))
    moments = [at(second, closed("win", pnl=0.1)) for second in range(1, 1_001)]
    loss = closed("loss", pnl=-0.1)
    for moment in moments:
        for _ in range(500):
            book.fold(moment)
            book.fold(moment._replace(fact=loss))
    assert reading(book, concepts.CLOSED_TRADES) == 1_000_000
    assert reading(book, concepts.NET_PROFIT) == 0.0
    assert reading(book, concepts.BALANCE) == reading(book, concepts.EQUITY) == 1e9
    assert reading(book, concepts.MAXIMUM_DRAWDOWN) == 0.0


def test_a_day_without_gain_that_comes_out_as_the_last_place_is_a_tie_of_the_shortfall() -> None:
    """The quantile of these 21 days is a day of 0, of which some are 1e-16 apart by rounding."""
    moves = [
        Move(seconds=0.0, side=-1, quantity=0.5, entry=100.0, exit=80.62, fees=0.0, flow=0.0, unrealised=None),
        Move(seconds=DAY, side=-1, quantity=0.5, entry=100.0, exit=100.0, fees=0.25, flow=10_000.0, unrealised=None),
        Move(seconds=2 * DAY, side=0, quantity=0.5, entry=100.0, exit=80.0, fees=0.0, flow=0.0, unrealised=0.0),
        Move(seconds=20 * DAY, side=-1, quantity=0.5, entry=100.0, exit=80.0, fees=0.0, flow=0.0, unrealised=None),
    ]
    history = History(5_000.0, moves, Calendar.EVERY_DAY, 0)
    assert readings_of(history) == expectations_of(history, rounding=1e-9)
