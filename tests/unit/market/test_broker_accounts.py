"""Money is neither made nor lost on the way: balance, equity and facts agree whatever happens."""

from datetime import timedelta
from math import fsum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.books import book_of
from tests.support.busy_trader import chance, trade
from tests.support.facts import started
from tests.support.trading import NOON, SYMBOLS, bar
from tradewatch.facts import (
    VIRTUAL,
    Canonical,
    CashFlowed,
    Entry,
    EquityMarked,
    TradeClosed,
    TradeOpened,
    TradePartlyClosed,
    canonical,
)
from tradewatch.market.broker import PaperBroker
from tradewatch.market.settling import Settlement

SEEDS = st.integers(0, 2**32)
START = 10_000.0


def told(broker: PaperBroker, seed: int, minutes: int = 60) -> list[Entry]:
    randomness = chance(seed)
    return [entry for minute in range(1, minutes) for entry in trade(broker, randomness, minute)]


def moved(entries: list[Entry]) -> float:
    """Return what facts say the balance has moved by."""
    virtual = {each.fact.trade_id for each in entries if getattr(each.fact, "mode", None) == VIRTUAL}  # type: ignore[attr-defined] # trades only
    booked: dict[str, list[float]] = {}
    for _, _, fact in entries:
        if isinstance(fact, TradeOpened):
            booked[fact.trade_id] = [-fact.fees]
        elif isinstance(fact, TradePartlyClosed):
            booked[fact.trade_id].append(fact.pnl)
        elif isinstance(fact, TradeClosed):
            booked[fact.trade_id] = [fact.pnl or 0.0]
        elif isinstance(fact, CashFlowed):
            booked[f"flow {len(booked)}"] = [fact.amount]
    return fsum(amount for trade_id, amounts in booked.items() if trade_id not in virtual for amount in amounts)


@given(seed=SEEDS)
@settings(max_examples=10, deadline=None)
def test_the_balance_is_the_start_with_all_that_was_realised_and_paid_in(seed: int) -> None:
    broker, randomness, entries = PaperBroker(SYMBOLS, balance=START), chance(seed), list[Entry]()
    for minute in range(1, 40):
        entries += trade(broker, randomness, minute)
        assert broker.balance == pytest.approx(START + moved(entries), abs=1e-9)
        unrealised = fsum(position.unrealised for position in broker.positions if not position.is_virtual)
        assert broker.equity - broker.balance == pytest.approx(unrealised, abs=1e-9)


@given(seed=SEEDS)
@settings(max_examples=10, deadline=None)
def test_the_equity_follows_all_that_moves_it_however_often_it_is_asked_for(seed: int) -> None:
    broker, again, randomness = PaperBroker(SYMBOLS, balance=START), PaperBroker(SYMBOLS), chance(seed)
    for minute in range(1, 30):
        now = bar("", minute * 360, 1.0).time
        trade(broker, randomness, minute)
        for move in (
            lambda: broker.on_bar(bar("EURUSD+", minute * 360, 1.1 + minute * 1e-4)),  # noqa: B023 - called at once
            lambda: broker.roll(now + timedelta(days=1)),  # noqa: B023 - called at once
            lambda: broker.deposit(10.0, time=now),  # noqa: B023 - called at once
        ):
            assert broker.equity == broker.equity
            move()
            again.restore(broker.state())  # computes it anew
            assert broker.equity == again.equity


@given(seed=SEEDS)
@settings(max_examples=10, deadline=None)
def test_a_closing_is_the_sum_of_its_parts(seed: int) -> None:
    closings = [entry.fact for entry in told(PaperBroker(SYMBOLS), seed) if isinstance(entry.fact, TradeClosed)]
    assert closings
    for fact in closings:
        assert fact.pnl == fact.recomputed_pnl
        assert fact.worst_unrealised is not None
        assert fact.best_unrealised is not None
        assert fact.worst_unrealised <= fact.best_unrealised
        assert fact.worst_unrealised < 0  # it began with the spread


@given(seed=SEEDS)
@settings(max_examples=10, deadline=None)
def test_the_book_of_the_facts_has_the_same_account(seed: int) -> None:
    broker = PaperBroker(SYMBOLS, balance=START)
    randomness, entries = chance(seed), [Entry(NOON, "run", started(equity=START))]
    for minute in range(1, 30):
        entries += trade(broker, randomness, minute)
    book = book_of(*entries)
    mark = entries[-1].fact
    assert isinstance(mark, EquityMarked)
    account = book.account.settled(entries[-1].time, entries[-1].time)
    assert account.balance == pytest.approx(broker.balance, abs=1e-9)
    assert account.balance == pytest.approx(mark.balance, abs=1e-9)
    assert mark.equity == broker.equity


@given(seed=SEEDS)
@settings(max_examples=10, deadline=None)
def test_every_fact_is_fit_for_a_ledger(seed: int) -> None:
    checked = [canonical(entry) for entry in told(PaperBroker(SYMBOLS), seed)]
    assert [each for each in checked if not isinstance(each, Canonical)] == []


@given(seed=SEEDS)
@settings(max_examples=10, deadline=None)
def test_no_fill_is_better_than_half_the_spread(seed: int) -> None:
    broker, randomness, settled = PaperBroker(SYMBOLS), chance(seed), list[Settlement]()
    for minute in range(1, 40):
        trade(broker, randomness, minute)
        settled += broker.settlements
    assert settled
    assert all(each.spread > 0 and each.slippage > -1e-9 and each.fees >= 0 for each in settled)
