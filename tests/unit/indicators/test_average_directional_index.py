"""ADX by a table that a person can check, what it means, and its named special cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.indicators.candles import Candle, drawn, flat, market
from tradewatch.indicators import AverageDirectionalIndex

TABLE = (
    # bar, then after it with a period of 2: +DI, -DI, ADX
    (Candle(10, 8, 9), None, None, None),
    (Candle(12, 9, 11), None, None, None),  # +DM 2, TR 3
    (Candle(13, 7, 8), 100 / 4.5, 100 / 4.5, None),  # up 1, down 2: -DM 2; TR 6; means 1, 1 of 4.5; DX 0
    (Candle(16, 9, 15), 32, 8, 30),  # +DM 3, TR 8 from the close 8; means 2, 0.5 of 6.25; DX 60; ADX (0 + 60) / 2
    (Candle(18, 7, 15), 100 / 8.625, 25 / 8.625, 45),  # up 2, down 2: none; means 1, 0.25; DX 60
    (Candle(17, 4, 5), 50 / 10.8125, 162.5 / 10.8125, 22.5 + 450 / 17),  # -DM 3; means 0.5, 1.625; DX 900/17
    (Candle(16, 5, 10), 25 / 10.90625, 81.25 / 10.90625, 11.25 + 675 / 17),  # an inside bar: none; DX 900/17
)


def index_of(candles: list[Candle], period: int = 14) -> AverageDirectionalIndex:
    index = AverageDirectionalIndex(period)
    for candle in candles:
        index.update(candle)
    return index


def test_a_table_by_hand() -> None:
    index = AverageDirectionalIndex(2)
    for candle, *expected in TABLE:
        index.update(candle)
        assert [index.plus_di, index.minus_di, index.value] == [
            each if each is None else pytest.approx(each, rel=1e-14, abs=0) for each in expected
        ]


@pytest.mark.parametrize(("step", "plus", "minus"), [(1.0, 50.0, 0.0), (-1.0, 0.0, 50.0)])
def test_a_market_that_only_goes_one_way_is_all_trend(step: float, plus: float, minus: float) -> None:
    index = index_of([Candle(500 + step * n + 1, 500 + step * n - 1, 500 + step * n) for n in range(60)])
    assert (index.value, index.plus_di, index.minus_di) == (100.0, plus, minus)


def test_a_market_that_goes_back_and_forth_has_no_trend() -> None:
    index = index_of([Candle(101 + n % 2, 99 + n % 2, 100) for n in range(400)])
    assert index.value == pytest.approx(100 / 27)  # DX from shares 14 : 13 of the two ways


@pytest.mark.parametrize("count", [1, 15, 28, 1_000])
def test_a_price_that_never_moves_has_no_direction(count: int) -> None:
    index = index_of(flat(*[0.1] * count))
    assert index.plus_di in {None, 0.0}
    assert index.minus_di in {None, 0.0}
    assert index.value == (0.0 if count >= 28 else None)


def test_a_trend_that_freezes_keeps_its_direction() -> None:
    rising = [Candle(101 + n, 99 + n, 100 + n) for n in range(60)]
    index = index_of(rising + flat(*[159.0] * 500))
    assert index.value == pytest.approx(100.0)


def test_a_price_that_freezes_for_weeks_stays_within_bounds() -> None:
    index = index_of(market(seed=3) + flat(*[77.7] * 20_000))  # long enough for the averages to underflow
    for value in (index.value, index.plus_di, index.minus_di):
        assert value is not None
        assert 0 <= value <= 100


def test_the_direction_is_known_before_its_strength() -> None:
    candles = market(seed=8)
    assert index_of(candles[:14]).plus_di is None
    assert index_of(candles[:15]).plus_di is not None
    assert index_of(candles[:27]).value is None
    assert index_of(candles[:28]).value is not None


@given(drawn(st.integers(1, 999).map(float), most=60))
def test_a_mirrored_market_trends_as_much_the_other_way(candles: list[Candle]) -> None:
    mirrored = [Candle(1000 - candle.low, 1000 - candle.high, 1000 - candle.close) for candle in candles]
    one, other = index_of(candles, period=3), index_of(mirrored, period=3)
    assert (one.value, one.plus_di, one.minus_di) == (other.value, other.minus_di, other.plus_di)


@given(drawn(st.floats(1e-3, 1e6), most=60))
def test_everything_is_between_0_and_100(candles: list[Candle]) -> None:
    index = index_of(candles, period=3)
    for value in (index.value, index.plus_di, index.minus_di):
        assert value is None or 0 <= value <= 100 * (1 + 1e-15)


def test_a_period_must_be_at_least_one_bar() -> None:
    with pytest.raises(ValueError, match="a period of 0 bars is too short for this indicator: set 1 or more"):
        AverageDirectionalIndex(0)
