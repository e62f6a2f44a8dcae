"""One symbol on one timeframe: what its closed bars say of its physics."""

from collections.abc import Mapping
from math import pi
from typing import Any

from tradewatch.indicators import AverageTrueRange, Oscillator, Physics
from tradewatch.market.bars import Bar, Timeframe
from tradewatch.regimes import PhysicalRegime, physical_regime

# Any in this file: a state is what `state` of the same version returned.


class Watch:
    """Follows the closed bars of one symbol on one timeframe, in order."""

    def __init__(self, symbol: str, timeframe: Timeframe) -> None:
        self.symbol = symbol
        self.timeframe = timeframe
        self.bar: Bar | None = None
        self.physics: Physics | None = None
        """The physics at the last bar; None while warming up or standing still."""
        self.regime: PhysicalRegime | None = None
        self._oscillator = Oscillator()
        self._range = AverageTrueRange()

    def take(self, bar: Bar) -> None:
        """Take the next closed bar."""
        self.bar = bar
        self._oscillator.update(bar.close, bar.volume)
        self._range.update(bar)
        self.physics = physics = self._oscillator.value
        self.regime = None if physics is None else physical_regime(physics)

    @property
    def volatility(self) -> float | None:
        """The average true range as a share of the price; None while warming up, and for a price that stands still."""
        return self._range.share or None

    @property
    def indicators(self) -> Mapping[str, float]:
        """What is told of the last bar, by the names of `tradewatch.catalog.market.INDICATORS`."""
        physics = self.physics
        if physics is None:
            return {}
        frequency = physics.natural_frequency
        told = {
            "displacement": physics.displacement,
            "velocity": physics.velocity,
            "acceleration": physics.acceleration,
            "momentum": physics.momentum,
            "energy": physics.energy,
            "damping_ratio": physics.damping_ratio,
            "natural_frequency": None if frequency is None else frequency / (_TURN * self.timeframe.seconds),
            "variance_explained": physics.explained,
        }
        return {name: value for name, value in told.items() if value is not None}

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs, apart from the bar."""
        return {"oscillator": self._oscillator.state(), "range": self._range.state(), "regime": self.regime}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on exactly from where ``state`` was taken; the bar is the next one."""
        self._oscillator.restore(state["oscillator"])
        self._range.restore(state["range"])
        self.physics = self._oscillator.value
        self.regime = None if state["regime"] is None else PhysicalRegime(state["regime"])


_TURN = 2 * pi
"""Radians in a cycle."""
