"""Stops and take-profits, bar by bar, in gold: 0.1 lots are 10 dollars for each dollar; slippage is 0.03."""

from math import inf, nan

import pytest

from tests.support.trading import SYMBOLS, ask_to_close, bar, cents, closed, facts, opened, order
from tradewatch.facts import Direction
from tradewatch.market.broker import PaperBroker

BUY, SELL = Direction.BUY, Direction.SELL

Prices = tuple[float, float, float, float]


def holding(direction: Direction, stop: float | None = None, take_profit: float | None = None) -> PaperBroker:
    """Return a broker with 0.1 lots of gold, opened at a mid price of 2,400."""
    broker = PaperBroker(SYMBOLS)
    asked = order("1", "XAUUSD", direction, 0.1, 2_400.0, stop=stop, take_profit=take_profit)
    opened(broker, asked, bar("XAUUSD", 1, 2_400.0, spread=0.20))
    return broker


@pytest.mark.parametrize(
    ("direction", "stop", "prices", "price"),
    [
        (BUY, 2_390.0, (2_400.0, 2_401.0, 2_390.10, 2_395.0), 2_389.97),  # the bid is 2,390.00 at the low
        (BUY, 2_390.0, (2_400.0, 2_401.0, 2_380.0, 2_395.0), 2_389.97),
        (BUY, 2_390.0, (2_385.0, 2_401.0, 2_384.0, 2_395.0), 2_384.87),  # a gap: the open's bid, less slippage
        (BUY, 2_390.0, (2_390.05, 2_401.0, 2_390.0, 2_395.0), 2_389.92),  # the bid opens at 2,389.95
        (SELL, 2_410.0, (2_400.0, 2_409.90, 2_399.0, 2_405.0), 2_410.03),  # the ask is 2,410.00 at the high
        (SELL, 2_410.0, (2_415.0, 2_416.0, 2_399.0, 2_405.0), 2_415.13),
    ],
)
def test_a_stop_is_filled_where_the_closing_side_reaches_it(
    direction: Direction, stop: float, prices: Prices, price: float
) -> None:
    fact = closed(holding(direction, stop=stop), bar("XAUUSD", 2, prices, spread=0.20))
    assert fact.exit_price == pytest.approx(price, abs=1e-9)
    assert (fact.exit_reason, fact.exit_reference_price, fact.stop) == ("stop_loss", stop, stop)


@pytest.mark.parametrize(
    ("direction", "target", "prices", "price"),
    [
        (BUY, 2_410.0, (2_400.0, 2_410.10, 2_399.0, 2_405.0), 2_410.0),  # the bid is 2,410.00 at the high
        (BUY, 2_410.0, (2_412.0, 2_420.0, 2_399.0, 2_405.0), 2_411.90),  # the open is better
        (SELL, 2_390.0, (2_400.0, 2_401.0, 2_389.90, 2_395.0), 2_390.0),
        (SELL, 2_390.0, (2_388.0, 2_401.0, 2_380.0, 2_395.0), 2_388.10),
    ],
)
def test_a_take_profit_gets_its_price_or_a_better_open(
    direction: Direction, target: float, prices: Prices, price: float
) -> None:
    fact = closed(holding(direction, take_profit=target), bar("XAUUSD", 2, prices, spread=0.20))
    assert fact.exit_price == pytest.approx(price, abs=1e-9)
    assert (fact.exit_reason, fact.exit_reference_price, fact.take_profit) == ("take_profit", target, target)


@pytest.mark.parametrize(
    ("direction", "stop", "target", "prices"),
    [
        (BUY, 2_390.0, 2_410.0, (2_400.0, 2_410.09, 2_390.11, 2_400.0)),
        (SELL, 2_410.0, 2_390.0, (2_400.0, 2_409.89, 2_389.91, 2_400.0)),
    ],
)
def test_a_level_that_only_the_other_side_of_the_spread_reaches_is_not_reached(
    direction: Direction, stop: float, target: float, prices: Prices
) -> None:
    assert facts(holding(direction, stop, target), bar("XAUUSD", 2, prices, spread=0.20)) == []


@pytest.mark.parametrize(("direction", "stop", "target"), [(BUY, 2_390.0, 2_410.0), (SELL, 2_410.0, 2_390.0)])
def test_of_two_levels_inside_a_bar_the_stop_is_taken(direction: Direction, stop: float, target: float) -> None:
    fact = closed(holding(direction, stop, target), bar("XAUUSD", 2, (2_400.0, 2_411.0, 2_389.0, 2_400.0)))
    assert fact.exit_reason == "stop_loss"


def test_a_bar_that_opens_beyond_the_take_profit_was_there_before_it_fell_to_the_stop() -> None:
    fact = closed(holding(BUY, 2_390.0, 2_410.0), bar("XAUUSD", 2, (2_412.0, 2_412.0, 2_389.0, 2_400.0)))
    assert (fact.exit_reason, fact.exit_price) == ("take_profit", 2_412.0)


def test_a_trade_may_be_stopped_in_the_bar_that_opens_it() -> None:
    broker = PaperBroker(SYMBOLS)
    broker.submit(order("1", "XAUUSD", BUY, 0.1, 2_400.0, stop=2_390.0))
    fact = closed(broker, bar("XAUUSD", 1, (2_400.0, 2_401.0, 2_389.0, 2_400.0)))
    # bought at 2,400.03, sold at 2,389.97: 10.06 * 10 = 100.60, and 0.60 of commission
    assert cents(fact.pnl) == -101.20
    assert broker.positions == []


def test_a_gap_beyond_the_stop_before_the_trade_is_opened_costs_both_sides() -> None:
    broker = PaperBroker(SYMBOLS)
    broker.submit(order("1", "XAUUSD", BUY, 0.1, 2_400.0, stop=2_390.0))
    fact = closed(broker, bar("XAUUSD", 1, 2_380.0, spread=0.20))
    assert cents(fact.pnl) == -3.20  # 0.26 * 10, and 0.60


def test_what_was_asked_to_be_closed_is_closed_before_the_bar_reaches_its_stop() -> None:
    broker = holding(BUY, stop=2_390.0)
    ask_to_close(broker, "1", 1)
    fact = closed(broker, bar("XAUUSD", 2, (2_399.0, 2_399.0, 2_380.0, 2_385.0), spread=0.20))
    assert (fact.exit_reason, cents(fact.exit_price)) == ("signal", 2_398.87)


def test_extremes_are_those_of_what_the_position_could_have_been_closed_at() -> None:
    broker = holding(BUY)  # at 2,400.13
    facts(broker, bar("XAUUSD", 2, (2_400.0, 2_410.0, 2_395.0, 2_405.0), spread=0.20))
    ask_to_close(broker, "1", 2)
    fact = closed(broker, bar("XAUUSD", 3, (2_404.0, 2_500.0, 2_300.0, 2_404.0), spread=0.20))
    assert cents(fact.worst_unrealised) == -52.30  # 2,394.90
    assert cents(fact.best_unrealised) == 97.70  # 2,409.90


@pytest.mark.parametrize(
    ("prices", "worst", "best"),
    [
        # entry 2,400.13. At the opening: 2,399.90, or -2.30.
        ((2_401.0, 2_409.0, 2_380.0, 2_400.0), -101.60, 7.70),  # stopped at 2,389.97; 2,409 may have come later
        ((2_385.0, 2_409.0, 2_380.0, 2_400.0), -152.60, -2.30),  # sold at the open, 2,384.87: nothing better was seen
        ((2_401.0, 2_415.0, 2_395.0, 2_400.0), -52.30, 98.70),  # at 2,410; 2,395 may have come before
        ((2_412.0, 2_415.0, 2_380.0, 2_400.0), -2.30, 117.70),  # at the open, 2,411.90
    ],
)
def test_extremes_of_the_last_bar_are_never_better_than_what_was_seen(
    prices: Prices, worst: float, best: float
) -> None:
    fact = closed(holding(BUY, 2_390.0, 2_410.0), bar("XAUUSD", 2, prices, spread=0.20))
    assert (cents(fact.worst_unrealised), cents(fact.best_unrealised)) == (worst, best)


def test_the_open_at_which_a_trade_is_closed_was_seen_before_the_slippage() -> None:
    broker = holding(BUY)
    ask_to_close(broker, "1", 1)
    fact = closed(broker, bar("XAUUSD", 2, 2_420.0, spread=0.20))
    assert (cents(fact.best_unrealised), cents(fact.pnl)) == (197.70, 196.80)  # 2,419.90; 2,419.87 and 0.60


@pytest.mark.parametrize(("stop", "spread"), [(2_384.85, 0.32), (2_383.99, 0.32), (2_387.41, 0.40), (2_398.41, 0.48)])
def test_a_level_is_reached_when_the_decimals_say_so(stop: float, spread: float) -> None:
    low = round(stop + spread / 2, 2)
    assert low - spread / 2 > stop  # floats miss it by next to nothing
    fact = closed(holding(BUY, stop=stop), bar("XAUUSD", 2, (2_400.0, 2_400.0, low, 2_400.0), spread))
    assert fact.exit_reason == "stop_loss"


def test_nothing_is_sold_for_less_than_a_point() -> None:
    broker = holding(BUY)
    ask_to_close(broker, "1", 1)
    assert closed(broker, bar("XAUUSD", 2, 0.05, spread=0.20)).exit_price == 0.01


def test_a_stop_moves_towards_profit_only() -> None:
    broker = holding(BUY, stop=2_390.0)
    assert not broker.move_stop("1", 2_389.0)
    assert not broker.move_stop("1", 2_390.0)
    assert broker.move_stop("1", 2_395.004)
    assert broker.positions[0].stop == 2_395.0
    assert not broker.move_stop("1", inf)
    assert not broker.move_stop("1", nan)
    assert not broker.move_stop("2", 2_396.0)
    fact = closed(broker, bar("XAUUSD", 2, (2_400.0, 2_400.0, 2_394.0, 2_400.0)))
    assert cents(fact.exit_price) == 2_394.97
    assert fact.stop == 2_390.0  # the first one makes the risk


def test_a_sold_position_has_its_stop_moved_down_and_may_get_its_first_one() -> None:
    broker = holding(SELL)
    assert broker.move_stop("1", 2_410.0)
    assert not broker.move_stop("1", 2_411.0)
    assert broker.move_stop("1", 2_405.0)
    assert not broker.move_stop("1", -1.0)


def test_stops_are_rounded_to_the_digits_of_the_symbol() -> None:
    broker = holding(BUY, stop=2_390.0049, take_profit=2_410.0051)
    assert (broker.positions[0].stop, broker.positions[0].take_profit) == (2_390.0, 2_410.01)
