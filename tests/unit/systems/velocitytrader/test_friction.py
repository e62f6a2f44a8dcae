"""What trades cost, worked out by hand, and whether the price has the energy to pay for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.toy_market import DEVIATION, situation
from tradewatch.facts import Direction
from tradewatch.market.instruments import METATRADER, Instrument
from tradewatch.regimes import PhysicalRegime
from tradewatch.systems.velocitytrader.features import SLOW_FREQUENCY
from tradewatch.systems.velocitytrader.friction import (
    Terms,
    commission,
    friction,
    impact,
    overcomes_friction,
    slippage,
    swap,
    swing_energy,
)

BUY, SELL = Direction.BUY, Direction.SELL
PLAIN = Instrument(
    symbol="PLAIN",
    digits=2,
    contract_size=10.0,
    quote_currency="USD",
    spread_points=20.0,
    price=100.0,
    volatility=0.2,
    commission_rate=0.0001,
    commission_per_lot=0.5,
    swap_long_points=-5.0,
    swap_short_points=2.0,
    slippage_points=3.0,
    largest_lot=100.0,
)
TERMS = Terms(price=100.0, spread=0.2, quantity=25.0, days=2.0)


def test_each_cost_is_a_share_of_the_price() -> None:
    assert commission(PLAIN, TERMS) == pytest.approx(0.0001 + 0.5 / 1_000)
    assert slippage(PLAIN, TERMS) == pytest.approx(0.03 / 100)
    assert impact(PLAIN, TERMS) == pytest.approx(0.1 / 100 * 0.5)  # half the spread * √(25 / 100)
    assert swap(PLAIN, TERMS, BUY) == pytest.approx(2 * 0.05 / 100)  # 5 points a day are paid
    assert swap(PLAIN, TERMS, SELL) == pytest.approx(-2 * 0.02 / 100)  # 2 points a day are earned


def test_a_round_trip_pays_the_spread_once_the_rest_at_both_ends_and_swap_by_the_day() -> None:
    both = 0.002 + 2 * (0.0006 + 0.0003 + 0.0005)
    assert friction(PLAIN, TERMS) == pytest.approx((both + 0.001, both - 0.0004))


@pytest.mark.parametrize(
    ("symbol", "price", "conversion", "buy", "sell"),
    [
        # spread 8 points; 2 * (3 USD a lot of 108,500 USD, 1 point); swap long -6.5, short 2.1 points
        ("EURUSD+", 1.0850, 1.0, 0.00020737, 0.00012811),
        # spread 9 points; 2 * (3 USD a lot of 100,000 USD, 1 point); swap long 9.5, short -17 points
        ("USDJPY+", 150.0, 1 / 150, 0.00007000, 0.00024667),
        # spread 15 USD; 2 * (0.0002 of the value, 3.75 USD); swap 0.0002 and 0.0001 of the value
        ("BTCUSD", 64_000.0, 1.0, 0.00095156, 0.00085156),
    ],
)
def test_the_costs_of_a_day_by_symbol(symbol: str, price: float, conversion: float, buy: float, sell: float) -> None:
    instrument = METATRADER[symbol]
    terms = Terms(price=price, spread=instrument.spread, days=1.0, conversion=conversion)
    assert friction(instrument, terms) == pytest.approx((buy, sell), abs=5e-9)


def test_a_swap_that_is_earned_never_makes_costs_negative() -> None:
    costs = friction(PLAIN, TERMS._replace(days=1_000.0))
    assert costs.sell == 0.0
    assert costs.buy > 0.4


@given(small=st.floats(0, 100), large=st.floats(0, 100))
def test_the_impact_grows_with_the_size_but_less_than_it(small: float, large: float) -> None:
    small, large = sorted((small, large))
    one, other = (impact(PLAIN, TERMS._replace(quantity=quantity)) for quantity in (small, large))
    assert one <= other
    assert one * large >= other * small * (1 - 1e-12)


def test_a_price_at_rest_swings_as_far_as_it_is_displaced() -> None:
    assert swing_energy(situation(displacement=2.0, velocity=0.0).physics) == pytest.approx(2.0)  # 2² / 2
    assert swing_energy(situation(displacement=0.0, velocity=0.1).physics) == pytest.approx(0.5)  # (0.1 / 0.1)² / 2


def test_without_a_frequency_that_of_a_random_walk_stands_in() -> None:
    chaotic = situation(PhysicalRegime.CHAOTIC, displacement=9.0, velocity=2 * SLOW_FREQUENCY)
    assert swing_energy(chaotic.physics) == pytest.approx(2.0)


@pytest.mark.parametrize(("swing", "passes"), [(1.99, False), (2.01, True)])
def test_a_swing_must_be_longer_than_the_costs(swing: float, passes: bool) -> None:  # noqa: FBT001 - a table
    seen = situation(displacement=swing, velocity=0.0, cost=2 * DEVIATION)
    assert overcomes_friction(seen, BUY) is passes


def test_each_direction_is_held_against_its_own_costs() -> None:
    seen = situation(displacement=1.0, velocity=0.0)
    seen = seen._replace(friction=seen.friction._replace(buy=0.5 * DEVIATION, sell=1.5 * DEVIATION))
    assert overcomes_friction(seen, BUY)
    assert not overcomes_friction(seen, SELL)
