"""How sure a model is: nothing for a guess, all for the only choice."""

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewatch.systems.velocitytrader.learning import ModelConfidence, confidence

VALUES = st.tuples(*[st.floats(-1e6, 1e6)] * 3)


@pytest.mark.parametrize(
    ("values", "chosen", "expected"),
    [
        ((0.0, 0.0, 0.0), 0, 0.0),
        ((0.0, -0.1, -0.1), 0, (1 / (1 + 2 * exp(-2)) - 1 / 3) * 1.5),
        ((0.0, -0.1, -0.1), 1, (exp(-2) / (1 + 2 * exp(-2)) - 1 / 3) * 1.5),
        ((0.0, 1e9, 0.0), 1, 1.0),
        ((0.0, 1e9, 0.0), 0, -0.5),
    ],
)
def test_confidence_by_hand(values: tuple[float, ...], chosen: int, expected: float) -> None:
    assert confidence(values, chosen, temperature=0.05) == pytest.approx(expected)


@given(VALUES, st.integers(0, 2))
def test_confidence_is_at_most_1_and_that_of_the_best_at_least_0(values: tuple[float, ...], chosen: int) -> None:
    assert -0.5 - 1e-9 <= confidence(values, chosen) <= 1
    assert confidence(values, values.index(max(values))) >= -1e-9


def test_the_model_is_as_confident_as_its_last_100_decisions() -> None:
    model = ModelConfidence()
    for each in [1.0] * 50 + [0.25] * 100:
        model.update(each)
    assert model.value == 0.25
    for _ in range(100):
        model.update(-0.25)
    assert model.value == 0.0


def test_a_restored_model_confidence_goes_on() -> None:
    model, other = ModelConfidence(), ModelConfidence()
    for number in range(150):
        model.update(number / 150)
    other.restore(model.state())
    for each in (model, other):
        each.update(0.5)
    assert other.value == model.value
