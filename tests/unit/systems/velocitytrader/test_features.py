"""Situations become bounded numbers that know up from down, and nothing else of it."""

from math import sqrt, tanh

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.toy_market import DEVIATION, situation
from tradewatch.regimes import PhysicalRegime
from tradewatch.systems.velocitytrader.features import EVEN, ODD, features
from tradewatch.systems.velocitytrader.situation import Friction


def test_features_by_hand() -> None:
    seen = situation(displacement=2.0, velocity=0.1, energy_rank=0.75, cost=DEVIATION)
    state = features(seen)
    assert state.block == 1
    assert state.even == pytest.approx(
        (1.0, tanh(1.0), 0.5, (0.3 - 1) / (0.3 + 1), tanh(0.4), tanh(4 * sqrt(0.1)), tanh(0.5))
    )
    force = -2 * 0.3 * 0.1 * 0.1 - 0.1 * 0.1 * 2.0
    assert state.odd == pytest.approx((tanh(1.0), tanh(0.4), tanh(0.06), tanh(0.4), tanh(40 * force)))
    assert (len(state.even), len(state.odd)) == (EVEN, ODD)


def test_what_a_motion_does_not_have_is_0_and_the_force_is_that_of_a_random_walk() -> None:
    seen = situation(PhysicalRegime.CHAOTIC, displacement=1.0, velocity=0.0)
    state = features(seen._replace(physics=seen.physics._replace(explained=None)))
    assert state.even[3:6] == (0.0, 0.0, tanh(4.0))
    assert state.odd[4] == pytest.approx(tanh(-40 * (2 / 21) ** 2))


@pytest.mark.parametrize("regime", PhysicalRegime)
def test_each_regime_has_a_block_of_its_own(regime: PhysicalRegime) -> None:
    assert features(situation(regime)).block == list(PhysicalRegime).index(regime)


@given(displacement=st.floats(-5, 5), velocity=st.floats(-2, 2))
def test_upside_down_the_odd_change_their_sign_and_the_even_stay(displacement: float, velocity: float) -> None:
    seen = situation(displacement=displacement, velocity=velocity)
    turned = situation(displacement=-displacement, velocity=-velocity)
    assert features(turned) == features(seen).mirrored
    assert features(seen).mirrored.mirrored == features(seen)


@given(scale=st.floats(1e-6, 1e3))
def test_the_scale_of_the_price_does_not_matter(scale: float) -> None:
    seen = situation(displacement=1.3, velocity=0.2)
    physics = seen.physics
    larger = physics._replace(displacement=physics.displacement * scale, deviation=physics.deviation * scale)
    friction = Friction(*(cost * scale for cost in seen.friction))
    one, other = features(seen), features(seen._replace(physics=larger, friction=friction))
    assert other.even == pytest.approx(one.even)
    assert other.odd == pytest.approx(one.odd)
