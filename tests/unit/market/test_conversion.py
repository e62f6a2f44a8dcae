"""Money is converted at the newest price that tells how."""

from dataclasses import replace

import pytest

from tests.support.trading import SYMBOLS, bar
from tradewatch.errors import ConfigurationError
from tradewatch.market.instruments import Instruments
from tradewatch.market.prices import Prices

GOLD_IN_EUROS = replace(SYMBOLS["XAUUSD"], symbol="XAUEUR", quote_currency="EUR")
TWO_BROKERS: Instruments = {
    "XAUEUR": GOLD_IN_EUROS,
    "EURUSD": replace(SYMBOLS["EURUSD+"], symbol="EURUSD"),
    "EURUSD+": SYMBOLS["EURUSD+"],
}


def test_of_two_symbols_that_price_a_currency_the_newest_price_counts() -> None:
    prices = Prices(TWO_BROKERS, "USD")
    assert prices.rate(GOLD_IN_EUROS, 2_000.0) is None
    with pytest.raises(LookupError):
        prices.contract_value(GOLD_IN_EUROS, 2_000.0)
    for symbol, minute, price in (("EURUSD", 1, 1.10), ("EURUSD+", 2, 1.11), ("EURUSD", 3, 1.12)):
        prices.newest[symbol] = bar(symbol, minute, price)
        assert prices.rate(GOLD_IN_EUROS, 2_000.0) == price
    assert prices.contract_value(GOLD_IN_EUROS, 2_000.0) == pytest.approx(112.0)


def test_a_symbol_whose_base_is_the_accounts_currency_is_converted_at_its_own_price() -> None:
    prices = Prices(SYMBOLS, "USD")
    prices.newest["USDJPY"] = bar("USDJPY", 1, 150.0)
    assert prices.rate(SYMBOLS["USDJPY"], 160.0) == 1 / 160.0
    assert prices.rate(SYMBOLS["EURJPY"], 170.0) == 1 / 150.0
    assert prices.rate(SYMBOLS["EURUSD+"], 1.1) == 1.0


def test_names_mean_nothing() -> None:
    named = {"EURUSD": replace(SYMBOLS["BTCUSD"], symbol="EURUSD"), "XAUEUR": GOLD_IN_EUROS}
    with pytest.raises(ConfigurationError, match="add an instrument with base EUR and quote USD, or"):
        Prices(named, "USD")
