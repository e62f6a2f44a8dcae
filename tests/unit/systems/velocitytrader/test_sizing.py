"""A stop costs what it may cost, or a little less."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewatch.market.instruments import METATRADER
from tradewatch.systems.velocitytrader.sizing import lots

EURUSD, US500 = METATRADER["EURUSD+"], METATRADER["US500"]


@pytest.mark.parametrize(
    ("equity", "share", "stop", "expected"),
    [
        (10_000.0, 0.01, 0.0030, 0.33),  # 100 / 300
        (10_000.0, 0.02, 0.0020, 1.00),  # 200 / 200, and not 0.99
        (10_000.0, 0.029, 0.0100, 0.29),  # 290 / 1,000, although 0.29 / 0.01 is 28.999999999999996 to a computer
        (10_000.0, 0.01, 0.1000, 0.01),  # 100 / 10,000
        (10_000.0, 0.01, 0.1001, 0.0),  # a little less than the smallest lot
        (1e9, 0.02, 0.0010, 100.0),  # no more than the largest lot
        (0.0, 0.02, 0.0010, 0.0),
        (-5_000.0, 0.02, 0.0010, 0.0),  # ruined
    ],
)
def test_lots_of_a_currency(equity: float, share: float, stop: float, expected: float) -> None:
    assert lots(equity, share, stop, 100_000.0, EURUSD) == expected


def test_a_smallest_lot_of_several_steps() -> None:
    instrument = replace(EURUSD, smallest_lot=0.1)
    assert lots(10_000.0, 0.01, 0.0110, 100_000.0, instrument) == 0.0  # 100 / 1,100
    assert lots(10_000.0, 0.01, 0.0090, 100_000.0, instrument) == 0.11


def test_lots_in_larger_steps_and_another_currency() -> None:
    assert lots(10_000.0, 0.01, 30.0, 1.0, US500) == 3.3  # 100 / 30
    assert lots(10_000.0, 0.01, 30.0, 2.0, US500) == 1.6  # 100 / 60


@given(equity=st.floats(1, 1e7), share=st.floats(0.001, 0.05), stop=st.floats(1e-4, 0.1), value=st.floats(1e2, 1e6))
def test_the_stop_never_costs_more_than_it_may(equity: float, share: float, stop: float, value: float) -> None:
    quantity = lots(equity, share, stop, value, EURUSD)
    assert quantity * stop * value <= equity * share * (1 + 1e-6)
    assert 0 <= quantity <= EURUSD.largest_lot
    enough = (quantity + 0.0101) * stop * value > equity * share
    assert enough or quantity == EURUSD.largest_lot
