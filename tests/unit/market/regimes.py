"""What a system would see in a market, computed on arrays: the physics of displacement, and HYDRA's regimes.

After docs/definitions.md, and apart from the code that the systems run.
"""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import pandas as pd
import talib
from numpy.typing import NDArray

from tradewatch.indicators import Bar

Array = NDArray[np.float64]
WINDOW = 256
UNTOLD, CHAOTIC, UNDERDAMPED, CRITICALLY_DAMPED, OVERDAMPED = range(5)


def physics(closes: Array) -> NDArray[np.int64]:
    """The regime of each bar; the first ones are untold."""
    x = displacement(np.log(closes))
    first, second = coefficients(x)
    root = np.sqrt((first * first + 4 * second).astype(complex))
    with np.errstate(all="ignore"):
        poles = np.stack([(first + root) / 2, (first - root) / 2])
        logs = np.log(poles)
        damping = -(logs.sum(0) / (2 * np.sqrt(logs.prod(0)))).real
    defined = ~((np.abs(poles.imag) < 1e-12) & (poles.real <= 0)).any(0)
    regimes = np.where(damping < 0.65, UNDERDAMPED, np.where(damping <= 1.5, CRITICALLY_DAMPED, OVERDAMPED))
    regimes = np.where(defined, regimes, OVERDAMPED)
    regimes = np.where(bursts(x, first, second) | (np.abs(poles) >= 1).any(0), CHAOTIC, regimes)
    return np.where(np.isfinite(first), regimes, UNTOLD)


def displacement(levels: Array) -> Array:
    def average(values: Array) -> Array:
        return np.asarray(pd.Series(values).ewm(span=20, adjust=False).mean(), dtype=np.float64)

    fast = average(levels)
    return fast - average(fast)


def coefficients(x: Array) -> tuple[Array, Array]:
    """Least squares of x on its last two values in a rolling window."""
    x = x / x.std()
    now, once, twice = pd.Series(x), pd.Series(x).shift(1), pd.Series(x).shift(2)

    def summed(a: "pd.Series[float]", b: "pd.Series[float]") -> Array:
        return np.asarray((a * b).rolling(WINDOW).sum(), dtype=np.float64)

    aa, ab, bb, ya, yb = (
        summed(*pair) for pair in ((once, once), (once, twice), (twice, twice), (now, once), (now, twice))
    )
    determinant = aa * bb - ab * ab
    return (ya * bb - yb * ab) / determinant, (yb * aa - ya * ab) / determinant


def bursts(x: Array, first: Array, second: Array) -> NDArray[np.bool_]:
    """Where the last innovations vary more than four times as much as usual."""
    innovations = x[2:] - first[1:-1] * x[1:-1] - second[1:-1] * x[:-2]
    variance = pd.Series(np.r_[np.nan, np.nan, innovations] ** 2).rolling(20).mean()
    return np.asarray(variance > 4 * variance.rolling(WINDOW).median(), dtype=np.bool_)


def hydra(bars: Sequence[Bar]) -> list[str]:
    """Every regime that counted, one after another: those that lasted three bars."""
    return [name for name, run in groupby(hydra_by_bar(bars)[200:]) if len(list(run)) >= 3]


def hydra_by_bar(bars: Sequence[Bar]) -> list[str]:
    """The regime of each bar by itself; the first ones are made of too few bars."""
    high, low, close = (np.array([getattr(bar, name) for bar in bars]) for name in ("high", "low", "close"))
    range_ = pd.Series(talib.ATR(high, low, close, 14))
    trend = talib.ADX(high, low, close, 14)
    upper, middle, lower = talib.BBANDS(close, 20, 2, 2)
    width = pd.Series((upper - lower) / middle)
    is_up = talib.PLUS_DI(high, low, close, 14) > talib.MINUS_DI(high, low, close, 14)
    is_narrow = width < width.rolling(100).median()
    told = np.select(
        [range_ > 2 * range_.rolling(50).mean(), (trend > 25) & is_up, trend > 25, (trend < 20) & is_narrow],
        ["VOLATILE", "TRENDING_UP", "TRENDING_DOWN", "RANGING"],
        "CHOPPY",
    )
    return [str(name) for name in told]
