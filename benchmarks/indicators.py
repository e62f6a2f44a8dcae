"""What a closed bar costs: each indicator online, TA-Lib once over the whole array, and TA-Lib on the last 500 bars.

`python -m benchmarks.indicators` prints medians in microseconds per bar, measured in turns in one run. Only ratios
carry over to another machine.
"""

from collections.abc import Callable, Sequence
from random import Random
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
import talib
from numpy.typing import NDArray

from tradewatch.facts import BarClosed
from tradewatch.indicators import (
    AverageDirectionalIndex,
    AverageTrueRange,
    BollingerBands,
    Indicator,
    RealisedVolatility,
)

BARS = 20_000
LOOK_BACK = 500
ROUNDS = 9
MINUTE = 60.0


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


def market() -> list[BarClosed]:
    """Return bars of a random walk, the same in every run."""
    random, close, bars = Random(1), 100.0, []  # noqa: S311 - a simulated market
    for _ in range(BARS):
        before, close = close, close * (1 + random.gauss(0, 0.002))
        high = max(before, close) * (1 + abs(random.gauss(0, 0.001)))
        low = min(before, close) * (1 - abs(random.gauss(0, 0.001)))
        bars.append(BarClosed(asset="BTC", interval=MINUTE, open=before, high=high, low=low, close=close))
    return bars


def columns(bars: Sequence[BarClosed]) -> Columns:
    """Return the bars as arrays."""
    return Columns(*(np.array([getattr(bar, name) for bar in bars]) for name in Columns._fields))


def seconds(work: Callable[[], object]) -> float:
    """Return how long it takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


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


def measure(contest: Contest, bars: Sequence[BarClosed]) -> tuple[float, float, float]:
    """Return the median cost of a bar in microseconds: online, on the whole array, on the last bars."""
    arrays, times = columns(bars), BARS // 20
    ways = (
        (online(contest, bars), BARS),
        (lambda: contest.on_arrays(arrays), BARS),
        (on_last_bars(contest, arrays, times), times),
    )
    rounds = [[seconds(work) / count * 1e6 for work, count in ways] for _ in range(ROUNDS)]
    own, array, last = (median(column) for column in zip(*rounds, strict=True))
    return own, array, last


def main() -> None:
    """Measure every indicator and print a row for each, and the sum of the three that each asset always has."""
    bars = market()
    print(f"microseconds per closed bar, median of {ROUNDS} rounds over {BARS} bars")
    print(f"{'indicator':26}{'online':>9}{'TA-Lib array':>14}{f'TA-Lib last {LOOK_BACK}':>18}{'last / online':>15}")
    rows = {type(contest.make()).__name__: measure(contest, bars) for contest in CONTESTS}
    three = ("AverageTrueRange", "AverageDirectionalIndex", "BollingerBands")
    together = [sum(column) for column in zip(*(rows[name] for name in three), strict=True)]
    for name, (own, array, last) in [*rows.items(), ("ATR + ADX + Bollinger", together)]:
        print(f"{name:26}{own:9.2f}{array:14.3f}{last:18.2f}{last / own:15.1f}")


if __name__ == "__main__":
    main()
