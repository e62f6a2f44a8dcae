"""The instruments that are known without being told: their terms are sound."""

import pytest

from tradewatch.market.instruments import CRYPTO, METATRADER, Instrument
from tradewatch.market.simulated_groups import group_of

ALL = pytest.mark.parametrize("instrument", [*METATRADER.values(), *CRYPTO.values()], ids=lambda each: each.symbol)


@ALL
def test_terms_are_sound(instrument: Instrument) -> None:
    assert instrument.rounded(instrument.price) == instrument.price
    assert 1 <= instrument.spread_points < 20 * instrument.price / 10_000 / instrument.point
    assert 0 <= instrument.slippage_points <= instrument.spread_points
    assert 0 < instrument.smallest_lot <= instrument.largest_lot
    assert 0.05 < instrument.volatility < 2
    assert 0 <= instrument.commission_rate <= 0.01


def test_hydras_assets_are_eight_coins_against_the_dollar() -> None:
    assert [each.removesuffix("-USD") for each in CRYPTO] == ["BTC", "ETH", "SOL", "LTC", "XRP", "ADA", "LINK", "DOT"]
    for symbol, instrument in CRYPTO.items():
        assert symbol == instrument.symbol == f"{instrument.base_currency}-USD"
        assert (instrument.quote_currency, instrument.contract_size) == ("USD", 1.0)
        assert group_of(instrument).name == "coins"


@pytest.mark.parametrize("instrument", CRYPTO.values(), ids=lambda each: each.symbol)
def test_a_coins_price_is_fine_grained_beside_its_moves_and_its_costs(instrument: Instrument) -> None:
    basis_point = instrument.price / 10_000
    assert instrument.point <= basis_point / 4
    assert 1 <= instrument.spread / basis_point <= 3.1
    assert instrument.smallest_lot * instrument.price < 10  # a small account can size its trades
    assert -instrument.swap_long_points * instrument.point / basis_point == pytest.approx(3, rel=0.01)
    assert instrument.swap_short_points == 0
