"""Return series of every awkward kind, generated; and how they are dated for the libraries that want dates."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

Returns = Sequence[float]

_random = np.random.default_rng(20260101)


def _normal(mean: float, deviation: float, days: int) -> list[float]:
    return [float(each) for each in _random.normal(mean, deviation, days)]


def _years_without_trades() -> list[float]:
    returns = [0.0] * 1_200
    for day, simple_return in ((3, 0.02), (200, -0.01), (201, -0.03), (640, 0.015), (1_000, 0.04), (1_199, -0.005)):
        returns[day] = simple_return
    return returns


SERIES: Mapping[str, Returns] = {
    "ordinary": _normal(0.001, 0.02, 500),
    "fat tails": [float(each) for each in _random.standard_t(3, 400) * 0.01],
    "losing": _normal(-0.002, 0.015, 300),
    "all gains": [abs(each) for each in _normal(0.0, 0.01, 60)],
    "all losses": [-abs(each) for each in _normal(0.0, 0.01, 60)],
    "constant gain": [0.01] * 30,
    "constant loss": [-0.01] * 30,
    "nothing": [0.0] * 30,
    "a loss on the first day": [-0.1, *_normal(0.001, 0.01, 50)],
    "years without trades": _years_without_trades(),
    "everything lost": [*_normal(0.001, 0.02, 30), -1.0, *_normal(0.0, 0.01, 5)],
    "very small": _normal(1e-8, 2e-7, 100),
    "very large": [5e5, *_normal(10.0, 3.0, 40), -0.9],
    "one gain": [0.01],
    "one loss": [-0.01],
    "a gain and a loss": [0.01, -0.02],
}


def dated(returns: Returns) -> "pd.Series[float]":
    """Return a series with one date a day, as the libraries want it."""
    return pd.Series(returns, index=pd.date_range("2024-01-01", periods=len(returns)), dtype=float)
