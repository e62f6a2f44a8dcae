"""VelocityPTrader's regimes: how the price returns to its equilibrium."""

from enum import StrEnum

from tradewatch.indicators import Physics

CRITICAL_BAND = (0.65, 1.5)
"""Damping ratios of a critically damped market, the ends included: a random walk's, as fitted, are inside."""

_HIGH_ENERGY = 0.9


class PhysicalRegime(StrEnum):
    """How the price moves around its equilibrium; ``code`` is its number on the page.

    >>> PhysicalRegime.OVERDAMPED.code
    4
    """

    CHAOTIC = "CHAOTIC"
    """No steady law of motion: it grows, its drive has burst, or it is fast and has no poles at all."""

    UNDERDAMPED = "UNDERDAMPED"
    """It swings around its equilibrium."""

    CRITICALLY_DAMPED = "CRITICALLY_DAMPED"
    """It moves as a random walk does: the efficient market."""

    OVERDAMPED = "OVERDAMPED"
    """It drags itself back to its equilibrium."""

    __hash__ = str.__hash__  # the same number; an enumeration's own takes a call

    @property
    def code(self) -> int:
        """The regime's number, 1 to 4."""
        return _CODES[self]


_CODES = {regime: code for code, regime in enumerate(PhysicalRegime, start=1)}


def physical_regime(physics: Physics, critical_band: tuple[float, float] = CRITICAL_BAND) -> PhysicalRegime:
    """Return the regime of a bar, the first of these that holds.

    CHAOTIC: a pole is unstable, a burst is on, or there are no poles while the kinetic energy is above the 90th
    percentile of its window. UNDERDAMPED, CRITICALLY_DAMPED, OVERDAMPED: the damping ratio is below, inside or above
    the band. OVERDAMPED: there are no poles, and the energy is low.
    """
    damping = physics.damping_ratio
    if physics.unstable or physics.burst or (damping is None and physics.energy_rank > _HIGH_ENERGY):
        return PhysicalRegime.CHAOTIC
    lowest, highest = critical_band
    if damping is None or damping > highest:
        return PhysicalRegime.OVERDAMPED
    return PhysicalRegime.UNDERDAMPED if damping < lowest else PhysicalRegime.CRITICALLY_DAMPED
