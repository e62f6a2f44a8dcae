"""The physics of a price beside a slow computation from its definition, and on prices that nobody had in mind."""

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite, log
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.motions import driven, walk
from tradewatch.indicators import Displacement, Motion, Oscillator, Physics

WINDOW = 64
PRICES = st.lists(st.sampled_from([1.0, 1.0, 1.01, 0.99, 2.0]) | st.floats(1e-8, 1e8), max_size=60)


def random_walk(count: int, seed: int = 1) -> list[float]:
    return list(walk([1e-3] * count, Random(seed)))  # noqa: S311 - simulated


def values(prices: Sequence[float], window: int = WINDOW, volumes: Sequence[float] = ()) -> list[Physics | None]:
    oscillator, found = Oscillator(window=window), []
    for price, volume in zip(prices, volumes or [0.0] * len(prices), strict=True):
        oscillator.update(price, volume)
        found.append(oscillator.value)
    return found


def last(prices: Sequence[float], volumes: Sequence[float] = ()) -> Physics:
    physics = values(prices, volumes=volumes)[-1]
    assert physics is not None
    return physics


def by_definition(prices: Sequence[float]) -> np.ndarray:
    """Return the x of all bars, as pandas smooths."""
    levels = pd.Series(np.log(prices))
    fast = levels.ewm(span=20, adjust=False).mean()
    return (fast - fast.ewm(span=20, adjust=False).mean()).to_numpy()


def test_displacement_is_what_pandas_smooths() -> None:
    prices, displacement = random_walk(500), Displacement()
    for price, expected in zip(prices, by_definition(prices), strict=True):
        displacement.update(price)
        assert displacement.value == pytest.approx(expected, abs=1e-15)


def test_every_number_follows_from_its_definition() -> None:
    prices, random = random_walk(400, seed=4), Random(9)  # noqa: S311 - simulated
    volumes = [random.uniform(1, 9) for _ in prices]
    xs, found = by_definition(prices), values(prices, volumes=volumes)
    kinetic: list[float] = []
    for bar in range(WINDOW // 8 - 1, len(prices)):
        x, volume = xs[max(0, bar - WINDOW + 1) : bar + 1], volumes[max(0, bar - WINDOW + 1) : bar + 1]
        deviation, mass = np.std(x), volume[-1] / np.mean(volume)
        velocity = (x[-1] - x[-2]) / deviation
        kinetic.append(mass * velocity**2 / 2)
        physics = found[bar]
        if physics is None:
            assert bar < WINDOW - 1
            continue
        (first, second), error, *_ = np.linalg.lstsq(np.column_stack([x[1:-1], x[:-2]]), x[2:])
        exponents = np.log(np.roots([1, -first, -second]).astype(complex))
        frequency = np.sqrt(np.prod(exponents)).real
        others = kinetic[-WINDOW:-1]
        potential = mass * (frequency * x[-1] / deviation) ** 2 / 2
        expected = {
            "displacement": x[-1],
            "deviation": deviation,
            "velocity": velocity,
            "acceleration": (x[-1] - 2 * x[-2] + x[-3]) / deviation,
            "mass": mass,
            "momentum": mass * velocity,
            "kinetic_energy": kinetic[-1],
            "energy_rank": np.mean([other < kinetic[-1] for other in others]),
            "explained": 1 - error[0] / (WINDOW - 2) / deviation**2,
            "energy": kinetic[-1],
        }
        if not physics.unstable and physics.natural_frequency is not None:
            expected["natural_frequency"] = frequency
            expected["damping_ratio"] = (-np.sum(exponents) / (2 * frequency)).real
            expected["potential_energy"] = potential
            expected["energy"] = kinetic[-1] + potential
        assert {name: getattr(physics, name) for name in expected} == pytest.approx(expected, rel=1e-6, abs=1e-12)
    assert sum(each is not None and each.natural_frequency is not None for each in found) > 300


def test_a_price_that_never_moves_is_undefined() -> None:
    oscillator = Oscillator()
    for _ in range(1_000):
        oscillator.update(1.1, 5.0)
    assert (oscillator.value, oscillator.ready) == (None, True)


def test_a_price_that_has_stopped_moving_becomes_undefined_and_comes_back() -> None:
    moving = random_walk(300)
    found = values([*moving, *[moving[-1]] * 700, *moving])
    assert found[299] is not None
    assert found[999] is None
    assert found[1_010] is not None
    assert min(each.deviation for each in found if each is not None) > 1e-14


def test_an_exponential_rise_does_no_harm() -> None:
    found = values([1.001**bar for bar in range(2_000)])
    assert found[WINDOW - 1] is not None
    assert found[-1] is None  # x has come to its constant


@pytest.mark.parametrize("factor", [1e6, 1e-6, 1e300, 1e-300])
def test_a_jump_leaves_no_trace_once_it_is_out_of_window_and_averages(factor: float) -> None:
    before, after = random_walk(300), random_walk(900, seed=2)
    jumped = values([*before, *(price * factor for price in after)])
    assert all(isfinite(each.energy) for each in jumped if each is not None)
    calm = values(after)[-1]
    assert jumped[-1] is not None
    assert calm is not None
    assert jumped[-1] == pytest.approx(calm, rel=1e-6)


def test_tiny_prices_are_prices() -> None:
    prices = random_walk(300)
    tiny = last([price * 1e-8 for price in prices])
    assert tiny == pytest.approx(last(prices), rel=1e-7)


def test_prices_in_another_unit_change_no_number_and_inverted_ones_the_signs() -> None:
    prices = random_walk(300)
    physics, inverted = last(prices), last([1 / price for price in prices])
    assert last([price * 1e5 for price in prices]) == pytest.approx(physics, rel=1e-7)
    assert last([price * 1024 for price in prices]) == physics
    turned = {name: -getattr(physics, name) for name in ("displacement", "velocity", "acceleration", "momentum")}
    assert inverted == pytest.approx(physics._replace(**turned), rel=1e-7)


def test_only_displacement_and_deviation_know_how_volatile_the_market_is() -> None:
    prices = random_walk(300)
    physics, wilder = last(prices), last([price**8 for price in prices])
    sized = physics._replace(displacement=8 * physics.displacement, deviation=8 * physics.deviation)
    assert wilder == pytest.approx(sized, rel=1e-9)


def test_mass_is_relative_and_one_without_volume() -> None:
    prices = random_walk(WINDOW)
    light = last(prices)
    assert (light.mass, last(prices, [7.0] * WINDOW)) == (1.0, light)
    heavy = last(prices, [*[1.0] * (WINDOW - 1), 3.0])
    assert heavy.mass == pytest.approx(3 / (1 + 2 / WINDOW))
    assert heavy.momentum == pytest.approx(heavy.mass * light.momentum)
    assert heavy.energy == pytest.approx(heavy.mass * light.energy)
    assert last(prices, [*[1.0] * (WINDOW - 1), 0.0]).mass == 0.0


def test_a_faster_bar_ranks_higher_and_a_burst_is_told() -> None:
    prices = random_walk(600)
    leap = last([*prices, prices[-1] * 1.02])
    assert (leap.energy_rank, leap.burst) == (1.0, True)
    assert not last(prices).burst


@pytest.mark.parametrize("price", [0.0, -1.0, float("nan"), float("inf")])
def test_what_is_no_price_is_refused_and_changes_nothing(price: float) -> None:
    oscillator, other = Oscillator(window=WINDOW), Oscillator(window=WINDOW)
    for known in random_walk(100):
        oscillator.update(known)
        other.update(known)
    with pytest.raises(ValueError, match="has no logarithm: skip the bar"):
        oscillator.update(price)
    assert oscillator.state() == other.state()


@pytest.mark.parametrize("volume", [-1.0, float("nan"), float("inf")])
def test_what_is_no_volume_is_refused_and_changes_nothing(volume: float) -> None:
    oscillator, other = Oscillator(window=WINDOW), Oscillator(window=WINDOW)
    for known in random_walk(100):
        oscillator.update(known)
        other.update(known)
    with pytest.raises(ValueError, match="a volume of"):
        oscillator.update(1.0, volume)
    assert oscillator.state() == other.state()


@given(PRICES, PRICES, PRICES)
def test_what_comes_later_changes_nothing_before(past: list[float], one: list[float], other: list[float]) -> None:
    known = values(past, window=16)
    assert values(past + one, window=16)[: len(past)] == values(past + other, window=16)[: len(past)] == known


@given(PRICES, st.lists(st.floats(0, 1e9), min_size=60, max_size=60))
def test_whatever_the_market_does_numbers_are_finite_and_in_their_bounds(
    prices: list[float], volumes: list[float]
) -> None:
    for count, physics in enumerate(values(prices, 16, volumes[: len(prices)]), start=1):
        if physics is None:
            assert count < 16 or len(set(prices[:count])) < count
            continue
        assert all(isfinite(each) for each in physics if each is not None)
        assert 0 <= physics.energy_rank <= 1 >= (physics.explained or 0.0) >= 0
        assert (physics.natural_frequency is None) == (physics.damping_ratio is None)
        assert not (physics.unstable and physics.damping_ratio is not None)
        assert physics.energy >= physics.kinetic_energy >= 0


def test_a_fit_that_is_worse_than_the_mean_explains_nothing() -> None:
    motion, random = Motion(WINDOW), Random(6)  # noqa: S311 - simulated
    for _ in range(WINDOW):
        motion.update(5.0 + random.gauss(0, 1))
    assert motion.value is not None
    assert motion.value.explained == 0.0


def test_a_motion_can_be_followed_without_a_price() -> None:
    motion = Motion()
    dampings = []
    for displacement in driven(0.1, 0.3, 2_000, Random(3)):  # noqa: S311 - simulated
        motion.update(displacement)
        if motion.value is not None and motion.value.damping_ratio is not None:
            dampings.append(motion.value.damping_ratio)
    assert np.median(dampings) == pytest.approx(0.1, abs=0.03)


def test_values_begin_with_the_full_window() -> None:
    defined = [physics is not None for physics in values(random_walk(300), window=256)]
    assert [number for number, (before, now) in enumerate(pairwise(defined), start=2) if before != now] == [256]
    assert Oscillator().warm_up == 256


@pytest.mark.parametrize(("first", "price"), [(1e5, 2e5), (3.0, 1.0), (1e-200, 1e200), (1e300, 1e-300)])
def test_the_log_price_is_relative_to_the_first(first: float, price: float) -> None:
    displacement = Displacement()
    displacement.update(first)
    assert displacement.level == 0.0
    displacement.update(price)
    assert displacement.level == pytest.approx(log(price) - log(first), rel=1e-12)
