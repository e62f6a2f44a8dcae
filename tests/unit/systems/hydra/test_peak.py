"""The peak is that of the statistics: the same falls, whatever the equities and flows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewatch.stats import Drawdown
from tradewatch.systems.hydra.guardian.peak import Peak

steps = st.lists(st.tuples(st.floats(1.0, 1e6), st.floats(-0.99, 5.0)), max_size=30)


@given(st.floats(1.0, 1e6), steps)
def test_a_fall_is_that_of_the_statistics(start: float, moved: list[tuple[float, float]]) -> None:
    peak, drawdown = Peak(start), Drawdown()
    drawdown.update(start)
    for equity, share in moved:
        peak.observe(equity)
        drawdown.update(equity)
        assert peak.fall == drawdown.current
        peak.flow(share * equity)
        drawdown.flow(share * equity)
        assert peak.fall == pytest.approx(drawdown.current, abs=1e-11)


@given(st.floats(1.0, 1e6), st.floats(1.0, 1e6), st.floats(-0.99, 5.0))
def test_a_flow_leaves_the_fall_alone(start: float, equity: float, share: float) -> None:
    peak = Peak(start)
    peak.observe(equity)
    before = peak.fall
    peak.flow(share * equity)
    assert peak.fall == pytest.approx(before, abs=1e-11)


def test_an_emptied_account_has_no_peak_and_its_dust_is_none() -> None:
    peak = Peak(0.3)
    peak.observe(0.1 + 0.2)
    peak.flow(-0.3)
    assert (peak.amount, peak.fall) == (0.0, None)
    for dust in (0.1 + 0.2 - 0.3, 0.0):
        peak.observe(dust)
        assert (peak.amount, peak.fall) == (0.0, None)
    peak.flow(100.0)
    peak.observe(90.0)
    assert peak.fall == pytest.approx(0.1)


def test_ruin_is_a_fall_of_everything_and_a_deposit_begins_anew() -> None:
    peak = Peak(100.0)
    peak.observe(-50.0)
    assert peak.fall == 1.5
    peak.flow(80.0)
    assert peak.fall == 0.0


@given(st.floats(1.0, 1e6), st.floats(-0.99, 5.0))
def test_what_is_at_its_peak_stays_there_to_the_last_digit(start: float, share: float) -> None:
    peak = Peak(start)
    peak.flow(share * start)
    assert peak.value == peak.amount
