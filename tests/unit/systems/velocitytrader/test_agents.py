"""The agents decide by what they know, refuse what their rules forbid, and go on after a restart as if without one."""

import json

import pytest

from tests.support.toy_market import ToyMarket, draws
from tradewatch.systems.velocitytrader.agents import Agent
from tradewatch.systems.velocitytrader.temperament import BERSERKER, SNIPER, Temperament

BOTH = pytest.mark.parametrize("temperament", [BERSERKER, SNIPER], ids=lambda each: each.name)


@BOTH
def test_a_restart_in_the_middle_changes_nothing(temperament: Temperament) -> None:
    through = ToyMarket().trained(temperament, seed=3, count=900)
    before = Agent(temperament, seed=3)
    ToyMarket().train(before, draws("train 3"), 900)
    stored = json.dumps(before.state())
    after = Agent(temperament, seed=3)
    after.restore(json.loads(stored))
    assert json.dumps(after.state()) == stored
    for agent in (through, after):
        ToyMarket().train(agent, draws("more"), 900)
    assert json.dumps(after.state()) == json.dumps(through.state())
    assert after.learning_fact() == through.learning_fact()
