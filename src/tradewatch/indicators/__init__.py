"""Technical indicators on closed bars, one file each: update, value, ready. They know no file, clock or log."""

from tradewatch.indicators.autoregression import Autoregression, Fit
from tradewatch.indicators.average_directional_index import AverageDirectionalIndex
from tradewatch.indicators.average_true_range import AverageTrueRange
from tradewatch.indicators.bollinger_bands import Bands, BollingerBands
from tradewatch.indicators.burst import Burst
from tradewatch.indicators.displacement import Displacement
from tradewatch.indicators.indicator import Bar, Indicator
from tradewatch.indicators.natural_motion import NaturalMotion, natural_motion
from tradewatch.indicators.oscillator import Motion, Oscillator, Physics
from tradewatch.indicators.realised_volatility import RealisedVolatility

__all__ = [
    "Autoregression",
    "AverageDirectionalIndex",
    "AverageTrueRange",
    "Bands",
    "Bar",
    "BollingerBands",
    "Burst",
    "Displacement",
    "Fit",
    "Indicator",
    "Motion",
    "NaturalMotion",
    "Oscillator",
    "Physics",
    "RealisedVolatility",
    "natural_motion",
]
