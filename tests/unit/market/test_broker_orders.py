"""Which orders the paper broker takes, and what becomes of them."""

import math
from dataclasses import replace
from typing import Any

import pytest

from tests.support.trading import NOON, SYMBOLS, ask_to_close, bar, cents, closed, facts, opened, order
from tradewatch.facts import VIRTUAL, Direction, OrderRefused
from tradewatch.market.broker import PaperBroker
from tradewatch.market.limits import Limits
from tradewatch.market.quantities import lots

BUY, SELL = Direction.BUY, Direction.SELL


def refusal(broker: PaperBroker, order_id: str = "1", **changes: Any) -> str | None:  # Any: fields of an order
    """Submit a tenth of a lot of gold with these changes; return the reason of its refusal."""
    terms: dict[str, Any] = {"asset": "XAUUSD", "direction": BUY, "quantity": 0.1, "reference_price": 2_400.0}
    entry = broker.submit(order(order_id, **(terms | changes)))
    if entry is None:
        return None
    assert isinstance(entry.fact, OrderRefused)
    assert entry.time == NOON
    return entry.fact.reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"asset": "XAUEUR"}, "unknown_symbol"),
        ({"asset": "EURUSD"}, "unknown_symbol"),  # not EURUSD+
        ({"quantity": 0.009}, "quantity_too_small"),
        ({"quantity": -1.0}, "quantity_too_small"),
        ({"quantity": math.nan}, "quantity_too_small"),
        ({"quantity": 100.01}, "quantity_too_large"),
        ({"quantity": 0.015}, "quantity_off_step"),
        ({"quantity": 0.1 + 0.2}, None),  # 0.30000000000000004
        ({"reference_price": 0.0}, "reference_price"),
        ({"reference_price": math.nan}, "reference_price"),
        ({"reference_price": math.inf, "mode": VIRTUAL}, "reference_price"),
        ({"stop": 2_400.0}, "stop_side"),
        ({"stop": 2_401.0}, "stop_side"),
        ({"stop": -1.0}, "stop_side"),
        ({"stop": math.nan}, "stop_side"),
        ({"stop": 2_399.0, "take_profit": 2_401.0}, None),
        ({"stop": 2_399.999}, "stop_side"),  # as the symbol's digits have it
        ({"take_profit": 2_399.0}, "take_profit_side"),
        ({"take_profit": math.inf}, "take_profit_side"),
        ({"direction": SELL, "stop": 2_399.0}, "stop_side"),
        ({"direction": SELL, "stop": math.inf}, "stop_side"),
        ({"direction": SELL, "take_profit": 2_401.0}, "take_profit_side"),
        ({"direction": SELL, "take_profit": -1.0}, "take_profit_side"),
        ({"direction": SELL, "stop": 2_401.0, "take_profit": 2_399.0}, None),
        ({"asset": "EURJPY", "reference_price": 165.0}, "no_rate"),
        ({"asset": "USDJPY", "reference_price": 150.0}, "no_rate"),
        ({"asset": "EURJPY", "reference_price": 165.0, "mode": VIRTUAL}, "no_rate"),
    ],
)
def test_an_order_is_taken_or_refused_with_a_reason(changes: dict[str, Any], reason: str | None) -> None:
    assert refusal(PaperBroker(SYMBOLS), **changes) == reason


def test_a_refusal_says_whose_order_it_was_and_why() -> None:
    entry = PaperBroker(SYMBOLS).submit(order("7", "XAUUSD", BUY, 0.015, 2_400.0, agent="SNIPER", engine="A"))
    assert entry is not None
    assert entry.id == "7/refused"
    assert entry.fact == OrderRefused(
        asset="XAUUSD",
        reason="quantity_off_step",
        detail="0.015 lots, the step is 0.01",
        agent="SNIPER",
        engine="A",
    )


def test_leverage_counts_what_is_open_and_what_waits() -> None:
    broker = PaperBroker(SYMBOLS, balance=1_000.0)  # 30,000 at most
    assert refusal(broker, "1", quantity=0.13) == "margin"  # 31,200
    assert refusal(broker, "2", quantity=0.10) is None  # 24,000
    assert refusal(broker, "3", quantity=0.03) == "margin"
    facts(broker, bar("XAUUSD", 1, 2_400.0))
    assert refusal(broker, "4", quantity=0.03) == "margin"
    assert refusal(broker, "5", quantity=0.02) is None  # 28,800
    facts(broker, bar("XAUUSD", 2, 2_390.0))  # 100 dollars lost: 27,000 at most
    assert refusal(broker, "6", quantity=0.01) == "margin"


def test_an_account_without_equity_takes_nothing() -> None:
    assert refusal(PaperBroker(SYMBOLS, balance=0.0)) == "margin"
    assert refusal(PaperBroker(SYMBOLS, balance=-1.0)) == "margin"


def test_positions_are_limited_in_all_and_per_asset_and_waiting_orders_count() -> None:
    broker = PaperBroker(SYMBOLS, balance=1e6, limits=Limits(positions=3, positions_per_asset=2))
    assert refusal(broker, "1") is None
    facts(broker, bar("XAUUSD", 1, 2_400.0))
    assert refusal(broker, "2") is None
    assert refusal(broker, "3") == "asset_position_limit"
    assert refusal(broker, "4", asset="BTCUSD", reference_price=50_000.0) is None
    assert refusal(broker, "5", asset="BTCUSD", reference_price=50_000.0) == "position_limit"
    assert broker.cancel("2")
    assert not broker.cancel("2")
    assert refusal(broker, "5", asset="BTCUSD", reference_price=50_000.0) is None


def test_an_order_sent_twice_is_executed_once() -> None:
    broker = PaperBroker(SYMBOLS)
    asked = order("1", "XAUUSD", BUY, 0.1, 2_400.0, stop=2_390.0)
    assert broker.submit(asked) is None
    assert broker.submit(asked) is None
    assert len(facts(broker, bar("XAUUSD", 1, 2_400.0))) == 1
    broker.submit(asked)
    closed(broker, bar("XAUUSD", 2, 2_380.0))
    broker.submit(asked)
    assert facts(broker, bar("XAUUSD", 3, 2_400.0)) == []
    again = PaperBroker(SYMBOLS)
    again.restore(broker.state())
    again.submit(asked)
    assert facts(again, bar("XAUUSD", 4, 2_400.0)) == []


def test_an_order_that_was_refused_may_come_again() -> None:
    broker = PaperBroker(SYMBOLS)
    asked = order("1", "USDJPY", BUY, 0.1, 150.0)
    assert broker.submit(asked) is not None
    facts(broker, bar("USDJPY", 0, 150.0))
    assert broker.submit(asked) is None


def test_a_quantity_is_what_a_person_would_write() -> None:
    asked = order("1", "XAUUSD", BUY, 0.1 + 0.2, 2_400.0)  # 0.30000000000000004
    assert opened(PaperBroker(SYMBOLS, balance=1e6), asked, bar("XAUUSD", 1, 2_400.0)).quantity == 0.3


def test_an_order_waits_for_the_next_price_of_its_asset() -> None:
    broker = PaperBroker(SYMBOLS)
    broker.submit(order("1", "XAUUSD", BUY, 0.1, 2_400.0))
    assert facts(broker, bar("EURUSD+", 1, 1.1), bar("XAUUSD", 0, 2_300.0)) == []  # the second is not after it
    assert [each.id for each in broker.waiting] == ["1"]
    entry = opened(broker, order("2", "EURUSD+", BUY, 0.1, 1.1), bar("XAUUSD", 1, (2_401.0, 2_402.0, 2_399.0, 2_400.0)))
    assert entry.entry_price == 2_401.03


def test_a_closing_waits_for_the_next_price_too() -> None:
    broker = PaperBroker(SYMBOLS)
    opened(broker, order("1", "XAUUSD", BUY, 0.1, 2_400.0), bar("XAUUSD", 1, 2_400.0))
    assert ask_to_close(broker, "1", 1)
    assert facts(broker, bar("XAUUSD", 1, 2_500.0)) == []
    assert cents(closed(broker, bar("XAUUSD", 2, 2_410.0)).exit_price) == 2_409.97


def test_closing_is_asked_for_once_and_of_what_is_open() -> None:
    broker = PaperBroker(SYMBOLS)
    assert not ask_to_close(broker, "1", 1)
    opened(broker, order("1", "XAUUSD", BUY, 0.1, 2_400.0), bar("XAUUSD", 1, 2_400.0))
    assert not ask_to_close(broker, "1", 1, quantity=0.009)
    assert ask_to_close(broker, "1", 1, quantity=0.029)  # 0.02
    assert ask_to_close(broker, "1", 1)
    assert not ask_to_close(broker, "1", 1)
    told = facts(broker, bar("XAUUSD", 2, 2_400.0))
    assert [getattr(fact, "quantity", None) for fact in told] == [0.02, 0.1]
    assert broker.positions == []


def test_a_rest_below_the_smallest_lot_is_closed_too() -> None:
    broker = PaperBroker({"XAUUSD": replace(SYMBOLS["XAUUSD"], smallest_lot=0.1)})
    opened(broker, order("1", "XAUUSD", BUY, 0.25, 2_400.0), bar("XAUUSD", 1, 2_400.0))
    ask_to_close(broker, "1", 1, quantity=0.2)
    assert closed(broker, bar("XAUUSD", 2, 2_400.0)).quantity == 0.25


def test_the_broker_says_what_is_open() -> None:
    broker = PaperBroker(SYMBOLS)
    asked = order("1", "XAUUSD", SELL, 0.1, 2_400.0, stop=2_410.0, take_profit=2_380.0, agent="SNIPER")
    opened(broker, asked, bar("XAUUSD", 1, 2_400.0))
    (position,) = broker.positions
    assert (position.trade_id, position.asset, position.direction) == ("1", "XAUUSD", SELL)
    assert (position.quantity, position.entry_price) == (0.1, 2_399.97)
    assert (position.stop, position.take_profit) == (2_410.0, 2_380.0)
    assert position.opened_at == bar("", 1, 1.0).time
    assert cents(position.unrealised) == -0.30
    assert position.order == asked
    assert not position.is_virtual


def test_virtual_trades_are_filled_and_charged_alike_and_move_no_money() -> None:
    real, imagined = PaperBroker(SYMBOLS), PaperBroker(SYMBOLS, balance=0.0, limits=Limits(positions=0))
    told = []
    for broker, mode in ((real, None), (imagined, VIRTUAL)):
        asked = order("1", "BTCUSD", BUY, 0.5, 50_000.0, stop=49_000.0, mode=mode)
        opened(broker, asked, bar("BTCUSD", 1, 50_000.0, spread=10.0))
        mark = broker.mark(NOON)
        ask_to_close(broker, "1", 1, quantity=0.1)
        facts(broker, bar("BTCUSD", 2, 50_500.0, spread=10.0))
        told.append((mark, closed(broker, bar("BTCUSD", 3, 48_000.0, spread=10.0)), broker.settlements[0]))
    assert told[0][1].pnl == told[1][1].pnl
    assert told[0][2].costs == told[1][2].costs
    assert told[1][1].mode == told[1][2].mode == VIRTUAL
    assert (imagined.balance, imagined.equity, imagined.exposure) == (0.0, 0.0, 0.0)
    assert getattr(told[1][0].fact, "unrealised", None) == {}


def test_virtual_trades_count_for_no_limit() -> None:
    broker = PaperBroker(SYMBOLS, balance=1_000.0, limits=Limits(positions=1))
    for number in range(5):
        assert refusal(broker, f"virtual-{number}", mode=VIRTUAL) is None
    assert refusal(broker, "1", quantity=0.12) is None
    facts(broker, bar("XAUUSD", 1, 2_400.0))
    assert len(broker.positions) == 6
    assert sum(position.is_virtual for position in broker.positions) == 5


def test_a_quantity_is_rounded_down_to_what_may_be_ordered() -> None:
    gold = SYMBOLS["XAUUSD"]
    asked = (0.299, 0.29, 0.0099, -1.0, math.nan, math.inf, 250.0)
    assert [lots(gold, quantity) for quantity in asked] == [0.29, 0.29, 0.0, 0.0, 0.0, 100.0, 100.0]
