"""What a closed bar costs: each indicator online, TA-Lib once over the whole array, and TA-Lib on the last 500 bars.

The physics, with its regime, stands beside TA-Lib's averages and numpy's least squares on the last 500 bars.
"""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, NamedTuple

import numpy as np
import talib
from numpy.typing import NDArray

from benchmarks.apparatus.histories import Histories
from benchmarks.apparatus.results import Beside, Row, compared
from benchmarks.apparatus.timing import in_turns
from tradewatch.facts import BarClosed
from tradewatch.indicators import (
    AverageDirectionalIndex,
    AverageTrueRange,
    BollingerBands,
    Indicator,
    Oscillator,
    RealisedVolatility,
)
from tradewatch.regimes import physical_regime

BARS = 20_000
LOOK_BACK = 500
ROUNDS = 9
MINUTE = 60.0

_LIMIT_SECONDS = 5e-6
_PHYSICS_LIMIT_SECONDS = 15e-6
_EVERY_ASSET = (AverageTrueRange, AverageDirectionalIndex, BollingerBands)
"""What is kept of each asset always."""


class Columns(NamedTuple):
    """The bars as TA-Lib wants them."""

    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]


class Contest(NamedTuple):
    """An indicator, and how TA-Lib computes all of its values on arrays; Any: each has its own kind of value."""

    make: Callable[[], Indicator[Any]]
    on_arrays: Callable[[Columns], object]


def directional(bars: Columns) -> object:
    """Return +DI, -DI and ADX of every bar."""
    return talib.PLUS_DI(*bars, 14), talib.MINUS_DI(*bars, 14), talib.ADX(*bars, 14)


def volatility(bars: Columns) -> object:
    """Return the deviation of the last 30 log returns of every bar, not annualised."""
    return talib.STDDEV(np.diff(np.log(bars.close)), 30)


CONTESTS = (
    Contest(AverageTrueRange, lambda bars: talib.ATR(*bars, 14)),
    Contest(AverageDirectionalIndex, directional),
    Contest(BollingerBands, lambda bars: talib.BBANDS(bars.close, 20, 2, 2)),
    Contest(lambda: RealisedVolatility(MINUTE), volatility),
)


def market(count: int) -> list[BarClosed]:
    """Return bars of a random walk, the same in every run."""
    random, close, bars = Random(1), 100.0, []  # noqa: S311 - a simulated market
    for _ in range(count):
        before, close = close, close * (1 + random.gauss(0, 0.002))
        high = max(before, close) * (1 + abs(random.gauss(0, 0.001)))
        low = min(before, close) * (1 - abs(random.gauss(0, 0.001)))
        bars.append(BarClosed(asset="BTC", interval=MINUTE, open=before, high=high, low=low, close=close))
    return bars


def columns(bars: Sequence[BarClosed]) -> Columns:
    """Return the bars as arrays."""
    return Columns(*(np.array([getattr(bar, name) for bar in bars]) for name in Columns._fields))


def online(contest: Contest, bars: Sequence[BarClosed]) -> Callable[[], object]:
    """Return the work of following all bars with one indicator."""

    def work() -> None:
        update = contest.make().update
        for bar in bars:
            update(bar)

    return work


def on_last_bars(contest: Contest, arrays: Columns, times: int) -> Callable[[], object]:
    """Return the work of computing anew from the last `LOOK_BACK` bars, for so many bars."""

    def work() -> None:
        for end in range(LOOK_BACK, LOOK_BACK + times):
            contest.on_arrays(Columns(*(column[end - LOOK_BACK : end] for column in arrays)))

    return work


def measure(contest: Contest, bars: Sequence[BarClosed], rounds: int) -> list[float]:
    """Return the median seconds of a bar: online, on the whole array, on the last bars."""
    arrays, times = columns(bars), max(1, len(bars) // 20)
    works = (online(contest, bars), lambda: contest.on_arrays(arrays), on_last_bars(contest, arrays, times))
    counts = (len(bars), len(bars), times)
    return [taken / count for taken, count in zip(in_turns(works, rounds), counts, strict=True)]


def physics_online(bars: Sequence[BarClosed]) -> Callable[[], object]:
    """Return the work of following all bars with the physics of the close, and of telling each bar's regime."""

    def work() -> None:
        oscillator = Oscillator()
        for bar in bars:
            oscillator.update(bar.close, 1.0)
            if oscillator.value is not None:
                physical_regime(oscillator.value)

    return work


def physics_on_last_bars(closes: NDArray[np.float64], times: int) -> Callable[[], object]:
    """Return the work of fitting the physics anew to the last `LOOK_BACK` closes, for so many bars.

    Displacement, deviation, fit and poles alone: neither bursts nor ranks.
    """

    def work() -> None:
        for end in range(LOOK_BACK, LOOK_BACK + times):
            fast = talib.EMA(np.log(closes[end - LOOK_BACK : end]), 20)
            x = (fast[-400:] - talib.EMA(fast[-400:], 20))[-256:]
            (first, second), *_ = np.linalg.lstsq(np.column_stack([x[1:-1], x[:-2]]), x[2:], rcond=None)
            np.log(np.roots([1, -first, -second]).astype(complex))
            np.std(x)

    return work


def physics_row(bars: Sequence[BarClosed], rounds: int) -> Row:
    """Return the row of the physics of a bar and its regime."""
    times = max(1, len(bars) // 20)
    works = (physics_online(bars), physics_on_last_bars(columns(bars).close, times))
    online, last = in_turns(works, rounds)
    own = online / len(bars)
    return compared(
        "Oscillator and its regime, a bar",
        own,
        peer=Beside(f"numpy, last {LOOK_BACK}", last / times),
        target="<= 15 µs",
        met=own <= _PHYSICS_LIMIT_SECONDS,
    )


def rows(_histories: Histories, bars: int = BARS, rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield a row for each indicator, one for the sum of those that each asset always has, and one for the physics."""
    told = market(bars)
    measured = {type(contest.make()): measure(contest, told, rounds) for contest in CONTESTS}
    for indicator, taken in measured.items():
        yield _row(f"{indicator.__name__}, a bar", taken)
    yield _row(
        "ATR + ADX + Bollinger, a bar",
        [sum(each) for each in zip(*(measured[kind] for kind in _EVERY_ASSET), strict=True)],
    )
    yield physics_row(told, rounds)


def _row(what: str, taken: Sequence[float]) -> Row:
    own, array, last = taken
    return compared(
        what,
        own,
        peer=Beside(f"TA-Lib, last {LOOK_BACK}", last),
        floor=Beside("TA-Lib, array", array),
        target="<= 5 µs",
        met=own <= _LIMIT_SECONDS,
    )
