"""The figures that StockCharts publishes: the worked sheets of its ChartSchool, to their printed precision.

ChartSchool, "Average True Range (ATR)" (sheet cs-atr), "Average Directional Index (ADX)" (cs-adx; its first rows) and
"Bollinger Bands" (cs-bbands).
"""

import pytest

from tests.support.definitions import checks
from tests.unit.indicators.candles import Candle, flat
from tradewatch.catalog import concepts
from tradewatch.indicators import AverageDirectionalIndex, AverageTrueRange, BollingerBands

AVERAGE_TRUE_RANGE = (
    # a bar: high, low, close; after it: ATR(14)
    (48.7, 47.79, 48.16, None),
    (48.72, 48.14, 48.61, None),
    (48.9, 48.39, 48.75, None),
    (48.87, 48.37, 48.63, None),
    (48.82, 48.24, 48.74, None),
    (49.05, 48.635, 49.03, None),
    (49.2, 48.94, 49.07, None),
    (49.35, 48.86, 49.32, None),
    (49.92, 49.5, 49.91, None),
    (50.19, 49.87, 50.13, None),
    (50.12, 49.2, 49.53, None),
    (49.66, 48.9, 49.5, None),
    (49.88, 49.43, 49.75, None),
    (50.19, 49.725, 50.03, 0.555),
    (50.36, 49.26, 50.31, 0.5939285714),
    (50.57, 50.09, 50.52, 0.5857908163),
    (50.65, 50.3, 50.41, 0.5689486152),
    (50.43, 49.21, 49.34, 0.6154522855),
    (49.63, 48.98, 49.37, 0.6179199794),
    (50.33, 49.61, 50.23, 0.6423542666),
    (50.29, 49.2, 49.2375, 0.6743289618),
    (50.17, 49.43, 49.93, 0.6927697503),
    (49.32, 48.08, 48.43, 0.7754290538),
    (48.5, 47.64, 48.18, 0.7814698357),
    (48.3201, 41.55, 46.57, 1.209229133),
    (46.8, 44.2833, 45.41, 1.302619909),
    (47.8, 47.31, 47.77, 1.380289916),
    (48.39, 47.2, 47.72, 1.366697779),
    (48.66, 47.9, 48.62, 1.336219366),
    (48.79, 47.7301, 47.85, 1.316482269),
)

DIRECTIONAL_INDEX = (
    # a bar: high, low, close; after it: +DI(14), -DI(14), ADX(14)
    (30.1983, 29.4072, 29.872, None, None, None),
    (30.2776, 29.3182, 30.2381, None, None, None),
    (30.4458, 29.9611, 30.0996, None, None, None),
    (29.3478, 28.7443, 28.9028, None, None, None),
    (29.3477, 28.5566, 28.9225, None, None, None),
    (29.2886, 28.4081, 28.4775, None, None, None),
    (28.8334, 28.0818, 28.5566, None, None, None),
    (28.7346, 27.4289, 27.5576, None, None, None),
    (28.6654, 27.6565, 28.4675, None, None, None),
    (28.8532, 27.8345, 28.2796, None, None, None),
    (28.6356, 27.3992, 27.4882, None, None, None),
    (27.6761, 27.0927, 27.231, None, None, None),
    (27.2112, 26.1826, 26.3507, None, None, None),
    (26.8651, 26.1332, 26.3309, None, None, None),
    (27.409, 26.6277, 27.0333, 6.7494187, 32.4195605, None),
    (26.9441, 26.1332, 26.2221, 6.2919781, 33.9457668, None),
    (26.5189, 25.4307, 26.0144, 5.7817867, 36.4278403, None),
    (26.5189, 25.3518, 25.4605, 5.2866653, 33.8872739, None),
    (27.0927, 25.876, 27.0333, 8.6988073, 30.0160112, None),
    (27.686, 26.964, 27.4487, 12.4910346, 28.4668252, None),
    (28.4477, 27.1421, 28.3586, 16.6785194, 25.866945, None),
    (28.5267, 28.0123, 28.4278, 16.629245, 24.901954, None),
    (28.6654, 27.884, 27.953, 16.6937202, 23.4696294, None),
    (29.0116, 27.9928, 29.0116, 17.9332083, 21.6526027, None),
    (29.872, 28.7643, 29.3776, 22.7269847, 19.9151478, None),
    (29.8028, 29.1402, 29.3576, 21.609939, 18.9363056, None),
    (29.7529, 28.7127, 28.9107, 19.9520101, 20.6365552, None),
    (30.6546, 28.929, 30.6149, 23.8153238, 18.1258276, 33.5833461),
    (30.5951, 30.0304, 30.0502, 22.8134766, 17.3633223, 32.1534947),
    (30.7635, 29.3863, 30.189, 20.6131527, 20.1994349, 29.9292238),
    (31.1698, 30.1365, 31.1202, 21.9656407, 18.7390828, 28.3576178),
    (30.8923, 30.4267, 30.5356, 20.8748381, 17.8085094, 26.8982694),
    (30.0402, 29.3467, 29.7827, 19.1217139, 23.9419101, 25.7764785),
    (30.6645, 29.9906, 30.0402, 22.3703123, 22.4368271, 23.9459048),
    (30.5951, 29.5152, 30.4861, 20.6576174, 24.0894564, 22.7832985),
    (31.9724, 30.9418, 31.467, 27.9963105, 21.6344053, 22.071526),
)

BOLLINGER_BANDS = (
    # a close; after it: middle, upper, lower band, width in percent
    (86.1557, None, None, None, None),
    (89.0867, None, None, None, None),
    (88.7829, None, None, None, None),
    (90.3228, None, None, None, None),
    (89.0671, None, None, None, None),
    (91.1453, None, None, None, None),
    (89.4397, None, None, None, None),
    (89.175, None, None, None, None),
    (86.9302, None, None, None, None),
    (87.6752, None, None, None, None),
    (86.9596, None, None, None, None),
    (89.4299, None, None, None, None),
    (89.3221, None, None, None, None),
    (88.7241, None, None, None, None),
    (87.4497, None, None, None, None),
    (87.2634, None, None, None, None),
    (89.4985, None, None, None, None),
    (87.9006, None, None, None, None),
    (89.126, None, None, None, None),
    (90.7043, 88.70794, 91.291862, 86.124018, 5.825685),
    (92.9001, 89.04516, 91.949268, 86.141052, 6.522775),
    (92.9784, 89.239745, 92.612595, 85.866895, 7.559076),
    (91.8021, 89.390705, 92.9342, 85.84721, 7.928105),
    (92.6647, 89.5078, 93.31195, 85.70365, 8.500153),
    (92.6843, 89.68866, 93.72845, 85.64887, 9.008474),
    (92.3021, 89.7465, 93.899592, 85.593408, 9.255162),
    (92.7725, 89.91314, 94.266255, 85.560025, 9.682934),
    (92.5373, 90.081255, 94.565096, 85.597414, 9.955104),
    (92.949, 90.382195, 94.786912, 85.977478, 9.74687),
    (93.2039, 90.65863, 95.043001, 86.274259, 9.672264),
    (91.0669, 90.863995, 94.907605, 86.820385, 8.900357),
    (89.8318, 90.88409, 94.902912, 86.865268, 8.843839),
    (89.7435, 90.90516, 94.89532, 86.915, 8.778732),
    (90.3994, 90.988925, 94.861013, 87.116837, 8.511119),
    (90.7387, 91.153375, 94.673629, 87.633121, 7.723804),
    (88.0177, 91.19109, 94.556593, 87.825587, 7.38121),
    (88.0867, 91.1205, 94.678752, 87.562248, 7.809991),
    (86.8439, 91.067665, 94.840502, 87.294828, 8.285788),
    (90.7781, 91.15027, 94.820387, 87.480153, 8.052894),
    (90.5416, 91.142135, 94.816889, 87.467381, 8.063786),
    (91.3894, 91.0666, 94.654793, 87.478407, 7.880372),
    (90.65, 90.95018, 94.432224, 87.468136, 7.657037),
)


def printed(value: float | None, decimals: float) -> object:
    """Return what equals the figure that was printed with half a unit of its last digit."""
    return value if value is None else pytest.approx(value, rel=0, abs=0.5 * 10**-decimals)


@checks(concepts.AVERAGE_TRUE_RANGE, within="printed precision")
def test_average_true_range() -> None:
    average = AverageTrueRange()
    for high, low, close, expected in AVERAGE_TRUE_RANGE:
        average.update(Candle(high, low, close))
        assert average.value == printed(expected, decimals=9)


@checks(concepts.AVERAGE_DIRECTIONAL_INDEX, within="printed precision")
def test_directional_index() -> None:
    index = AverageDirectionalIndex()
    for high, low, close, *expected in DIRECTIONAL_INDEX:
        index.update(Candle(high, low, close))
        assert [index.plus_di, index.minus_di, index.value] == [printed(value, decimals=7) for value in expected]


@checks(concepts.BOLLINGER_WIDTH, within="printed precision")
def test_bollinger_bands() -> None:
    bands = BollingerBands()
    for close, *expected in BOLLINGER_BANDS:
        bands.update(*flat(close))
        middle, upper, lower, width = bands.value or (None,) * 4
        percent = None if width is None else width * 100
        assert [middle, upper, lower, percent] == [printed(value, decimals=6) for value in expected]
