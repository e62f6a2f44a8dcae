"""Trades whose every cent a person can reckon."""

import pytest

from tests.support.trading import NOON, SYMBOLS, bar, order
from tradewatch.facts import Direction, EquityMarked, Fact, TradeClosed, TradeOpened
from tradewatch.market.bars import Bar
from tradewatch.market.broker import PaperBroker
from tradewatch.market.limits import Limits

BUY, SELL = Direction.BUY, Direction.SELL
ANY_SIZE = Limits(leverage=1e9)


def cents(amount: float | None) -> float:
    assert amount is not None
    return round(amount, 2)


def facts(broker: PaperBroker, *bars: Bar) -> list[Fact]:
    return [entry.fact for each in bars for entry in broker.on_bar(each)]


def closed(broker: PaperBroker, *bars: Bar) -> TradeClosed:
    """Show bars, of which the last must close one trade, and return its closing."""
    fact = facts(broker, *bars)[-1]
    assert isinstance(fact, TradeClosed)
    return fact


def test_half_a_lot_of_euros_is_bought_at_the_next_open_and_sold_at_the_one_after_it_was_asked() -> None:
    broker = PaperBroker(SYMBOLS)
    assert broker.submit(order("1", "EURUSD+", BUY, 0.5, 1.1)) is None
    (opened,) = facts(broker, bar("EURUSD+", 1, (1.10020, 1.10060, 1.10000, 1.10040), spread=0.00008))
    assert isinstance(opened, TradeOpened)
    # open 1.10020 + half a spread 0.00004 + slippage 0.00001
    assert opened.entry_price == pytest.approx(1.10025)
    assert opened.fees == 1.5  # 0.5 lots at 3.00
    assert cents(broker.balance) == 9_998.50
    # it could be sold at 1.10040 - 0.00004: 0.00011 * 50,000 = 5.50
    assert cents(broker.equity) == 10_004.00
    mark = broker.mark(NOON).fact
    assert isinstance(mark, EquityMarked)
    assert cents(mark.unrealised["1"]) == 5.50
    assert broker.close("1", time=bar("", 1, 1.0).time, reason="signal", reference_price=1.10040)
    fact = closed(broker, bar("EURUSD+", 2, 1.10100, spread=0.00008))
    # 1.10100 - 0.00004 - 0.00001 = 1.10095; 0.00070 * 50,000 = 35.00, less 2 * 1.50
    assert fact.exit_price == pytest.approx(1.10095)
    assert cents(fact.pnl) == 32.00
    assert fact.pnl == fact.recomputed_pnl
    assert fact.exit_reason == "signal"
    assert cents(broker.balance) == cents(broker.equity) == 10_032.00
    # at mid prices: 0.00080 * 50,000 = 40.00
    (settled,) = broker.settlements
    assert cents(settled.costs) == 8.00
    assert [cents(part) for part in settled[-4:]] == [4.00, 1.00, 3.00, 0.00]


def test_a_bar_that_touches_both_takes_the_stop() -> None:
    broker = PaperBroker(SYMBOLS)
    broker.submit(order("1", "EURUSD+", BUY, 0.5, 1.1, stop=1.095, take_profit=1.105))
    fact = closed(broker, bar("EURUSD+", 1, (1.1, 1.106, 1.094, 1.1)))
    assert fact.exit_reason == "stop_loss"
    # bought at 1.10001, sold at 1.09499: 0.00502 * 50,000 = 251.00, and 3.00 of commission
    assert cents(fact.pnl) == -254.00
