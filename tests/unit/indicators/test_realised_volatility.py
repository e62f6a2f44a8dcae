"""Volatility by a table that a person can check, against exact arithmetic, and its named special cases."""

from math import e, inf, log, nan, sqrt
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.indicators.candles import Candle, drawn, flat, market
from tradewatch.indicators import RealisedVolatility

YEAR = 365 * 86_400.0
"""Bars of a year: nothing is annualised."""


def volatility_of(*closes: float, interval: float = YEAR, returns: int = 30) -> float | None:
    volatility = RealisedVolatility(interval, returns)
    for candle in flat(*closes):
        volatility.update(candle)
    return volatility.value


@pytest.mark.parametrize(
    ("closes", "returns", "expected"),
    [
        ((1, e, e), 2, sqrt(0.5)),  # log returns 1, 0 with mean 1/2, divided by 2 - 1
        ((1, 1, e, 1), 3, 1.0),  # 0, 1, -1
        ((9, 1, 1, e, 1), 3, 1.0),
        ((100, 200, 400, 800), 3, 0.0),  # growth at a constant rate is not volatile
    ],
)
def test_a_table_by_hand(closes: tuple[float, ...], returns: int, expected: float) -> None:
    assert volatility_of(*closes, returns=returns) == pytest.approx(expected, rel=1e-14, abs=1e-15)


def test_one_return_has_no_deviation() -> None:
    assert volatility_of(1, e, returns=2) is None


@pytest.mark.parametrize(
    ("interval", "bars"), [(60.0, 525_600), (300.0, 105_120), (3_600.0, 8_760), (86_400.0, 365), (YEAR, 1)]
)
def test_it_is_annualised_by_the_bars_of_365_days(interval: float, bars: int) -> None:
    assert volatility_of(1, e, e, interval=interval, returns=2) == pytest.approx(sqrt(bars / 2), rel=1e-14, abs=0)


@pytest.mark.parametrize("price", [0.1, 1 / 3, 123_456.789, 1e30, 5e-324])
def test_a_frozen_price_is_not_volatile(price: float) -> None:
    assert volatility_of(*[price] * 31) == 0.0


@pytest.mark.parametrize("outlier", [1e8, 1e30, 1e-30])
def test_an_outlier_that_has_left_the_window_leaves_no_trace(outlier: float) -> None:
    after = [candle.close for candle in market(seed=6)[:31]]
    assert volatility_of(3.0, outlier, *after) == volatility_of(*after)


def test_prices_too_far_apart_to_be_divided_have_a_return() -> None:
    far = log(1e30) - log(5e-324)
    assert volatility_of(5e-324, 1e30, 5e-324, returns=2) == pytest.approx(far * sqrt(2), rel=1e-14, abs=0)


@given(drawn(st.floats(1e-3, 1e6), most=60))
def test_it_is_what_exact_arithmetic_says_about_the_last_returns(candles: list[Candle]) -> None:
    volatility = RealisedVolatility(YEAR, returns=5)
    returns: list[float] = []
    for number, candle in enumerate(candles):
        volatility.update(candle)
        if number > 0:
            returns.append(log(candle.close / candles[number - 1].close))
    expected = pytest.approx(stdev(returns[-5:]), rel=1e-12, abs=1e-300) if len(returns) >= 5 else None
    assert volatility.value == expected


@pytest.mark.parametrize("interval", [0.0, -60.0, inf, nan])
def test_an_interval_must_have_a_rate_per_year(interval: float) -> None:
    with pytest.raises(ValueError, match="seconds have no rate per year: set an interval above 0"):
        RealisedVolatility(interval)


@pytest.mark.parametrize("returns", [1, 0, -3])
def test_a_deviation_takes_at_least_two_returns(returns: int) -> None:
    with pytest.raises(ValueError, match="is too short for this indicator: set 2 or more"):
        RealisedVolatility(60.0, returns)
