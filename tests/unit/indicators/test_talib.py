"""Our indicators against TA-Lib's, once its other way to start has worn off: the first true range and sums of 13."""

from collections.abc import Callable, Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np
import pytest
import talib
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.support.definitions import checks
from tests.unit.indicators.candles import ORDINARY_BARS, Candle, market
from tradewatch.catalog import concepts
from tradewatch.indicators import AverageDirectionalIndex, AverageTrueRange, BollingerBands, RealisedVolatility

Column = NDArray[np.float64]
SECONDS_PER_HOUR = 3_600.0
HOURS_PER_YEAR = 365 * 24


class Columns(NamedTuple):
    high: Column
    low: Column
    close: Column


def columns(candles: Sequence[Candle]) -> Columns:
    return Columns(*(np.array(column) for column in zip(*candles, strict=True)))


def index_of(candles: Sequence[Candle]) -> Column:
    """Return +DI, -DI and ADX after each bar."""
    index = AverageDirectionalIndex()

    def after(candle: Candle) -> tuple[float | None, ...]:
        index.update(candle)
        return index.plus_di, index.minus_di, index.value

    return np.array([after(candle) for candle in candles], dtype=np.float64)


def values(indicator: AverageTrueRange | RealisedVolatility, candles: Sequence[Candle]) -> Column:
    def after(candle: Candle) -> float | None:
        indicator.update(candle)
        return indicator.value

    return np.array([after(candle) for candle in candles], dtype=np.float64)


def bands_of(candles: Sequence[Candle]) -> Column:
    """Return middle, upper, lower and width after each bar."""
    bands = BollingerBands()

    def after(candle: Candle) -> tuple[float | None, ...]:
        bands.update(candle)
        return bands.value or (None,) * 4

    return np.array([after(candle) for candle in candles], dtype=np.float64)


def agree(ours: Column, theirs: Column, where: NDArray[np.bool_] | None = None) -> None:
    """Assert equality to 1e-9 from `ORDINARY_BARS` on, where TA-Lib's arithmetic is good for that."""
    compared = np.arange(len(ours)) >= ORDINARY_BARS
    if where is not None:
        compared &= where
    assert compared.sum() >= 40
    np.testing.assert_allclose(ours[compared], theirs[compared], rtol=1e-9, atol=0)


def atr(candles: Sequence[Candle]) -> None:
    agree(values(AverageTrueRange(), candles), talib.ATR(*columns(candles), 14))


def adx(candles: Sequence[Candle]) -> None:
    ours = index_of(candles)
    for number, function in enumerate((talib.PLUS_DI, talib.MINUS_DI, talib.ADX)):
        agree(ours[:, number], function(*columns(candles), 14))


def bollinger(candles: Sequence[Candle]) -> None:
    upper, middle, lower = talib.BBANDS(columns(candles).close, 20, 2, 2)
    ours = bands_of(candles)
    # TA-Lib adds and subtracts squares of prices: of bands that are narrow beside them it has too few digits left.
    wide = ours[:, 1] - ours[:, 2] > 5e-3 * max(candle.close for candle in candles)
    for number, theirs in enumerate((middle, upper, lower, (upper - lower) / middle)):
        agree(ours[:, number], theirs, where=wide)


def volatility(candles: Sequence[Candle]) -> None:
    ours = values(RealisedVolatility(SECONDS_PER_HOUR), candles)
    returns = np.diff(np.log(columns(candles).close))
    deviation = np.append(np.nan, talib.STDDEV(returns, 30)) * sqrt(30 / 29)
    agree(ours, deviation * sqrt(HOURS_PER_YEAR), where=deviation > 1e-3)


every_indicator = pytest.mark.parametrize("compare", [atr, adx, bollinger, volatility])


@checks(
    concepts.AVERAGE_TRUE_RANGE,
    concepts.AVERAGE_DIRECTIONAL_INDEX,
    concepts.BOLLINGER_WIDTH,
    concepts.VOLATILITY,
    within="1e-9 relative",
)
@every_indicator
@pytest.mark.parametrize("seed", range(8))
def test_they_agree_on_markets_with_trends_gaps_and_frozen_prices(
    compare: Callable[[Sequence[Candle]], None], seed: int
) -> None:
    compare(market(seed))


@every_indicator
@given(seed=st.integers(0, 2**32), exponent=st.integers(-4, 8), blocks=st.integers(3, 12))
def test_they_agree_on_any_market_at_any_scale(
    compare: Callable[[Sequence[Candle]], None], seed: int, exponent: int, blocks: int
) -> None:
    # Below that, TA-Lib takes what is smaller than 1e-14 for nothing.
    compare([candle.scaled(10.0**exponent) for candle in market(seed, blocks)])
