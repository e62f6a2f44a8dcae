"""Poles of a fit as frequency and damping, beside numpy's roots and logarithms; and where there are none."""

from cmath import exp
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.motions import poles
from tradewatch.indicators import Fit, NaturalMotion, natural_motion

COEFFICIENTS = st.floats(-5, 5) | st.sampled_from([0.0, 1.0, 2.0, 4.0, 1e-300, 5e-324, 1e300])


def fit(first: float, second: float) -> Fit:
    """Return the fit of x[t] = first * x[t-1] + second * x[t-2]."""
    return Fit(stiffness=1 - first - second, friction=1 + second, residual=0.0, equations=254)


def of_poles(one: complex, other: complex) -> NaturalMotion:
    return natural_motion(fit((one + other).real, -(one * other).real))


@pytest.mark.parametrize("frequency", [1e-3, 0.1, 0.5, 1.0])
@pytest.mark.parametrize("damping", [1e-3, 0.1, 0.9, 1.1, 3.0])
def test_they_come_back_from_the_poles_they_give(damping: float, frequency: float) -> None:
    one, other = poles(damping, frequency)
    motion = of_poles(exp(one), exp(other))
    assert motion[:2] == pytest.approx((frequency, damping), rel=1e-6)
    assert not motion.unstable


@given(st.floats(-2.5, 2.5), st.floats(-1.5, 1.5))
def test_they_are_those_of_the_roots(first: float, second: float) -> None:
    roots = np.roots([1.0, -first, -second])
    if len(roots) < 2 or np.any(np.abs(np.abs(roots) - 1) < 1e-6) or np.any(np.abs(roots) < 1e-6):
        return  # on an edge
    if abs(first * first + 4 * second) < 1e-6:
        return  # rounding may make a double root of two, or a pair
    motion = natural_motion(fit(first, second))
    undefined = any(abs(root.imag) < 1e-9 and root.real <= 0 for root in roots)
    unstable = bool(np.any(np.abs(roots) >= 1))
    assert motion.unstable == unstable
    assert (motion.natural_frequency is None) == (motion.damping_ratio is None) == (undefined or unstable)
    if motion.natural_frequency is not None:
        exponents = np.log(roots.astype(complex))
        frequency = np.sqrt(np.prod(exponents)).real
        assert motion.natural_frequency == pytest.approx(frequency, rel=1e-6)
        assert motion.damping_ratio == pytest.approx((-np.sum(exponents) / (2 * frequency)).real, rel=1e-6)


@pytest.mark.parametrize(
    ("one", "other", "unstable"),
    [
        (0.5, 0.0, False),
        (0.0, 0.0, False),
        (0.5, -0.2, False),
        (-0.5, -0.2, False),
        (0.5, 1.0, True),
        (0.5, 1.5, True),
        (0.5, -1.0, True),
        (0.5, -1.5, True),
        (2.0, 3.0, True),
        (1j, -1j, True),
        (0.8 + 0.7j, 0.8 - 0.7j, True),
    ],
)
def test_these_poles_are_no_motion(one: complex, other: complex, unstable: bool) -> None:  # noqa: FBT001 - a table
    assert of_poles(one, other) == NaturalMotion(None, None, unstable=unstable)


def test_the_slowest_drag_keeps_its_digits() -> None:
    motion = natural_motion(Fit(stiffness=1e-14, friction=0.5, residual=0.0, equations=254))
    assert motion.natural_frequency == pytest.approx((log(2) * 2e-14) ** 0.5, rel=1e-12)


def test_poles_that_rounding_makes_a_pair_at_zero_are_none() -> None:
    assert natural_motion(Fit(1 + 2**-52, 1.0, 0.0, 254)) == NaturalMotion(None, None, unstable=False)


@given(COEFFICIENTS, COEFFICIENTS)
def test_whatever_is_fitted_it_is_a_number_or_absent(stiffness: float, friction: float) -> None:
    frequency, damping, unstable = natural_motion(Fit(stiffness, friction, 0.0, 254))
    assert (frequency is None) == (damping is None)
    if frequency is not None and damping is not None:
        assert not unstable
        assert 0 < frequency < np.inf
        assert 0 <= damping < np.inf
