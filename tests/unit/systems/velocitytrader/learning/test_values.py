"""The best action is the one that is worth most, if there is a reason to act at all."""

import pytest

from tradewatch.systems.velocitytrader.learning import BUY, HOLD, SELL, Values


@pytest.mark.parametrize(
    ("values", "best"),
    [
        (Values(0.0, 0.1, -0.1), BUY),
        (Values(0.0, -0.1, 0.1), SELL),
        (Values(0.2, 0.1, -0.1), HOLD),
        (Values(0.1, 0.1, -0.1), HOLD),  # no more than doing nothing
        (Values(-0.1, -0.2, -0.3), HOLD),
        (Values(-0.2, -0.1, -0.3), BUY),
        (Values(0.0, 0.1, 0.1), HOLD),  # which direction?
    ],
)
def test_the_best_action(values: Values, best: int) -> None:
    assert values.best == best
