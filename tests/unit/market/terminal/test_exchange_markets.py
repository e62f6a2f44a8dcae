import importlib
import math
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.terminals import MINUTE, START
from tradewatch.market.bars import Timeframe
from tradewatch.market.instruments import CRYPTO
from tradewatch.market.terminal import TerminalRefused
from tradewatch.market.terminal.exchange_candles import Asked, candles, closed_bars
from tradewatch.market.terminal.exchange_markets import instrument, markets_of
from tradewatch.market.terminal.exchange_package import failure_of

DECIMALS, SIGNIFICANT, STEP = 2, 3, 4
ASKED = Asked("BTC-USD", Timeframe.M1, START, START + MINUTE * 10, MINUTE * 0, 0.001)


def market(name: str, **changes: Any) -> dict[str, Any]:
    base, quote = name.split("/")
    return {"symbol": name, "base": base, "quote": quote, "spot": True, "active": True} | changes


def made(asset: str = "BTC-USD", mode: int = STEP, last: float | None = 50_000.0, **terms: Any) -> Any:
    return instrument(asset, market(asset.replace("-", "/"), **terms), {"last": last}, mode)


@pytest.mark.parametrize(
    ("mode", "precision", "price", "digits"),
    [
        (STEP, 0.1, 50_000.0, 1),
        (STEP, 0.05, 50_000.0, 2),
        (STEP, 1e-05, 0.5, 5),
        (STEP, 10.0, 50_000.0, 0),
        (STEP, 0.0, 50_000.0, 0),
        (DECIMALS, 3, 50_000.0, 3),
        (SIGNIFICANT, 5, 50_000.0, 0),
        (SIGNIFICANT, 5, 0.5, 5),
        (STEP, None, 50_000.0, 2),
        (STEP, "0.1", 50_000.0, 2),
    ],
)
def test_digits_are_the_exchanges_however_it_writes_them(mode: int, precision: Any, price: float, digits: int) -> None:
    assert made(mode=mode, last=price, precision={"price": precision}).digits == digits


def test_a_fee_that_is_none_is_ours() -> None:
    fees = [made(taker=taker).commission_rate for taker in (0.001, 0.0, None, -0.1, math.nan, "much")]
    assert fees == [0.001, 0.0, *[CRYPTO["BTC-USD"].commission_rate] * 4]


def test_costs_keep_their_share_of_the_price_when_it_is_another() -> None:
    ours, now = CRYPTO["BTC-USD"], made(last=128_000.0, precision={"price": 0.1})
    for each in ("spread_points", "slippage_points", "swap_long_points"):
        share = getattr(ours, each) * ours.point / ours.price
        assert getattr(now, each) * now.point / now.price == pytest.approx(share, rel=1e-6)


def test_an_asset_without_terms_of_ours_needs_a_price() -> None:
    assert made("PEPE-USD", last=1e-05, precision={"price": 1e-10}).price == 1e-05
    assert made(last=None).price == CRYPTO["BTC-USD"].price
    with pytest.raises(TerminalRefused, match="tells no price of PEPE-USD: leave it out"):
        made("PEPE-USD", last=None)


def test_the_first_kind_of_dollar_is_taken_and_other_currencies_are_their_own() -> None:
    names = ("BTC/USDC", "BTC/USDT", "ETH/USD", "ETH/USDT", "ADA/EUR")
    there = {name: market(name) for name in names}
    chosen = markets_of("kraken", ("BTC-USD", "ETH-USD", "ADA-EUR"), there, ("USD", "USDT", "USDC"))
    assert {asset: each["symbol"] for asset, each in chosen.items()} == {
        "BTC-USD": "BTC/USDT",
        "ETH-USD": "ETH/USD",
        "ADA-EUR": "ADA/EUR",
    }


@pytest.mark.parametrize("changes", [{"active": False}, {"spot": False}])
def test_what_is_not_traded_now_or_not_on_the_spot_is_not_there(changes: dict[str, bool]) -> None:
    there = {"BTC/USD": market("BTC/USD", **changes), "ETH/USD": market("ETH/USD")}
    with pytest.raises(TerminalRefused, match="kraken has no market for BTC-USD: it has ETH-USD"):
        markets_of("kraken", ("BTC-USD",), there, ("USD",))
    with pytest.raises(TerminalRefused, match="it has none at all"):
        markets_of("kraken", ("BTC-USD",), {}, ("USD",))


anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
rows = st.lists(anything | st.lists(anything, max_size=8) | st.dictionaries(st.text(max_size=1), anything, max_size=2))


@given(rows)
def test_no_row_is_too_odd(given_rows: list[Any]) -> None:
    bars = closed_bars(candles(given_rows), ASKED)
    assert len(bars) <= len(given_rows)
    assert [bar for bar in bars if bar.time <= START] == []


minutes = st.lists(st.integers(min_value=-5, max_value=14))


@given(minutes)
def test_a_bar_is_given_only_when_it_is_over_and_in_order(begins: list[int]) -> None:
    found = [[(START + MINUTE * each).timestamp() * 1000, 1.0, 1.0, 1.0, 1.0, 1.0] for each in begins]
    ends = [(bar.time - START) / MINUTE for bar in closed_bars(candles(found), ASKED)]
    followed = {each + 1 for each in begins if each < max(begins)}
    past = sorted(each + 1 for each in begins if 0 < each + 1 <= 10 and (each + 1 < 10 or each + 1 in followed))
    assert ends[: len(past)] == past
    assert ends[len(past) :] == sorted(each for each in followed if each > 10)[:1]


ERRORS = [
    ("RequestTimeout", aiohttp.ServerTimeoutError(), "timeout", True),
    ("RateLimitExceeded", None, "rate_limit", True),
    ("DDoSProtection", None, "rate_limit", True),
    ("OnMaintenance", None, "maintenance", True),
    ("ExchangeNotAvailable", aiohttp.ServerDisconnectedError(), "not_available", True),
    ("ExchangeError", aiohttp.ClientPayloadError(), "not_available", True),
    ("InvalidNonce", None, "not_available", True),
    ("ExchangeError", None, "exchange_error", False),
    ("BadSymbol", None, "unknown_symbol", False),
    ("NullResponse", None, "bad_answer", False),
    ("PermissionDenied", None, "not_allowed", False),
    ("RestrictedLocation", None, "not_allowed", False),
    ("NotSupported", None, "not_supported", False),
]
"""Names of the package's errors; it is imported when a test asks for one, because that takes seconds."""


@pytest.mark.parametrize(("name", "cause", "code", "is_network"), ERRORS)
def test_each_error_has_a_code(name: str, cause: Exception | None, code: str, is_network: bool) -> None:  # noqa: FBT001 - a table
    error = getattr(importlib.import_module("ccxt"), name)("x")
    error.__cause__ = cause
    failure = failure_of("kraken", error)
    assert (failure.code, failure.is_network) == (code, is_network)


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("x" * 10_000)])
def test_an_error_that_is_not_ccxts_is_a_bad_answer_and_a_long_one_is_cut(error: Exception) -> None:
    failure = failure_of("kraken", error)
    assert (failure.code, failure.is_network) == ("bad_answer", False)
    assert len(failure.sentence) < 250
