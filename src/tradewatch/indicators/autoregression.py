"""The second-order autoregression of a window, as the equation of motion of a mass on a damped spring."""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any, NamedTuple

from tradewatch.indicators.period import checked_period

_SHORTEST = 8
_LAGS = 2
_FEWEST_SHARE = 8
"""No fit before an eighth of the window is there."""
_SINGULAR = 1e-9
"""A determinant below this share of its diagonal's product is rounding: position and velocity cannot be told apart."""
# Any in this file: a state is what `state` of the same version returned, read from a checkpoint.

Sums = tuple[float, float, float, float, float, float, float, float, float]
"""Of some numbers: count, mean and squares around it; of their equations: acceleration * position, acceleration *
velocity, position squared, position * velocity, velocity squared, acceleration squared."""

_NOTHING: Sums = (0.0,) * 9


class Fit(NamedTuple):
    """acceleration = -stiffness * position - friction * velocity, per bar, and what it leaves unexplained.

    ``residual`` is the sum of its squared errors over so many ``equations``.
    """

    stiffness: float
    friction: float
    residual: float
    equations: float


class Autoregression:
    """The second-order autoregression of the last ``window`` numbers by least squares, without an intercept.

    x[t] = a * x[t-1] + b * x[t-2] is fitted as (x[t] - 2 x[t-1] + x[t-2]) = -stiffness * x[t-1] - friction * (x[t-1] -
    x[t-2]): the same least squares, as a = 2 - stiffness - friction and b = friction - 1, but of numbers that are
    almost orthogonal and lose no digits where the motion is slow. All three numbers of an equation lie in the window:
    it has ``window`` - 2 of them, fewer while the window fills.

    ``fit`` is None before an eighth of the window is there, and where position and velocity are proportional to each
    other, as for a constant or a pure exponential. ``innovation`` is the error of the previous fit about the newest
    number; None where there was none.

    Two stacks of sums: what has left the window leaves no trace, and each number is added twice, whatever the length.

    >>> autoregression = Autoregression(window=8)
    >>> for number in (0.0, 1.0, 1.0, 0.0, -1.0, -1.0, 0.0, 1.5):  # x[t] = x[t-1] - x[t-2], until the last
    ...     autoregression.update(number)
    >>> autoregression.innovation
    0.5
    """

    __slots__ = (
        "_last",
        "_new",
        "_new_sums",
        "_old",
        "_suffixes",
        "_velocity",
        "_window",
        "deviation",
        "fit",
        "innovation",
    )

    def __init__(self, window: int = 256) -> None:
        self._window = checked_period(window, least=_SHORTEST)
        self._old: list[float] = []  # the numbers of the suffixes, the newest first
        self._suffixes: list[Sums] = []
        self._new: list[float] = []  # those after them, behind the newest of the old
        self._new_sums = _NOTHING
        self._last = 0.0
        self._velocity: float | None = None
        self.deviation = 0.0
        """The population deviation of the numbers in the window; 0 without any."""
        self.fit: Fit | None = None
        self.innovation: float | None = None

    @property
    def full(self) -> bool:
        """Whether there have been as many numbers as the window holds."""
        return bool(self._suffixes)

    def update(self, number: float) -> None:
        """Take the next number: finite, and its square must neither overflow nor vanish."""
        fit, velocity = self.fit, self._velocity
        if fit is None or velocity is None:
            self.innovation = None
        else:
            stiffness, friction, _, _ = fit
            acceleration = number - self._last - velocity
            self.innovation = acceleration + stiffness * self._last + friction * velocity
        if self._suffixes:
            self._suffixes.pop()
        self._add(number)
        if len(self._new) == self._window:
            self._turn_over(self._new)
        self._solve()

    def _add(self, number: float) -> None:
        last, velocity = self._last, self._velocity
        if velocity is None:
            self._new_sums = _extended(self._new_sums, number, 0.0, 0.0, 0.0)
        else:
            self._new_sums = _extended(self._new_sums, number, number - last - velocity, last, velocity)
        self._velocity = number - last if self._new else None
        self._last = number
        self._new.append(number)

    def _turn_over(self, numbers: Sequence[float]) -> None:
        """Keep the sums of each number and all after it, from the newest back."""
        self._old = list(reversed(numbers))
        self._suffixes = []
        sums, after, velocity_after = _NOTHING, 0.0, 0.0
        for count, number in enumerate(self._old):
            velocity = after - number
            if count < _LAGS:
                sums = _extended(sums, number, 0.0, 0.0, 0.0)
            else:
                sums = _extended(sums, number, velocity_after - velocity, after, velocity)
            self._suffixes.append(sums)
            after, velocity_after = number, velocity
        self._new, self._new_sums = [self._old[0]], _NOTHING

    def _solve(self) -> None:
        count, mean, squares, ap, av, pp, pv, vv, aa = self._new_sums
        if self._suffixes:
            older, other, more, ap2, av2, pp2, pv2, vv2, aa2 = self._suffixes[-1]
            offset = other - mean
            squares += more + offset * offset * (older * count / (older + count))
            count += older
            ap, av, pp, pv, vv, aa = ap + ap2, av + av2, pp + pp2, pv + pv2, vv + vv2, aa + aa2
        self.deviation = sqrt(squares / count) if count else 0.0
        determinant = pp * vv - pv * pv
        if determinant > _SINGULAR * pp * vv and count * _FEWEST_SHARE >= self._window:
            stiffness = (pv * av - vv * ap) / determinant
            friction = (pv * ap - pp * av) / determinant
            self.fit = Fit(stiffness, friction, max(0.0, aa + stiffness * ap + friction * av), count - _LAGS)
        else:
            self.fit = None

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here: the numbers of the window, the oldest first."""
        old = self._old[len(self._suffixes) - 1 :: -1] if self._suffixes else []
        new = self._new[1:] if old else self._new
        return {"old": old, "new": list(new), "innovation": self.innovation}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the state of an autoregression of the same window."""
        old: list[float] = state["old"]
        self._suffixes, self._new, self._new_sums, self._velocity = [], [], _NOTHING, None
        if old:
            self._turn_over(old)
            self._last, self._velocity = old[-1], old[-1] - old[-2]
        for number in state["new"]:
            self._add(number)
        self._solve()
        self.innovation = state["innovation"]


def _extended(sums: Sums, number: float, acceleration: float, position: float, velocity: float) -> Sums:
    """Return the sums with a number and an equation more; zeros for no equation."""
    count, mean, squares, ap, av, pp, pv, vv, aa = sums
    count += 1.0
    offset = number - mean
    mean += offset / count
    return (
        count,
        mean,
        squares + offset * (number - mean),
        ap + acceleration * position,
        av + acceleration * velocity,
        pp + position * position,
        pv + position * velocity,
        vv + velocity * velocity,
        aa + acceleration * acceleration,
    )
