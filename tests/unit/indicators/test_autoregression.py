"""The autoregression is numpy's least squares, bar by bar; noise-free oscillators are told exactly."""

from math import exp, inf
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.motions import driven, free
from tradewatch.indicators import Autoregression, natural_motion

WINDOW = 32
NUMBERS = st.lists(st.sampled_from([0.0, 1.0, -1.0, 1e5]) | st.floats(-1e6, 1e6), max_size=100)


def after(numbers: list[float], window: int = 256) -> Autoregression:
    autoregression = Autoregression(window)
    for number in numbers:
        autoregression.update(number)
    return autoregression


def least_squares(numbers: list[float]) -> tuple[float, float, float]:
    """Return both coefficients of x[t] on x[t-1] and x[t-2], and the sum of squared errors."""
    x = np.array(numbers)
    regressors = np.column_stack([x[1:-1], x[:-2]])
    (first, second), *_ = np.linalg.lstsq(regressors, x[2:])
    return float(first), float(second), float(np.sum((x[2:] - regressors @ [first, second]) ** 2))


@pytest.mark.parametrize(("damping", "frequency"), [(0.1, 0.3), (1.05, 0.1), (4.0, 0.4)])
def test_every_fit_is_that_of_least_squares_over_the_window(damping: float, frequency: float) -> None:
    numbers = list(driven(damping, frequency, 200, Random(5)))  # noqa: S311 - simulated
    autoregression, previous = Autoregression(WINDOW), None
    for count, number in enumerate(numbers, start=1):
        autoregression.update(number)
        window = numbers[max(0, count - WINDOW) : count]
        assert autoregression.deviation == pytest.approx(np.std(window), rel=1e-9)
        if previous is not None:
            predicted = previous[0] * numbers[count - 2] + previous[1] * numbers[count - 3]
            assert autoregression.innovation == pytest.approx(number - predicted, rel=1e-6, abs=1e-12)
        else:
            assert autoregression.innovation is None
        if count < WINDOW / 8:
            assert autoregression.fit is None
            continue
        fit = autoregression.fit
        assert fit is not None
        previous = first, second, error = least_squares(window)
        assert (2 - fit.stiffness - fit.friction, fit.friction - 1) == pytest.approx((first, second), rel=1e-8)
        assert fit.residual == pytest.approx(error, rel=1e-8, abs=1e-14)
        assert fit.equations == len(window) - 2


@pytest.mark.parametrize("frequency", [0.1, 0.2, 0.3, 0.4, 0.5])
@pytest.mark.parametrize("damping", [0.01, 0.1, 0.3, 0.5, 0.9, 1.1, 2.0, 3.0, 5.0])
@pytest.mark.parametrize("velocity", [-0.3, 0.0, 0.3])
def test_noise_free_oscillators_are_told_exactly(damping: float, frequency: float, velocity: float) -> None:
    fit = after(free(damping, frequency, velocity, 256)).fit
    assert fit is not None
    motion = natural_motion(fit)
    assert motion.damping_ratio == pytest.approx(damping, abs=1e-6)
    assert motion.natural_frequency == pytest.approx(frequency, abs=1e-6)


@pytest.mark.parametrize("frequency", [0.1, 0.3, 0.5])
def test_a_critically_damped_one_is_told_exactly_too(frequency: float) -> None:
    fit = after([(1 + bar) * exp(-frequency * bar) for bar in range(256)]).fit
    assert fit is not None
    assert natural_motion(fit)[:2] == pytest.approx((frequency, 1.0), abs=1e-6)


@pytest.mark.parametrize("frequency", [0.1, 0.3, 0.5])
def test_a_swing_is_told_exactly_however_long_ago_it_was_started(frequency: float) -> None:
    fit = after(free(0.05, frequency, 0.0, 2_000)).fit
    assert fit is not None
    assert natural_motion(fit)[:2] == pytest.approx((frequency, 0.05), abs=1e-6)


@pytest.mark.parametrize(
    "numbers",
    [[0.0] * 100, [3.0] * 100, [0.9**bar for bar in range(100)], [(-0.5) ** bar for bar in range(100)], [1e-200] * 100],
    ids=["nothing", "constant", "exponential", "alternating", "vanishing"],
)
def test_what_shows_one_pole_or_none_has_no_fit(numbers: list[float]) -> None:
    assert after(numbers, WINDOW).fit is None


@given(before=NUMBERS, window=st.lists(st.floats(-1e3, 1e3), min_size=WINDOW, max_size=WINDOW))
def test_what_has_left_the_window_leaves_no_trace(before: list[float], window: list[float]) -> None:
    alone, with_past = after(window, WINDOW), after([*before, 1e12, *window], WINDOW)
    assert with_past.deviation == pytest.approx(alone.deviation, rel=1e-9)
    if alone.fit is None or with_past.fit is None:
        return
    assert with_past.fit == pytest.approx(alone.fit, rel=1e-5, abs=1e-12 * max(map(abs, window)) ** 2)


@given(NUMBERS)
def test_the_residual_is_never_negative_and_all_is_finite(numbers: list[float]) -> None:
    autoregression = after(numbers, WINDOW)
    assert 0 <= autoregression.deviation < inf
    if autoregression.fit is not None:
        assert np.isfinite(autoregression.fit).all()
        assert autoregression.fit.residual >= 0


def test_the_deviation_keeps_its_digits_far_from_zero() -> None:
    numbers = [1e6 + each for each in driven(0.3, 0.3, 100, Random(2))]  # noqa: S311 - simulated
    assert after(numbers, WINDOW).deviation == pytest.approx(np.std(np.array(numbers[-WINDOW:]) - 1e6), rel=1e-6)


def test_it_needs_a_window() -> None:
    with pytest.raises(ValueError, match="7 bars is too short"):
        Autoregression(7)
