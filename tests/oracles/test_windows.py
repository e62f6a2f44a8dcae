"""What a window forgets: by subtraction it remembers an outlier for ever; ours, of mergeable parts, does not."""

from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from tests.oracles.ours import fed
from tradewatch.stats import Moments, Window

LENGTH = 20
QUIET = np.random.default_rng(3).normal(0.0, 0.01, 400)
OUTLIER = np.concatenate([QUIET[:100], [1e8], QUIET[101:]])
TRUE_VARIANCE = float(np.var(QUIET[-LENGTH:], ddof=1))


def our_variance() -> float | None:
    window: Window[Moments] = Window(Moments, LENGTH)
    for position, number in enumerate(OUTLIER):
        window.add(position, fed(Moments(), [number]))
    deviation = window.at(len(OUTLIER) - 1).value
    return None if deviation is None else deviation**2


def test_an_outlier_that_left_300_observations_ago_has_left_our_window() -> None:
    assert our_variance() == pytest.approx(TRUE_VARIANCE, rel=1e-12)


def test_a_window_of_sums_by_subtraction_never_recovers() -> None:
    """The variance it says is even negative."""
    total = squares = 0.0
    for position, number in enumerate(OUTLIER):
        left = OUTLIER[position - LENGTH] if position >= LENGTH else 0.0
        total, squares = total + number - left, squares + number**2 - left**2
    assert (squares - total**2 / LENGTH) / (LENGTH - 1) < 0 < TRUE_VARIANCE


def test_bottlenecks_moving_variance_never_recovers(bottleneck: ModuleType) -> None:
    """1,500 times the true one: it subtracts."""
    assert bottleneck.move_var(OUTLIER, LENGTH, ddof=1)[-1] > 1_000 * TRUE_VARIANCE


def test_pandas_rolling_variance_recovers_as_ours_does() -> None:
    assert pd.Series(OUTLIER).rolling(LENGTH).var().iloc[-1] == pytest.approx(TRUE_VARIANCE, rel=1e-12)
