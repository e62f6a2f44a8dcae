"""The price as a driven mass on a damped spring around its slow equilibrium."""

from collections.abc import Mapping
from math import inf
from typing import Any, NamedTuple

from tradewatch.indicators.autoregression import Autoregression, Fit
from tradewatch.indicators.burst import Burst
from tradewatch.indicators.displacement import Displacement
from tradewatch.indicators.natural_motion import NaturalMotion, natural_motion
from tradewatch.indicators.rolling_mean import RollingMean
from tradewatch.indicators.sorted_window import SortedWindow

_STILL = 1e-14
"""A deviation up to this share of 1 + the size of the log price is rounding: the price has stood still."""
_BEGINNING = 8
"""Ranks begin with the first window's eighth."""
_UNKNOWN_MOTION = NaturalMotion(None, None)
# Any in this file: a state is what `state` of the same version returned, read from a checkpoint.


class Physics(NamedTuple):
    """The motion at one bar. All but ``displacement`` and ``deviation`` is free of scale; rates are per bar.

    ``natural_frequency`` (radians per bar) and ``damping_ratio`` are None where the fit has no poles that a motion in
    continuous time has; ``explained`` is None where there is no fit.
    """

    displacement: float
    """x, the log distance from the slow equilibrium: 0.01 is about 1 % above it."""
    deviation: float
    """The population deviation of x over the window."""
    velocity: float
    """(x - x one bar before) / deviation."""
    acceleration: float
    """(velocity - velocity one bar before), both in deviations of now."""
    mass: float
    """The bar's volume / the mean volume of the window, this bar included; 1 without any volume in the window."""
    momentum: float
    """mass * velocity."""
    kinetic_energy: float
    """mass * velocity² / 2."""
    potential_energy: float | None
    """mass * natural frequency² * (x / deviation)² / 2; None without a natural frequency."""
    energy_rank: float
    """The share of the window's other bars whose kinetic energy was below this one's, 0 to 1."""
    natural_frequency: float | None
    damping_ratio: float | None
    explained: float | None
    """1 - mean squared error of the fit / deviation², 0 to 1."""
    unstable: bool
    """Whether a pole of the fit has |z| >= 1."""
    burst: bool
    """Whether the drive has suddenly become stronger: see `Burst`."""

    @property
    def energy(self) -> float:
        """Kinetic and potential energy; the kinetic alone without a natural frequency."""
        return self.kinetic_energy + (self.potential_energy or 0.0)


class Motion:
    """The physics of a series of displacements x: a price's, or any other's.

    ``value`` is None until the window is full, and while x has stood still for a whole window, but for rounding. Ranks
    and bursts look at the bars of up to a window; they begin with an eighth of the first one.

    >>> motion = Motion(window=8)
    >>> for x in (0.0, 1.0, 1.0, 0.0, -1.0, -1.0, 0.0, 1.0):  # x[t] = x[t-1] - 0.99 x[t-2], about
    ...     motion.update(0.99**motion.bars * x)
    >>> round(motion.value.natural_frequency, 3), round(motion.value.damping_ratio, 3)
    (1.047, 0.01)
    """

    __slots__ = ("_autoregression", "_before", "_burst", "_energies", "_last", "_volumes", "bars", "value", "warm_up")

    def __init__(self, window: int = 256) -> None:
        self._autoregression = Autoregression(window)
        self._burst = Burst(window=window)
        self._energies = SortedWindow(window)
        self._volumes = RollingMean(window)
        self._last = self._before = 0.0
        self.warm_up = window
        self.bars = 0
        """How many there have been."""
        self.value: Physics | None = None

    @property
    def ready(self) -> bool:
        """Whether the warm-up is over."""
        return self.bars >= self.warm_up

    def update(self, displacement: float, volume: float = 0.0, still: float = 0.0) -> None:
        """Take the next bar's x and volume; a deviation of x up to ``still`` is rounding. Raises ValueError."""
        _check_volume(volume)
        self.bars += 1
        autoregression = self._autoregression
        autoregression.update(displacement)
        self._volumes.update(volume)
        if autoregression.innovation is not None:
            self._burst.update(autoregression.innovation)
        settled = autoregression.deviation > still and self.bars * _BEGINNING >= self.warm_up
        self.value = self._read(displacement, volume) if settled else None
        self._last, self._before = displacement, self._last

    def _read(self, displacement: float, volume: float) -> Physics | None:
        """Return the physics of a bar; None while warming up."""
        deviation = self._autoregression.deviation
        velocity = (displacement - self._last) / deviation
        mean_volume = self._volumes.value
        mass = volume / mean_volume if mean_volume else 1.0
        kinetic_energy = mass * velocity * velocity / 2
        self._energies.update(kinetic_energy)
        if self.bars < self.warm_up:
            return None
        fit = self._autoregression.fit
        frequency, damping_ratio, unstable = natural_motion(fit) if fit else _UNKNOWN_MOTION
        swing = frequency * displacement / deviation if frequency else None
        return Physics(  # by position, which takes a third of the time
            displacement,
            deviation,
            velocity,
            velocity - (self._last - self._before) / deviation,
            mass,
            mass * velocity,
            kinetic_energy,
            mass * swing * swing / 2 if swing is not None else None,
            self._energies.rank or 0.0,
            frequency,
            damping_ratio,
            _explained(fit, deviation) if fit else None,
            unstable,
            self._burst.value,
        )

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here: plain numbers and lists of them."""
        return {
            "autoregression": self._autoregression.state(),
            "burst": self._burst.state(),
            "energies": self._energies.state(),
            "volumes": self._volumes.state(),
            "last": self._last,
            "before": self._before,
            "bars": self.bars,
            "value": None if self.value is None else list(self.value),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the state of a motion with the same window."""
        self._autoregression.restore(state["autoregression"])
        self._burst.restore(state["burst"])
        self._energies.restore(state["energies"])
        self._volumes.restore(state["volumes"])
        self._last, self._before, self.bars = state["last"], state["before"], state["bars"]
        self.value = None if state["value"] is None else Physics(*state["value"])


class Oscillator:
    """The physics of a price, bar by bar: `Displacement` from its equilibrium, and the `Motion` of that.

    ``value`` is None for the first ``window - 1`` bars, and while the price has stood still for a whole window.

    >>> from math import sin
    >>> oscillator = Oscillator(period=20, window=64)
    >>> for bar in range(64):
    ...     oscillator.update(100 + 0.95**bar * sin(bar), volume=10.0)
    >>> round(oscillator.value.natural_frequency, 1), round(oscillator.value.damping_ratio, 1), oscillator.value.mass
    (0.8, 0.1, 1.0)
    """

    __slots__ = ("_displacement", "_motion", "warm_up")

    def __init__(self, period: int = 20, window: int = 256) -> None:
        self._displacement = Displacement(period)
        self._motion = Motion(window)
        self.warm_up = self._motion.warm_up

    def update(self, price: float, volume: float = 0.0) -> None:
        """Take the price and volume of the next closed bar; raises ValueError for a price <= 0 or a volume < 0."""
        _check_volume(volume)  # before the displacement takes the price: what is refused changes nothing
        displacement = self._displacement
        displacement.update(price)
        self._motion.update(displacement.value or 0.0, volume, _STILL * (1 + abs(displacement.level)))

    @property
    def value(self) -> Physics | None:
        """The physics at the last bar; None while warming up or standing still."""
        return self._motion.value

    @property
    def ready(self) -> bool:
        """Whether the warm-up is over."""
        return self._motion.ready

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here: about 1,050 numbers in lists and dicts."""
        return {"displacement": self._displacement.state(), "motion": self._motion.state()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the state of an oscillator with the same period and window."""
        self._displacement.restore(state["displacement"])
        self._motion.restore(state["motion"])


def _check_volume(volume: float) -> None:
    if not 0 <= volume < inf:
        message = f"a volume of {volume} is none: give a number of at least 0"
        raise ValueError(message)


def _explained(fit: Fit, deviation: float) -> float:
    return max(0.0, 1.0 - fit.residual / fit.equations / (deviation * deviation))
