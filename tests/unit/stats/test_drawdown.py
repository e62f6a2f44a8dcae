"""Drawdown by hand-checked tables, and its named pathological cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewatch.stats import Drawdown


def drawdown_of(*equities: float) -> Drawdown:
    drawdown = Drawdown()
    for equity in equities:
        drawdown.update(equity)
    return drawdown


@pytest.mark.parametrize(
    ("equities", "current", "largest"),
    [
        ((100,), 0.0, 0.0),
        ((100, 50), 0.5, 0.5),
        ((100, 50, 100), 0.0, 0.5),
        ((100, 80, 200, 150), 0.25, 0.25),
        ((100, 200, 150, 300, 290), 1 / 30, 0.25),
        ((100, 0), 1.0, 1.0),
        ((100, -50), 1.5, 1.5),
        ((90, 100), 0.0, 0.0),
    ],
)
def test_a_table_of_curves(equities: tuple[float, ...], current: float, largest: float) -> None:
    drawdown = drawdown_of(*equities)
    assert drawdown.current == pytest.approx(current, abs=1e-15)
    assert drawdown.value == pytest.approx(largest, abs=1e-15)


def test_nothing_is_known_before_the_first_observation() -> None:
    assert (Drawdown().current, Drawdown().value, Drawdown().peak) == (None, None, None)


def test_a_first_loss_counts_when_the_peak_is_seeded() -> None:
    assert drawdown_of(100.0, 90.0).value == pytest.approx(0.1)


@pytest.mark.parametrize("flow", [1e6, 10.0, -30.0, -89.0])
def test_a_flow_in_a_drawdown_leaves_the_drawdown_alone(flow: float) -> None:
    drawdown = drawdown_of(100.0, 90.0)
    drawdown.flow(flow)
    assert drawdown.current == pytest.approx(0.1)
    assert drawdown.value == pytest.approx(0.1)


def test_a_loss_after_a_deposit_counts_against_the_larger_account() -> None:
    drawdown = drawdown_of(100.0)
    drawdown.flow(100.0)
    drawdown.update(150.0)
    assert drawdown.value == pytest.approx(0.25)


def test_an_emptied_account_starts_over_with_its_next_deposit() -> None:
    drawdown = drawdown_of(100.0, 90.0)
    drawdown.flow(-90.0)
    assert drawdown.current is None
    drawdown.flow(10.0)
    drawdown.update(9.0)
    assert drawdown.current == pytest.approx(0.1)
    assert drawdown.value == pytest.approx(0.1)


def test_ruin_is_not_healed_by_a_deposit() -> None:
    drawdown = drawdown_of(100.0, -20.0)
    drawdown.flow(120.0)
    drawdown.update(110.0)
    assert drawdown.value == pytest.approx(1.2)


@given(
    equities=st.lists(st.floats(1.0, 1e6), min_size=2, max_size=20),
    flows=st.lists(st.floats(-0.9, 5.0), min_size=20, max_size=20),
)
def test_flows_in_proportion_change_no_drawdown(equities: list[float], flows: list[float]) -> None:
    still, moved, scale = Drawdown(), Drawdown(), 1.0
    for equity, share in zip(equities, flows, strict=False):
        still.update(equity)
        moved.update(equity * scale)
        moved.flow(equity * scale * share)
        scale *= 1 + share
    assert moved.value == pytest.approx(still.value, rel=1e-9, abs=1e-12)
    assert moved.current == pytest.approx(still.current, rel=1e-9, abs=1e-12)
