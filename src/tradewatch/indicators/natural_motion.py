"""What a fitted equation of motion does when it is left alone: how fast it swings, and how soon it comes to rest."""

from math import atan2, hypot, log1p, sqrt
from typing import NamedTuple

from tradewatch.indicators.autoregression import Fit

_MIRROR = -2.0
"""z = -1, as z - 1."""


class NaturalMotion(NamedTuple):
    """The natural frequency, in radians per bar, and the damping ratio; both None where they are undefined.

    ``unstable``: a pole z has |z| >= 1, so that the motion grows, or never ends.
    """

    natural_frequency: float | None
    damping_ratio: float | None
    unstable: bool = False


def natural_motion(fit: Fit) -> NaturalMotion:
    """Return the motion that has the poles of a fit.

    The poles z solve z² = a z + b; s = ln z per bar, natural frequency = sqrt(s1 s2), damping ratio = -(s1 + s2) / (2
    natural frequency). A complex pair has a damping ratio below 1, two positive real poles one of at least 1. It is
    undefined where a pole is 0 or negative, which no motion in continuous time has, or where one has |z| >= 1.

    >>> natural_motion(Fit(stiffness=0.25, friction=0.0, residual=0.0, equations=254))
    NaturalMotion(natural_frequency=None, damping_ratio=None, unstable=True)
    >>> motion = natural_motion(Fit(stiffness=1 / 64, friction=15 / 64, residual=0.0, equations=254))
    >>> round(motion.natural_frequency, 6), round(motion.damping_ratio, 6), motion.unstable  # z = 7/8, twice
    (0.133531, 1.0, False)
    """
    stiffness, friction, _, _ = fit
    half = (stiffness + friction) / 2  # the poles are z = 1 + w, with w² + (stiffness + friction) w + stiffness = 0
    discriminant = half * half - stiffness
    if discriminant < 0:
        return _of_pair(friction, half, sqrt(-discriminant))
    far = -half - sqrt(discriminant) if half > 0 else -half + sqrt(discriminant)
    return _of_real(far, stiffness / far if far else 0.0)


def _of_pair(friction: float, half: float, height: float) -> NaturalMotion:
    if friction <= 0:
        return _UNSTABLE
    if friction >= 1:  # both poles are 0 but for rounding
        return _UNDEFINED
    decay = -log1p(-friction) / 2  # |z|² = 1 - friction
    frequency = hypot(decay, atan2(height, 1 - half))
    return NaturalMotion(frequency, decay / frequency)


def _of_real(one: float, other: float) -> NaturalMotion:
    low, high = (one, other) if one < other else (other, one)
    if high >= 0 or low <= _MIRROR:
        return _UNSTABLE
    if low <= -1:
        return _UNDEFINED
    fast, slow = -log1p(low), -log1p(high)
    frequency = sqrt(fast * slow)
    return NaturalMotion(frequency, (fast + slow) / (2 * frequency))


_UNSTABLE = NaturalMotion(None, None, unstable=True)
_UNDEFINED = NaturalMotion(None, None)
