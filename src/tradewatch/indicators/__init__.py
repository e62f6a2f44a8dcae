"""Technical indicators on closed bars, one file each: update, value, ready. They know no file, clock or log."""

from tradewatch.indicators.average_directional_index import AverageDirectionalIndex
from tradewatch.indicators.average_true_range import AverageTrueRange
from tradewatch.indicators.bollinger_bands import Bands, BollingerBands
from tradewatch.indicators.indicator import Bar, Indicator
from tradewatch.indicators.realised_volatility import RealisedVolatility

__all__ = [
    "AverageDirectionalIndex",
    "AverageTrueRange",
    "Bands",
    "Bar",
    "BollingerBands",
    "Indicator",
    "RealisedVolatility",
]
