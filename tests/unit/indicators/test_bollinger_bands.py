"""Bollinger bands by a table that a person can check, against exact arithmetic, and their named special cases."""

from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.indicators.candles import Candle, drawn, flat
from tradewatch.indicators import Bands, BollingerBands


def bands_of(*closes: float, period: int = 20, deviations: float = 2.0) -> Bands | None:
    bands = BollingerBands(period, deviations)
    for candle in flat(*closes):
        bands.update(candle)
    return bands.value


@pytest.mark.parametrize(
    ("closes", "period", "expected"),
    [
        ((2, 4, 4, 4, 5, 5, 7, 9), 8, (5, 9, 1, 1.6)),  # the textbook's deviation of 2
        ((99, 2, 4, 4, 4, 5, 5, 7, 9), 8, (5, 9, 1, 1.6)),
        ((1, 1, 4), 3, (2, 2 + 8**0.5, 2 - 8**0.5, 8**0.5)),  # deviation sqrt(2): the lower band is below 0
        ((7, 9, 9), 2, (9, 9, 9, 0)),
        ((5,), 1, (5, 5, 5, 0)),
    ],
)
def test_a_table_by_hand(closes: tuple[float, ...], period: int, expected: tuple[float, ...]) -> None:
    assert bands_of(*closes, period=period) == pytest.approx(expected, rel=1e-14, abs=0)


def test_more_deviations_reach_further() -> None:
    assert bands_of(9.0, 11.0, period=2, deviations=3.0) == Bands(middle=10, upper=13, lower=7, width=0.6)


@pytest.mark.parametrize("price", [0.1, 1 / 3, 1.7, 123_456.789, 1e-30, 1e30, 5e-324])
def test_a_frozen_price_has_no_width(price: float) -> None:
    assert bands_of(*[price] * 20) == (price, price, price, 0.0)


@pytest.mark.parametrize("outlier", [1e8, 1e16, 1e30, 1e-30])
def test_an_outlier_that_has_left_the_window_leaves_no_trace(outlier: float) -> None:
    after = [100 + n / 7 for n in range(20)]
    assert bands_of(3.0, outlier, *after) == bands_of(*after)


@given(drawn(st.floats(1e-30, 1e30), most=60))
def test_it_is_what_exact_arithmetic_says_about_the_last_closes(candles: list[Candle]) -> None:
    bands = BollingerBands(7)
    closes: list[float] = []
    for candle in candles:
        bands.update(candle)
        closes.append(candle.close)
    last = closes[-7:]
    expected = None if len(closes) < 7 else (fmean(last), pstdev(last))
    assert (bands.value is None) == (expected is None)
    if bands.value is not None and expected is not None:
        middle, deviation = expected
        assert bands.value.middle == pytest.approx(middle, rel=1e-14, abs=0)
        assert bands.value.width == pytest.approx(4 * deviation / middle, rel=1e-13, abs=0)


def test_narrow_bands_far_from_0_keep_their_digits() -> None:
    closes = [123_456_789 + n / 10 for n in range(20)]
    value = bands_of(*closes)
    assert value is not None
    exact = 4 * pstdev(closes) / fmean(closes)
    assert value.width == pytest.approx(exact, rel=1e-12, abs=0)  # upper - lower is off by 6e-9


def test_a_period_must_be_at_least_one_bar() -> None:
    with pytest.raises(ValueError, match="a period of 0 bars is too short for this indicator: set 1 or more"):
        BollingerBands(0)
