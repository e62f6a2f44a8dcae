"""Kinds of market, told apart by indicators: one file per classifier. They know no file, clock or log."""

from tradewatch.regimes.physics import CRITICAL_BAND, PhysicalRegime, physical_regime
from tradewatch.regimes.trend import TrendClassifier, TrendReadings, TrendRegime, trend_regime

__all__ = [
    "CRITICAL_BAND",
    "PhysicalRegime",
    "TrendClassifier",
    "TrendReadings",
    "TrendRegime",
    "physical_regime",
    "trend_regime",
]
