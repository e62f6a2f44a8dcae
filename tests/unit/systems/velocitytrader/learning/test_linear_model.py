"""The model finds the weights of least squares."""

import numpy as np
import pytest

from tests.support.toy_market import draws
from tradewatch.systems.velocitytrader.learning.linear_model import LinearModel


def test_it_finds_what_least_squares_finds() -> None:
    random = draws("regression")
    vectors = [(1.0, random.uniform(-1, 1), random.uniform(-1, 1)) for _ in range(200)]
    targets = [0.3 - 0.8 * one + 0.1 * other + random.gauss(0, 1) for _, one, other in vectors]
    model = LinearModel(3, rate=0.002)
    for _ in range(3_000):
        model.fit(vectors, targets)
    exact = np.linalg.lstsq(np.array(vectors), np.array(targets), rcond=None)[0]
    assert model.weights == pytest.approx(list(exact), abs=1e-3)


def test_it_says_the_squared_errors_before_its_step() -> None:
    model = LinearModel(1, rate=0.1)
    assert model.fit([(1.0,), (2.0,)], [3.0, -1.0]) == pytest.approx(10.0)


def test_steps_by_hand() -> None:
    model = LinearModel(2, rate=0.1)
    model.fit([(1.0, 0.0)], [0.5])
    assert model.weights == pytest.approx([0.1, 0.0])  # the first step is as long as the rate
    model.fit([(1.0, 0.0)], [0.5])
    mean, square = 0.9 * -0.05 + 0.1 * -0.4, 0.999 * 0.00025 + 0.001 * 0.16
    assert model.weights[0] == pytest.approx(0.1 - 0.1 * (mean / 0.19) / (square / 0.001999) ** 0.5)


def test_one_wild_result_moves_the_moments_no_more_than_a_gradient_of_length_1() -> None:
    mild, wild = LinearModel(2, rate=0.1), LinearModel(2, rate=0.1)
    mild.fit([(0.6, 0.8)], [1.0])
    wild.fit([(0.6, 0.8)], [1e9])
    assert wild.state()["means"] == pytest.approx(mild.state()["means"])


def test_a_batch_counts_by_its_mean() -> None:
    one, many = LinearModel(1, rate=0.1), LinearModel(1, rate=0.1)
    one.fit([(1.0,)], [0.5])
    many.fit([(1.0,)] * 10, [0.5] * 10)
    assert many.state()["means"] == pytest.approx(one.state()["means"])
