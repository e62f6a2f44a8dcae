"""The quantities that a market has: prices, regimes, and the physics of a driven oscillator."""

from collections.abc import Mapping

from tradewatch.catalog import concepts
from tradewatch.catalog.concept import Concept

# Prices, as the system saw them.

PRICE = Concept(
    name="price",
    definition="close of the newest bar",
    undefined=f"before the first bar, and {concepts.STALE}",
    live=True,
)
SPREAD = Concept(
    name="spread",
    definition="ask - bid at the close of the newest bar",
    undefined=f"before it is told, and {concepts.STALE}",
    live=True,
)
LAST_BAR_TIME = Concept(name="last bar", definition="when the newest bar closed", undefined="before the first bar")
STALE_AFTER = Concept(
    name="stale after",
    definition="how old the newest bar may be before prices count as stale: 5 minutes, or 3 of its longest bars",
    undefined="before the first bar",
)
TICKS = Concept(
    name="ticks", definition="quotes seen, as the bars count them", undefined="for a source without heartbeats"
)
ACTIVE_ASSETS = Concept(
    name="active assets", definition="assets whose newest bar is not older than 5 minutes or 3 of its bars", live=True
)
QUOTES_REFUSED = Concept(
    name="refused quotes", definition="quotes that were no use: crossed, stale, negative, out of order, by reason"
)

PRICE_CHANGE_24H = Concept(
    name="change in 24 hours",
    definition="newest close / the close of 24 hours before it - 1; one close is kept of every quarter of an hour, so "
    "it may be up to a quarter older",
    undefined=f"before there is a close that old, after a gap of more than an hour there, and {concepts.STALE}",
    live=True,
)
BUY_AND_HOLD = Concept(
    name="buy and hold",
    definition="mean over the assets of newest close / first close since the account began - 1, without costs: what "
    "doing nothing would have made",
    undefined="before the first bar since the account began",
    live=True,
)

# Regimes of an asset, as they were recorded.

REGIME_CODES: Mapping[str, int] = {
    "CHOPPY": 0,
    "RANGING": 1,
    "TRENDING_UP": 2,
    "TRENDING_DOWN": 3,
    "VOLATILE": 4,
    "CHAOTIC": 1,
    "UNDERDAMPED": 2,
    "CRITICALLY_DAMPED": 3,
    "OVERDAMPED": 4,
}
"""The number of each regime; those of two systems may share one."""

_NO_REGIME = "before the asset's first regime"
_NO_REGIME_NOW = f"{_NO_REGIME}, and {concepts.STALE}"

REGIME_CODE = Concept(
    name="current regime",
    definition="number of the regime an asset is in, of those its system tells apart: "
    + ", ".join(f"{code} {regime}" for regime, code in REGIME_CODES.items()),
    undefined=_NO_REGIME_NOW,
    live=True,
)
REGIME_STATE = Concept(
    name="regime state",
    definition="1 for the regime an asset is in, 0 for those it has been in",
    undefined=_NO_REGIME_NOW,
    live=True,
)
REGIME_CONFIDENCE = Concept(
    name="regime confidence",
    definition="share of the last 20 bars that had the regime the asset is in",
    undefined="while warming up",
    live=True,
)
REGIME_CHANGES = Concept(name="regime changes", definition="how often an asset went from one regime to another")
REGIME_TRANSITIONS = Concept(
    name="regime transitions", definition="how often an asset went from one regime to another, by both"
)
REGIME_TIME_SHARE = Concept(
    name="time in a regime",
    definition="share of the time since an asset's first regime; the shares of an asset sum to 1",
    undefined=_NO_REGIME,
    live=True,
)

# Physics: the displacement from the slow equilibrium as a driven mass on a damped spring.

_OSCILLATOR = "G. Box and G. Jenkins (1970), Time Series Analysis: poles of a second-order autoregression"
_WARMING_UP = f"while warming up, and {concepts.STALE}"

DISPLACEMENT = Concept(
    name="displacement",
    definition="x = EMA(log p) - EMA(EMA(log p)) of 20 bars each, p the mid price",
    undefined=_WARMING_UP,
    live=True,
)
VELOCITY = Concept(
    name="velocity",
    definition="change of x per bar / deviation of x over 256 bars",
    undefined=_WARMING_UP,
    live=True,
)
ACCELERATION = Concept(
    name="acceleration",
    definition="change of the velocity per bar, both scaled by the deviation of x over 256 bars",
    undefined=_WARMING_UP,
    live=True,
)
MOMENTUM = Concept(
    name="momentum",
    definition="mass * velocity; mass = tick volume relative to its mean, 1 without volume",
    undefined=_WARMING_UP,
    live=True,
)
ENERGY = Concept(
    name="energy",
    definition="mass * velocity^2 / 2 + mass * w0^2 * x^2 / 2, x scaled as the velocity; "
    "without w0 the first part alone",
    undefined=_WARMING_UP,
    live=True,
)
DAMPING_RATIO = Concept(
    name="damping ratio",
    definition="-(s1 + s2) / (2 w0), s = ln z of the poles z of a second-order autoregression of x over 256 bars; "
    "1 for a random walk",
    source=_OSCILLATOR,
    undefined="while warming up, and for a pole that is not above 0 or not inside the unit circle",
    live=True,
)
NATURAL_FREQUENCY = Concept(
    name="natural frequency",
    definition="w0 / (2 pi) / seconds per bar, w0 = sqrt(s1 s2), in hertz",
    source=_OSCILLATOR,
    undefined="as the damping ratio",
    live=True,
)
VARIANCE_EXPLAINED = Concept(
    name="variance explained",
    definition="share of the variance of x that the autoregression explains",
    undefined=_WARMING_UP,
    live=True,
)

INDICATORS: Mapping[Concept, str] = {
    DISPLACEMENT: "displacement",
    VELOCITY: "velocity",
    ACCELERATION: "acceleration",
    MOMENTUM: "momentum",
    ENERGY: "energy",
    DAMPING_RATIO: "damping_ratio",
    NATURAL_FREQUENCY: "natural_frequency",
    VARIANCE_EXPLAINED: "variance_explained",
    concepts.AVERAGE_DIRECTIONAL_INDEX: "adx",
    concepts.AVERAGE_TRUE_RANGE: "atr",
    concepts.BOLLINGER_WIDTH: "bb_width",
    concepts.VOLATILITY: "volatility",
    REGIME_CONFIDENCE: "regime_confidence",
}
"""Concepts that are read off a bar, and their names there."""
