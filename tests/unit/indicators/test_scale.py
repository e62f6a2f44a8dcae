"""What becomes of the indicators when every price is multiplied, as by another quote currency."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.indicators.candles import Candle, market
from tradewatch.indicators import AverageDirectionalIndex, AverageTrueRange, BollingerBands, RealisedVolatility

WALK = market(seed=11, blocks=0)[:200]


def readings(candles: list[Candle]) -> tuple[list[float | None], list[float | None]]:
    """Return the readings in price, and those without a unit."""
    true_range, index = AverageTrueRange(), AverageDirectionalIndex()
    bands, volatility = BollingerBands(), RealisedVolatility(60.0)
    for candle in candles:
        for indicator in (true_range, index, bands, volatility):
            indicator.update(candle)
    assert bands.value is not None
    in_price = [true_range.value, bands.value.middle, bands.value.upper, bands.value.lower]
    return in_price, [true_range.share, index.value, index.plus_di, index.minus_di, bands.value.width, volatility.value]


@given(st.floats(1e-12, 1e12))
def test_ranges_and_bands_follow_the_price_and_all_else_is_unchanged(factor: float) -> None:
    in_price, without_unit = readings(WALK)
    scaled_in_price, scaled_without_unit = readings([candle.scaled(factor) for candle in WALK])
    assert scaled_in_price == pytest.approx([value and value * factor for value in in_price], rel=1e-11, abs=0)
    assert scaled_without_unit == pytest.approx(without_unit, rel=1e-9, abs=0)
