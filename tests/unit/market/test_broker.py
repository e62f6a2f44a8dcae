"""Trades whose every cent a person can reckon."""

import pytest

from tests.support.trading import NOON, SYMBOLS, ask_to_close, bar, cents, closed, facts, opened, order
from tradewatch.errors import ConfigurationError
from tradewatch.facts import CashFlowed, Direction, EquityMarked, TradePartlyClosed
from tradewatch.market.broker import PaperBroker

BUY, SELL = Direction.BUY, Direction.SELL
DAY = 24 * 60  # minutes


def test_half_a_lot_of_euros_is_bought_at_the_next_open_and_sold_at_the_one_after_it_was_asked() -> None:
    broker = PaperBroker(SYMBOLS)
    asked = order("1", "EURUSD+", BUY, 0.5, 1.1)
    entry = opened(broker, asked, bar("EURUSD+", 1, (1.10020, 1.10060, 1.10000, 1.10040), spread=0.00008))
    # open 1.10020 + half a spread 0.00004 + slippage 0.00001
    assert entry.entry_price == pytest.approx(1.10025, abs=1e-12)
    assert entry.entry_reference_price == 1.1
    assert entry.fees == 1.5  # 0.5 lots at 3.00
    assert cents(broker.balance) == 9_998.50
    # it could be sold at 1.10040 - 0.00004: 0.00011 * 50,000 = 5.50
    assert cents(broker.equity) == 10_004.00
    assert cents(broker.exposure) == 55_020.00  # 0.5 * 100,000 * 1.10040
    ask_to_close(broker, "1", 1)
    fact = closed(broker, bar("EURUSD+", 2, 1.10100, spread=0.00008))
    # 1.10100 - 0.00004 - 0.00001 = 1.10095; 0.00070 * 50,000 = 35.00, less 2 * 1.50
    assert fact.exit_price == pytest.approx(1.10095, abs=1e-12)
    assert cents(fact.pnl) == 32.00
    assert fact.pnl == fact.recomputed_pnl
    assert (fact.exit_reason, fact.fees, fact.funding) == ("signal", 3.0, 0.0)
    assert cents(broker.balance) == cents(broker.equity) == 10_032.00
    # at mid prices: 0.00080 * 50,000 = 40.00
    (settled,) = broker.settlements
    assert cents(settled.costs) == 8.00
    assert [cents(part) for part in (settled.spread, settled.slippage, settled.fees)] == [4.00, 1.00, 3.00]


def test_a_fifth_of_a_lot_of_dollars_for_yen_is_worth_what_yen_are_worth_when_it_is_sold() -> None:
    broker = PaperBroker(SYMBOLS)
    facts(broker, bar("USDJPY", 0, 150.0))
    entry = opened(broker, order("1", "USDJPY", BUY, 0.2, 150.0), bar("USDJPY", 1, 150.0, spread=0.010))
    # 150.000 + 0.005 + 0.001; a lot gains 100,000 / 150 dollars per yen
    assert entry.entry_price == pytest.approx(150.006, abs=1e-9)
    assert entry.contract_value == pytest.approx(666.6667, abs=1e-4)
    # two nights of +9 points: 0.009 * 20,000 = 180 yen, 1.20 dollars at 150.000
    facts(broker, bar("USDJPY", DAY + 1, 150.0, spread=0.010))
    # less 0.60 of commission, and it could be sold at 149.995: 0.011 * 20,000 / 150 = 1.47
    assert cents(broker.equity) == 9_999.13
    ask_to_close(broker, "1", DAY + 1)
    fact = closed(broker, bar("USDJPY", 2 * DAY + 1, 151.0, spread=0.010))
    # 151.000 - 0.005 - 0.001 = 150.994; 0.988 * 20,000 = 19,760 yen / 151 = 130.86 dollars
    assert cents(fact.funding) == -2.40
    assert cents(fact.fees) == 1.20
    assert cents(fact.pnl) == 132.06  # 130.86 + 2.40 - 1.20
    assert fact.pnl == fact.recomputed_pnl
    assert cents(broker.balance) == 10_132.06


def test_gold_is_sold_and_bought_back_two_nights_later() -> None:
    broker = PaperBroker(SYMBOLS)
    opened(broker, order("1", "XAUUSD", SELL, 0.3, 2_400.0), bar("XAUUSD", 1, 2_400.0, spread=0.20))
    # sold at 2,400.00 - 0.10 - 0.03; two nights of +15 points: 0.15 * 100 * 0.3 = 4.50 each
    ask_to_close(broker, "1", DAY)
    fact = closed(broker, bar("XAUUSD", 2 * DAY, 2_390.0, spread=0.20))
    # a fall of 9.74 from 2,399.87 to 2,390.13: 9.74 * 30 = 292.20
    assert fact.entry_price == pytest.approx(2_399.87, abs=1e-9)
    assert fact.exit_price == pytest.approx(2_390.13, abs=1e-9)
    assert cents(fact.funding) == -9.00
    assert cents(fact.fees) == 1.80
    assert cents(fact.pnl) == 299.40  # 292.20 + 9.00 - 1.80
    # at mid prices 10.00 * 30 = 300.00
    assert cents(broker.settlements[0].costs) == 0.60


def test_each_side_costs_the_spread_of_its_own_time() -> None:
    broker = PaperBroker(SYMBOLS)
    opened(broker, order("1", "XAUUSD", BUY, 1.0, 2_400.0), bar("XAUUSD", 1, 2_400.0, spread=0.20))
    ask_to_close(broker, "1", 1)
    fact = closed(broker, bar("XAUUSD", 2, 2_400.0, spread=0.60))
    # 0.10 and 0.30, twice 0.03 of slippage: 0.46 * 100 = 46.00; 6.00 of commission
    assert cents(fact.pnl) == -52.00
    (settled,) = broker.settlements
    assert [cents(part) for part in (settled.spread, settled.slippage, settled.costs)] == [40.00, 6.00, 52.00]


def test_half_a_bitcoin_is_sold_in_two_parts_that_make_the_whole() -> None:
    broker = PaperBroker(SYMBOLS)
    opened(broker, order("1", "BTCUSD", BUY, 0.5, 50_000.0), bar("BTCUSD", 1, 50_000.0, spread=10.0))
    # bought at 50,007: 0.0002 * 0.5 * 50,007 = 5.00 of commission
    assert cents(broker.balance) == 9_995.00
    ask_to_close(broker, "1", 1, quantity=0.2)
    (part,) = facts(broker, bar("BTCUSD", 2, 51_000.0, spread=10.0))
    # sold at 50,993: 986 * 0.2 = 197.20, less 0.0002 * 0.2 * 50,993 = 2.04
    assert isinstance(part, TradePartlyClosed)
    assert (part.part, part.quantity, cents(part.pnl)) == (1, 0.2, 195.16)
    assert cents(broker.balance) == 10_190.16
    assert broker.positions[0].quantity == 0.3
    ask_to_close(broker, "1", 2)
    fact = closed(broker, bar("BTCUSD", 3, 49_000.0, spread=10.0))
    # sold at 48,993: -1,014 * 0.3 = -304.20, less 0.0002 * 0.3 * 48,993 = 2.94; and 5.00 + 2.04 before
    assert fact.quantity == 0.5
    assert cents(fact.fees) == 9.98  # both sides
    assert cents(fact.pnl) == -116.98  # 197.20 - 304.20 - 9.98
    assert fact.exit_price == pytest.approx(49_793.0)  # (0.2 * 50,993 + 0.3 * 48,993) / 0.5
    assert fact.recomputed_pnl == fact.pnl
    assert cents(broker.balance) == 9_883.02
    # 9.98 of commission, a spread of 10 * 0.5 = 5.00 and slippage of 4 * 0.5 = 2.00
    assert cents(broker.settlements[0].costs) == 16.98


def test_a_part_takes_its_share_of_the_swap_with_it() -> None:
    broker = PaperBroker(SYMBOLS)
    opened(broker, order("1", "EURUSD+", BUY, 0.4, 1.1), bar("EURUSD+", 1, 1.1))
    ask_to_close(broker, "1", 2, quantity=0.1)
    (part,) = facts(broker, bar("EURUSD+", DAY, 1.1))
    # slippage 0.00002 * 10,000 = 0.20; commission 0.30; a night: 6.5 * 0.4 = 2.60, of which a quarter
    assert isinstance(part, TradePartlyClosed)
    assert cents(part.pnl) == -1.15
    assert cents(broker.equity - broker.balance) == -2.25  # slippage 0.30, and 1.95 of swap
    ask_to_close(broker, "1", DAY)
    fact = closed(broker, bar("EURUSD+", 2 * DAY, 1.1))
    assert cents(fact.funding) == 4.55  # 2.60, and 1.95 for 0.3 lots in the second night
    assert cents(fact.pnl) == -7.75  # 0.80 + 2.40 + 4.55
    assert cents(broker.balance) == 9_992.25


def test_what_is_left_of_a_position_is_a_number_of_lots() -> None:
    broker = PaperBroker(SYMBOLS)
    opened(broker, order("1", "EURUSD+", BUY, 0.3, 1.1), bar("EURUSD+", 1, 1.1))
    ask_to_close(broker, "1", 1, quantity=0.1)
    facts(broker, bar("EURUSD+", 2, 1.1))
    assert broker.positions[0].quantity == 0.2  # 0.3 - 0.1 is 0.19999999999999998


def test_parts_closed_at_several_rates_of_conversion_make_the_whole() -> None:
    broker = PaperBroker(SYMBOLS)
    facts(broker, bar("USDJPY", 0, 150.0))
    opened(broker, order("1", "EURJPY", BUY, 0.1, 165.0), bar("EURJPY", 1, 165.0))
    ask_to_close(broker, "1", 1, quantity=0.05)
    (part,) = facts(broker, bar("EURJPY", 2, 166.0))
    assert isinstance(part, TradePartlyClosed)
    assert cents(part.pnl) == 33.33  # 1 * 5,000 / 150
    facts(broker, bar("USDJPY", 2, 160.0))
    ask_to_close(broker, "1", 2)
    fact = closed(broker, bar("EURJPY", 3, 167.0))
    assert cents(fact.pnl) == 95.83  # 33.33 + 2 * 5,000 / 160
    assert fact.pnl == fact.recomputed_pnl


def test_the_account_may_be_in_the_base_currency() -> None:
    broker = PaperBroker(SYMBOLS, currency="EUR")
    facts(broker, bar("EURUSD+", 0, 1.25))
    opened(broker, order("1", "BTCUSD", BUY, 0.1, 50_000.0), bar("BTCUSD", 1, 50_000.0))
    ask_to_close(broker, "1", 1)
    fact = closed(broker, bar("BTCUSD", 2, 50_500.0))
    # 496 * 0.1 = 49.60 dollars = 39.68 euros; 0.0002 * 0.1 * (50,002 + 50,498) = 2.01 dollars = 1.608 euros
    assert cents(fact.pnl) == 38.07
    assert fact.currency == "EUR"


def test_an_instrument_whose_currency_nothing_converts_is_a_mistake_of_the_configuration() -> None:
    with pytest.raises(ConfigurationError, match="EURJPY is priced in JPY, which no symbol converts to USD"):
        PaperBroker({"EURJPY": SYMBOLS["EURJPY"]})


def test_nights_are_counted_when_they_are_over() -> None:
    broker = PaperBroker(SYMBOLS)
    midnight = DAY / 2
    opened(broker, order("1", "EURUSD+", BUY, 1.0, 1.1), bar("EURUSD+", midnight - 1, 1.1))
    assert cents(broker.equity - broker.balance) == -1.00
    facts(broker, bar("EURUSD+", midnight, 1.1))
    assert cents(broker.equity - broker.balance) == -7.50  # the bar that ends at midnight ends the night
    facts(broker, bar("EURUSD+", midnight + 1, 1.1))
    broker.roll(bar("", midnight + DAY - 1, 1.0).time)
    assert cents(broker.equity - broker.balance) == -7.50
    broker.mark(bar("", midnight + 3 * DAY, 1.0).time)  # a weekend without prices
    assert cents(broker.equity - broker.balance) == -27.00


def test_a_position_closed_in_the_bar_that_ends_at_midnight_pays_no_swap() -> None:
    broker = PaperBroker(SYMBOLS)
    opened(broker, order("1", "EURUSD+", BUY, 1.0, 1.1, stop=1.09), bar("EURUSD+", 1, 1.1))
    assert closed(broker, bar("EURUSD+", DAY / 2, (1.1, 1.1, 1.08, 1.1))).funding == 0.0


def test_a_position_opened_in_the_bar_that_ends_at_midnight_was_held_over_it() -> None:
    broker = PaperBroker(SYMBOLS)
    opened(broker, order("1", "EURUSD+", BUY, 1.0, 1.1), bar("EURUSD+", DAY / 2, 1.1))
    assert cents(broker.equity - broker.balance) == -7.50


def test_a_tick_at_midnight_comes_after_the_night() -> None:
    broker = PaperBroker(SYMBOLS)
    opened(broker, order("1", "EURUSD+", BUY, 1.0, 1.1, stop=1.09), bar("EURUSD+", 1, 1.1, interval=0))
    assert closed(broker, bar("EURUSD+", DAY / 2, 1.08, interval=0)).funding == pytest.approx(6.5)


@pytest.mark.parametrize("held", [1, 7, 100])
def test_buying_a_rising_line_makes_what_arithmetic_says(held: int) -> None:
    broker = PaperBroker(SYMBOLS)
    for minute in range(held + 2):
        if minute == 0:
            broker.submit(order("1", "XAUUSD", BUY, 1.0, 2_400.0))
        if minute == held:
            ask_to_close(broker, "1", held)
        broker.on_bar(bar("XAUUSD", minute + 1, 2_400.0 + 0.25 * minute, spread=0.20))
    # 25 dollars a minute; a spread of 20.00, slippage of 6.00, commission of 6.00
    assert cents(broker.balance) == 10_000.00 + 25.00 * held - 32.00
    assert broker.equity == broker.balance


def test_a_mark_tells_equity_balance_and_the_worth_of_real_positions() -> None:
    broker = PaperBroker(SYMBOLS)
    opened(broker, order("1", "XAUUSD", BUY, 0.1, 2_400.0), bar("XAUUSD", 1, 2_400.0))
    opened(broker, order("2", "EURUSD+", SELL, 0.1, 1.1), bar("EURUSD+", 1, 1.1))
    mark = broker.mark(NOON).fact
    assert isinstance(mark, EquityMarked)
    assert {trade: cents(amount) for trade, amount in mark.unrealised.items()} == {"1": -0.30, "2": -0.10}
    assert mark.balance == broker.balance == 9_999.40
    assert mark.equity == broker.equity
    assert cents(mark.equity) == 9_999.00
    assert cents(mark.exposure) == 24_000.00 + 11_000.00
    assert broker.mark(NOON).id != broker.mark(NOON).id


def test_what_is_paid_in_is_on_the_account() -> None:
    broker = PaperBroker(SYMBOLS, balance=100.0)
    entry = broker.deposit(50.0, time=NOON, reason="salary")
    broker.deposit(-20.0, time=NOON)
    assert broker.balance == broker.equity == 130.0
    assert entry.fact == CashFlowed(amount=50.0, reason="salary")
