"""Balance, equity and drawdown, step by step, in tables a person can add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import book_of, reading
from tests.support.definitions import checks
from tests.support.facts import at, closed, opened, started
from tradewatch.catalog import concepts
from tradewatch.facts import CashFlowed, Entry, EquityMarked, TradePartlyClosed


def test_without_a_starting_equity_the_account_is_undefined_and_profit_is_not() -> None:
    book = book_of(at(0, started(None)), at(1, closed("a", pnl=5.0)))
    for concept in (concepts.BALANCE, concepts.EQUITY, concepts.CURRENT_DRAWDOWN, concepts.MAXIMUM_DRAWDOWN):
        assert reading(book, concept) is None
    assert reading(book, concepts.NET_PROFIT_SHARE) is None
    assert reading(book, concepts.NET_PROFIT) == 5.0


@checks(concepts.STARTING_EQUITY, within="exact")
def test_the_first_starting_equity_counts() -> None:
    book = book_of(at(0, started(1000.0)), at(1, closed("a", pnl=5.0)), at(2, started(2000.0, run_id="again")))
    assert reading(book, concepts.STARTING_EQUITY) == 1000.0
    assert reading(book, concepts.BALANCE) == 1005.0


@checks(concepts.CURRENT_DRAWDOWN, within="1e-6 relative")
def test_a_first_loss_is_a_drawdown() -> None:
    book = book_of(at(0, started(1000.0)), at(1, closed("a", pnl=-100.0)))
    assert reading(book, concepts.CURRENT_DRAWDOWN) == pytest.approx(0.1)


def test_a_loss_in_the_very_instant_of_the_start_is_a_drawdown() -> None:
    book = book_of(at(0, started(1000.0)), at(0, closed("a", pnl=-100.0)))
    assert reading(book, concepts.MAXIMUM_DRAWDOWN) == pytest.approx(0.1)


@checks(concepts.MAXIMUM_DRAWDOWN, within="exact")
def test_facts_of_one_instant_are_one_step() -> None:
    one_step = book_of(at(0, started(100.0)), at(1, closed("a", pnl=-50.0)), at(1, closed("b", pnl=50.0)))
    two_steps = book_of(at(0, started(100.0)), at(1, closed("a", pnl=-50.0)), at(2, closed("b", pnl=50.0)))
    assert reading(one_step, concepts.MAXIMUM_DRAWDOWN) == 0.0
    assert reading(two_steps, concepts.MAXIMUM_DRAWDOWN) == 0.5


def test_reading_in_the_middle_of_a_step_does_not_end_it() -> None:
    book = book_of(at(0, started(100.0)), at(1, closed("a", pnl=-50.0)))
    assert reading(book, concepts.MAXIMUM_DRAWDOWN) == 0.5
    book.fold(at(1, closed("b", pnl=50.0)))
    assert reading(book, concepts.MAXIMUM_DRAWDOWN) == 0.0


def test_a_mark_says_what_open_positions_are_worth() -> None:
    book = book_of(at(0, started(1000.0)), at(1, opened("a")), at(2, EquityMarked(equity=1040.0)))
    assert reading(book, concepts.EQUITY) == 1040.0
    assert reading(book, concepts.BALANCE) == 1000.0


@checks(concepts.EQUITY, within="1e-6 relative")
def test_a_closing_takes_its_own_unrealised_profit_out_of_equity() -> None:
    book = book_of(
        at(0, started(1000.0)),
        at(1, opened("a")),
        at(1, opened("b")),
        at(2, EquityMarked(equity=1030.0, unrealised={"a": 40.0, "b": -10.0})),
        at(3, closed("a", pnl=35.0)),
    )
    assert reading(book, concepts.BALANCE) == 1035.0
    assert reading(book, concepts.EQUITY) == pytest.approx(1025.0)


def test_with_no_trade_left_open_equity_is_the_balance() -> None:
    book = book_of(
        at(0, started(1000.0)), at(1, opened("a")), at(2, EquityMarked(equity=1040.0)), at(3, closed("a", pnl=50.0))
    )
    assert reading(book, concepts.EQUITY) == reading(book, concepts.BALANCE) == 1050.0


def test_the_first_mark_settles_an_unknown_starting_equity() -> None:
    book = book_of(at(0, started(None)), at(1, closed("a", pnl=50.0)), at(2, EquityMarked(equity=1050.0)))
    assert reading(book, concepts.STARTING_EQUITY) == 1000.0
    assert reading(book, concepts.EQUITY) == 1050.0


@checks(concepts.BALANCE, within="exact")
def test_fees_and_parts_of_an_open_trade_are_booked_at_once_and_once() -> None:
    part = TradePartlyClosed(trade_id="a", part=1, quantity=0.5, exit_price=110.0, pnl=5.0)
    entries = [at(0, started(1000.0)), at(1, opened("a", fees=1.0)), at(2, part), at(3, closed("a", pnl=8.0))]
    balances = [reading(book_of(*entries[: count + 1]), concepts.BALANCE) for count in range(len(entries))]
    assert balances == [1000.0, 999.0, 1004.0, 1008.0]
    assert reading(book_of(*entries), concepts.CLOSED_TRADES) == 1


def test_a_deposit_is_neither_profit_nor_a_cure() -> None:
    book = book_of(
        at(0, started(1000.0)), at(1, closed("a", pnl=-100.0)), at(2, CashFlowed(amount=5000.0, reason="deposit"))
    )
    assert reading(book, concepts.NET_PROFIT) == -100.0
    assert reading(book, concepts.BALANCE) == 5900.0
    assert reading(book, concepts.CURRENT_DRAWDOWN) == pytest.approx(0.1)


def test_a_flow_applies_last_in_its_instant() -> None:
    loss_and_flow = (at(1, CashFlowed(amount=1000.0)), at(1, closed("a", pnl=-100.0)))
    for entries in (loss_and_flow, loss_and_flow[::-1]):
        book = book_of(at(0, started(1000.0)), *entries)
        assert reading(book, concepts.CURRENT_DRAWDOWN) == pytest.approx(0.1)


def test_a_mark_beside_a_flow_is_taken_before_it() -> None:
    book = book_of(
        at(0, started(1000.0)), at(1, CashFlowed(amount=-500.0)), at(1, EquityMarked(equity=1100.0, balance=1000.0))
    )
    assert reading(book, concepts.EQUITY) == 600.0
    assert reading(book, concepts.BALANCE) == 500.0


amounts = st.floats(-200, 200).map(lambda amount: round(amount, 2))


@given(st.lists(st.tuples(amounts, amounts.filter(lambda flow: abs(flow) > 1)), max_size=15))
def test_balance_is_start_plus_flows_plus_profit_whatever_happens(moves: list[tuple[float, float]]) -> None:
    entries: list[Entry] = [at(0, started(1e6))]
    for number, (pnl, flow) in enumerate(moves):
        entries += [
            at(2 * number + 1, closed(str(number), pnl=pnl)),
            at(2 * number + 2, CashFlowed(amount=flow), f"flow-{number}"),
        ]
    expected = 1e6 + sum(pnl + flow for pnl, flow in moves)
    assert reading(book_of(*entries), concepts.BALANCE) == pytest.approx(expected, abs=1e-6)
