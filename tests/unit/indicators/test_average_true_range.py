"""ATR by a table that a person can check, and its named special cases."""

import pytest

from tests.unit.indicators.candles import Candle, flat, market
from tradewatch.indicators import AverageTrueRange

TABLE = (
    # bar, its true range, ATR(3) after it
    (Candle(10, 8, 9), None),  # 2: the first bar's own range
    (Candle(11, 9, 10), None),  # 2
    (Candle(15, 14, 14), 3),  # 15 - 10 = 5, a gap up; (2 + 2 + 5) / 3
    (Candle(14, 13, 13), 7 / 3),  # 1; 3 + (1 - 3) / 3
    (Candle(9, 8, 9), 29 / 9),  # 13 - 8 = 5, a gap down; 7/3 + (5 - 7/3) / 3
    (Candle(9, 9, 9), 58 / 27),  # 0; two thirds of the last one
)


def test_a_table_by_hand() -> None:
    average = AverageTrueRange(3)
    for candle, expected in TABLE:
        average.update(candle)
        assert average.value == (expected if expected is None else pytest.approx(expected, rel=1e-14, abs=0))


def test_the_share_is_of_the_last_close() -> None:
    average = AverageTrueRange(2)
    average.update(Candle(10, 8, 9))
    assert average.share is None
    average.update(Candle(11, 7, 8))
    assert average.share == pytest.approx(3 / 8)


def test_one_bar_is_enough_for_a_period_of_one() -> None:
    average = AverageTrueRange(1)
    average.update(Candle(10, 8, 9))
    assert (average.value, average.warm_up) == (2, 1)


def test_a_frozen_price_has_no_range() -> None:
    average = AverageTrueRange()
    for candle in flat(*[0.1] * 40):
        average.update(candle)
    assert (average.value, average.share) == (0.0, 0.0)


def test_a_constant_range_is_kept_exactly_for_ever() -> None:
    average = AverageTrueRange()
    for _ in range(10_000):
        average.update(Candle(100.1, 100.0, 100.05))
    assert average.value == 100.1 - 100.0


def test_an_outlier_fades_by_a_fourteenth_per_bar() -> None:
    calm, shaken = AverageTrueRange(), AverageTrueRange()
    candles = market(seed=5)
    for number, candle in enumerate(candles):
        calm.update(candle)
        shaken.update(candle._replace(high=1e8) if number == 20 else candle)
    assert shaken.value == pytest.approx(calm.value, rel=1e-12, abs=0)


@pytest.mark.parametrize("period", [0, -1])
def test_a_period_must_be_at_least_one_bar(period: int) -> None:
    with pytest.raises(ValueError, match=rf"a period of {period} bars is too short for this indicator: set 1 or more"):
        AverageTrueRange(period)
