"""HYDRA's regimes: whether the price trends, keeps to a range, or does neither."""

from collections import deque
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from tradewatch.indicators import AverageDirectionalIndex, AverageTrueRange, Bands, Bar, BollingerBands
from tradewatch.indicators.rolling_mean import RollingMean
from tradewatch.indicators.sorted_window import SortedWindow

BARS_TO_CHANGE = 3
"""Bars in a row that must agree on another regime before it counts; so for the first one."""

BARS_OF_CONFIDENCE = 20

_RANGES = 50
_WIDTHS = 100
_BURST = 2.0
_STRONG = 25.0
_WEAK = 20.0

# Any in this file: a state is what `state` of the same version returned, read from a checkpoint.


class TrendRegime(StrEnum):
    """What the price does; ``code`` is its number on the page.

    >>> TrendRegime.TRENDING_DOWN.code
    3
    """

    CHOPPY = "CHOPPY"
    """None of the others."""

    RANGING = "RANGING"
    """No trend, in a range that is narrower than usual."""

    TRENDING_UP = "TRENDING_UP"
    TRENDING_DOWN = "TRENDING_DOWN"
    """A strong trend."""

    VOLATILE = "VOLATILE"
    """It travels more than twice as far in a bar as it lately did."""

    __hash__ = str.__hash__  # equal texts are equal keys; an enumeration's own asks its name, and is slow

    @property
    def code(self) -> int:
        """The regime's number, 0 to 4."""
        return _CODES[self]


_UP, _DOWN = TrendRegime.TRENDING_UP, TrendRegime.TRENDING_DOWN  # to look one up in its class is slow
_RANGING, _CHOPPY, _VOLATILE = TrendRegime.RANGING, TrendRegime.CHOPPY, TrendRegime.VOLATILE
_CODES = {regime: code for code, regime in enumerate(TrendRegime)}


class TrendReadings(NamedTuple):
    """What a bar's regime is told from.

    ``atr``, ``atr_mean`` (of its last 50 values, the newest included): price. ``adx``, ``plus_di``, ``minus_di``: 0 to
    100. ``bands``: their ``width`` is a ratio, ``width_median`` the median of its last 100 values, the newest included.
    """

    atr: float
    atr_mean: float
    adx: float
    plus_di: float
    minus_di: float
    bands: Bands
    width_median: float

    @property
    def bb_width(self) -> float:
        """The width of the bands, a ratio."""
        return self.bands.width


def trend_regime(readings: TrendReadings) -> TrendRegime:
    """Return the regime of a bar by itself, the first of these that holds.

    VOLATILE: ATR > 2 * its mean. TRENDING_UP, TRENDING_DOWN: ADX > 25 and +DI above or below -DI. RANGING: ADX < 20 and
    bands narrower than their median. CHOPPY: the rest, as a strong trend whose +DI and -DI are equal.
    """
    atr, atr_mean, adx, plus_di, minus_di, bands, width_median = readings
    if atr > _BURST * atr_mean:
        return _VOLATILE
    if adx > _STRONG and plus_di != minus_di:
        return _UP if plus_di > minus_di else _DOWN
    return _RANGING if adx < _WEAK and bands.width < width_median else _CHOPPY


class TrendIndicators:
    """The indicators of one asset and timeframe that its regime is told from; ``value`` is None for 118 bars."""

    def __init__(self) -> None:
        self._range = AverageTrueRange()
        self._trend = AverageDirectionalIndex()
        self._bands = BollingerBands()
        self._range_mean = RollingMean(_RANGES)
        self._widths = SortedWindow(_WIDTHS)
        self._bars = 0
        self.warm_up = self._bands.warm_up + _WIDTHS - 1

    def update(self, bar: Bar) -> None:
        """Take the next closed bar."""
        self._bars += 1
        self._range.update(bar)
        self._trend.update(bar)
        self._bands.update(bar)
        atr, bands = self._range.value, self._bands.value
        if atr is not None:
            self._range_mean.update(atr)
        if bands is not None:
            self._widths.update(bands.width)

    @property
    def value(self) -> TrendReadings | None:
        """The readings at the last bar; None while any of them warms up."""
        if self._bars < self.warm_up:
            return None
        trend = self._trend
        return TrendReadings(
            self._range.value,  # type: ignore[arg-type]  # all of them are ready, and so not None
            self._range_mean.value,  # type: ignore[arg-type]
            trend.value,  # type: ignore[arg-type]
            trend.plus_di,  # type: ignore[arg-type]
            trend.minus_di,  # type: ignore[arg-type]
            self._bands.value,  # type: ignore[arg-type]
            self._widths.median,  # type: ignore[arg-type]
        )

    @property
    def adx(self) -> float | None:
        """The average directional index, 0 to 100; None for 27 bars."""
        return self._trend.value

    @property
    def atr(self) -> float | None:
        """The average true range, in price; None for 13 bars."""
        return self._range.value

    @property
    def bb_width(self) -> float | None:
        """The width of the bands, a ratio; None for 19 bars."""
        return None if self._bands.value is None else self._bands.value.width

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here: about 250 numbers in lists and dicts."""
        return {
            "range": self._range.state(),
            "trend": self._trend.state(),
            "bands": self._bands.state(),
            "range_mean": self._range_mean.state(),
            "widths": self._widths.state(),
            "bars": min(self._bars, self.warm_up),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from where ``state`` was taken, whatever was seen before."""
        self._range.restore(state["range"])
        self._trend.restore(state["trend"])
        self._bands.restore(state["bands"])
        self._range_mean.restore(state["range_mean"])
        self._widths.restore(state["widths"])
        self._bars = state["bars"]


class LastingRegime:
    """The regime that counts: another one takes over when it was told for 3 bars in a row, and so does the first.

    ``bars``: since the change, the bar of the change included; 0 before the first regime.

    >>> lasting = LastingRegime()
    >>> up, choppy = TrendRegime.TRENDING_UP, TrendRegime.CHOPPY
    >>> [lasting.update(each) for each in (up, up, up, choppy, up, choppy, choppy)]
    [False, False, True, False, False, False, False]
    >>> lasting.value.value, lasting.confidence
    ('TRENDING_UP', 0.5714285714285714)
    >>> lasting.update(choppy), lasting.value.value, lasting.previous.value
    (True, 'CHOPPY', 'TRENDING_UP')
    """

    def __init__(self) -> None:
        self.value: TrendRegime | None = None
        self.previous: TrendRegime | None = None
        self.bars = 0
        self._told: deque[TrendRegime] = deque(maxlen=BARS_OF_CONFIDENCE)
        self._run = 0

    def update(self, told: TrendRegime) -> bool:
        """Take the regime of the next bar; return whether the one that counts changed."""
        self._run = self._run + 1 if self._told and told is self._told[-1] else 1
        self._told.append(told)
        if told is self.value or self._run < BARS_TO_CHANGE:
            self.bars += self.value is not None
            return False
        self.value, self.previous, self.bars = told, self.value, 1
        return True

    @property
    def confidence(self) -> float | None:
        """Share of the last 20 bars that had this regime by themselves, of fewer at first; None before the first."""
        return None if self.value is None else self._told.count(self.value) / len(self._told)

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here."""
        return {
            "value": None if self.value is None else self.value.value,
            "previous": None if self.previous is None else self.previous.value,
            "bars": self.bars,
            "told": [each.value for each in self._told],
            "run": self._run,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from where ``state`` was taken, whatever was seen before."""
        value, previous = state["value"], state["previous"]
        self.value = None if value is None else TrendRegime(value)
        self.previous = None if previous is None else TrendRegime(previous)
        self.bars, self._run = state["bars"], state["run"]
        self._told.clear()
        self._told.extend(TrendRegime(each) for each in state["told"])


class TrendClassifier:
    """HYDRA's classifier of one asset and timeframe: closed bars in, and whether the regime changed out.

    Reading changes nothing. ``readings``: of the last bar, None while warming up.
    """

    def __init__(self) -> None:
        self.indicators = TrendIndicators()
        self.lasting = LastingRegime()
        self.readings: TrendReadings | None = None

    def update(self, bar: Bar) -> bool:
        """Take the next closed bar; return whether the regime that counts changed."""
        self.indicators.update(bar)
        self.readings = self.indicators.value
        return self.readings is not None and self.lasting.update(trend_regime(self.readings))

    @property
    def value(self) -> TrendRegime | None:
        """The regime that counts; None for at least 120 bars."""
        return self.lasting.value

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here."""
        return {"indicators": self.indicators.state(), "lasting": self.lasting.state()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from where ``state`` was taken, whatever was seen before."""
        self.indicators.restore(state["indicators"])
        self.lasting.restore(state["lasting"])
        self.readings = self.indicators.value
