"""The agents decide by what they know, refuse what their rules forbid, and go on after a restart as if without one."""

import json
from collections.abc import Iterator
from dataclasses import replace
from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.toy_market import DEVIATION, ToyMarket, draws, situation, situations
from tradewatch.facts import Stance
from tradewatch.regimes import PhysicalRegime
from tradewatch.systems.velocitytrader.agents import Agent
from tradewatch.systems.velocitytrader.decision import Decision
from tradewatch.systems.velocitytrader.learning import LARGEST_REWARD, Exploration
from tradewatch.systems.velocitytrader.situation import Friction, Situation
from tradewatch.systems.velocitytrader.temperament import BERSERKER, SNIPER, Temperament

BOTH = pytest.mark.parametrize("temperament", [BERSERKER, SNIPER], ids=lambda each: each.name)
OPPOSITE = {Stance.BUY: Stance.SELL, Stance.SELL: Stance.BUY, Stance.HOLD: Stance.HOLD}


def turned(seen: Situation) -> Situation:
    """Return the same market upside down."""
    physics = seen.physics
    odd = {name: -getattr(physics, name) for name in ("displacement", "velocity", "acceleration", "momentum")}
    friction = Friction(seen.friction.sell, seen.friction.buy)
    return seen._replace(physics=physics._replace(**odd), friction=friction)


@pytest.fixture(scope="module")
def berserker() -> Agent:
    """Return a trained agent that learns no more."""
    agent = Agent(BERSERKER, 1, learns=False)
    agent.restore(ToyMarket().trained(BERSERKER, seed=1, count=3_000).state())
    return agent


@BOTH
def test_a_restart_in_the_middle_changes_nothing(temperament: Temperament) -> None:
    through = ToyMarket().trained(temperament, seed=3, count=900)
    before = ToyMarket().trained(temperament, seed=3, count=900)
    pending = next(each for each in map(before.decide, situations(draws("open"), temperament, 99)) if each.opens)
    for agent in (before, through):
        agent.opened("still open", pending)
    stored = json.dumps(before.state())
    after = Agent(temperament, seed=3)
    after.restore(json.loads(stored))
    assert json.dumps(after.state()) == stored
    assert "still open" in stored


def lived(agent: Agent, temperament: Temperament) -> Iterator[Decision]:
    for number, seen in enumerate(situations(draws("more"), temperament, 900)):
        decision = agent.decide(seen)
        if decision.opens:
            agent.opened(str(number), decision)
        agent.closed(str(number - 5), number % 7 - 3)
        yield decision


@BOTH
def test_a_run_that_goes_on_from_a_state_is_the_run_itself(temperament: Temperament) -> None:
    through, before, after = Agent(temperament, 3), Agent(temperament, 3), Agent(temperament, 3)
    assert list(lived(through, temperament)) == list(lived(before, temperament))
    after.restore(json.loads(json.dumps(before.state())))
    assert list(lived(through, temperament)) == list(lived(after, temperament))
    assert json.dumps(through.state()) == json.dumps(after.state())
    assert through.learning_fact() == after.learning_fact()


def test_another_seed_explores_otherwise() -> None:
    one, other = Agent(BERSERKER, 1), Agent(BERSERKER, 2)
    assert list(lived(one, BERSERKER)) != list(lived(other, BERSERKER))


def test_a_new_agent_tries_everything_without_money() -> None:
    agent = Agent(BERSERKER, 1)
    decisions = [agent.decide(seen) for seen in situations(draws("new"), BERSERKER, 300)]
    tried = [each for each in decisions if each.explored]
    assert len(tried) > 250
    assert {each.stance for each in tried} == set(Stance)
    assert not any(each.taken for each in decisions)
    assert all(each.virtual == (each.stance is not Stance.HOLD) for each in tried)


def test_an_agent_has_nothing_to_do_in_the_regimes_of_the_other() -> None:
    agent = Agent(SNIPER, 1)
    decision = agent.decide(situation(PhysicalRegime.CHAOTIC))
    assert (decision.stance, decision.reason, decision.opens) == (Stance.HOLD, "regime", False)
    agent.decide(situation(PhysicalRegime.UNDERDAMPED))
    assert agent.learning_fact().experiences == 0
    assert agent.learning_fact().model_confidence is None


def test_a_trained_agent_takes_a_trade_in_the_right_direction(berserker: Agent) -> None:
    decision = berserker.decide(situation(displacement=2.0, velocity=0.0), explores=False)
    assert (decision.stance, decision.taken, decision.virtual, decision.reason) == (Stance.SELL, True, False, "best")
    assert decision.value > 0.1
    assert decision.stop_distance == pytest.approx(3 * DEVIATION)
    assert decision.target_distance == pytest.approx(4.5 * DEVIATION)


def test_while_trading_is_halted_the_best_trade_is_virtual(berserker: Agent) -> None:
    decision = berserker.decide(situation(displacement=2.0, velocity=0.0), explores=False, halted=True)
    assert (decision.stance, decision.taken, decision.virtual, decision.reason) == (Stance.SELL, False, True, "halted")


@pytest.mark.parametrize(
    ("reason", "rules", "seen"),
    [
        ("energy", BERSERKER, situation(displacement=2.0, velocity=0.0, energy_rank=0.49)),
        ("friction", BERSERKER, situation(displacement=2.0, velocity=0.0, cost=2.01 * DEVIATION)),
        ("value", replace(BERSERKER, least_value=5.0), situation(displacement=2.0, velocity=0.0)),
        ("confidence", replace(BERSERKER, least_confidence=1.0), situation(displacement=2.0, velocity=0.0)),
    ],
)
def test_a_trade_against_the_agents_rules_is_refused_and_its_confidence_told(
    berserker: Agent, reason: str, rules: Temperament, seen: Situation
) -> None:
    agent = Agent(rules, seed=1)
    agent.restore(berserker.state())
    decision = agent.decide(seen, explores=False)
    assert (decision.stance, decision.reason, decision.opens) == (Stance.SELL, reason, False)
    assert 0 < decision.confidence <= 1


@pytest.mark.parametrize(("buy", "sell", "taken"), [(0.0001, 0.0021, False), (0.0021, 0.0001, True)])
def test_the_costs_of_its_own_direction_decide(berserker: Agent, buy: float, sell: float, *, taken: bool) -> None:
    seen = situation(displacement=2.0, velocity=0.0)._replace(friction=Friction(buy, sell))
    decision = berserker.decide(seen, explores=False)
    assert (decision.stance, decision.taken) == (Stance.SELL, taken)


def test_a_trade_refused_by_the_agents_rules_is_learned_from_as_a_hold(berserker: Agent) -> None:
    agent = Agent(BERSERKER, 1)
    agent.restore(berserker.state())
    refused = situation(displacement=2.0, velocity=0.0, energy_rank=0.49, symbol="NEW")
    assert agent.decide(refused, explores=False).reason == "energy"
    before = agent.learning_fact().experiences
    decision = agent.decide(situation(displacement=2.0, velocity=0.0, symbol="NEW"), explores=False)
    assert decision.taken
    assert agent.learning_fact().experiences == before + 1
    agent.decide(situation(symbol="NEW"), explores=False)  # after a trade there is no hold to learn from
    assert agent.learning_fact().experiences == before + 1


def test_the_confidence_of_a_silly_trial_is_0(berserker: Agent) -> None:
    agent = Agent(replace(BERSERKER, exploration=Exploration(floor=1.0, scale=1.0)), 1)
    agent.restore(berserker.state())
    tried = [agent.decide(situation(displacement=3.0, velocity=0.0)) for _ in range(100)]
    silly = [each.confidence for each in tried if each.stance is Stance.BUY]
    assert set(silly) == {0.0}
    assert agent.learning_fact().model_confidence == pytest.approx(0.0, abs=0.15)  # chance knows nothing


@given(displacement=st.floats(-4, 4), velocity=st.floats(-1, 1), regime=st.sampled_from(sorted(BERSERKER.regimes)))
def test_an_inverted_market_gets_inverted_decisions(
    berserker: Agent, displacement: float, velocity: float, regime: PhysicalRegime
) -> None:
    seen = situation(regime, displacement=displacement, velocity=velocity)
    seen = seen._replace(friction=Friction(0.0001, 0.0004))
    one = berserker.decide(seen, explores=False)
    other = berserker.decide(turned(seen), explores=False)
    assert other.stance is OPPOSITE[one.stance]
    assert one._replace(stance=Stance.HOLD, state=None) == other._replace(stance=Stance.HOLD, state=None)


def test_agents_that_live_in_mirrored_markets_know_the_same() -> None:
    one, other = Agent(BERSERKER, 1), Agent(BERSERKER, 1)
    for number, seen in enumerate(situations(draws("mirror"), BERSERKER, 200)):
        stance, reward = (Stance.BUY, Stance.SELL)[number % 2], number % 5 - 2.0
        for agent, market, side in ((one, seen, stance), (other, turned(seen), OPPOSITE[stance])):
            decision = agent.decide(market, explores=False)
            agent.opened("trade", decision._replace(stance=side, virtual=True))
            agent.closed("trade", reward)
    assert one.state()["learner"]["values"] == other.state()["learner"]["values"]
    assert one.learning_fact() == other.learning_fact()


def test_a_hold_is_learned_from_at_the_next_decision_on_the_same_symbol_and_timeframe() -> None:
    agent = Agent(BERSERKER, 1)
    for seen in (situation(), situation(symbol="OTHER"), situation()._replace(timeframe="H1")):
        agent.decide(seen, explores=False)
    assert agent.learning_fact().experiences == 0
    agent.decide(situation(PhysicalRegime.OVERDAMPED), explores=False)
    assert agent.learning_fact().experiences == 0
    agent.decide(situation(), explores=False)
    fact = agent.learning_fact()
    assert (fact.experiences, fact.episodes, fact.buffer_size) == (1, 0, 1)


def test_a_closed_trade_is_an_experience_and_an_episode() -> None:
    agent = Agent(BERSERKER, 1)
    decision = next(each for each in map(agent.decide, situations(draws("x"), BERSERKER, 99)) if each.opens)
    before = agent.learning_fact()
    agent.opened("one", decision)
    assert agent.learning_fact() == before
    assert agent.closed("one", 1.5)
    after = agent.learning_fact()
    assert (after.experiences, after.episodes) == (before.experiences + 1, before.episodes + 1)
    assert not agent.closed("one", 1.5)
    assert not agent.closed("unheard of", 1.0)
    assert agent.learning_fact() == after


def test_an_abandoned_trade_is_forgotten_and_teaches_nothing() -> None:
    agent = Agent(BERSERKER, 1)
    decision = next(each for each in map(agent.decide, situations(draws("x"), BERSERKER, 99)) if each.opens)
    agent.opened("one", decision)
    before = agent.learning_fact()
    agent.abandoned("one")
    agent.abandoned("unheard of")
    assert agent.state()["open"] == {}
    assert not agent.closed("one", 1.5)
    assert agent.learning_fact() == before


def test_a_result_beyond_the_largest_reward_teaches_no_more_than_it() -> None:
    def learned(reward: float) -> object:
        agent = Agent(BERSERKER, 1)
        for _ in range(8):
            decision = agent.decide(situation(), explores=False)
            agent.opened("one", decision._replace(stance=Stance.BUY, virtual=True))
            agent.closed("one", reward)
        return agent.state()["learner"]

    assert learned(50.0) == learned(LARGEST_REWARD) != learned(4.0)
    assert learned(-50.0) == learned(-LARGEST_REWARD) != learned(-4.0)


def test_a_decision_that_opens_nothing_cannot_be_opened() -> None:
    agent = Agent(SNIPER, 1)
    with pytest.raises(ValueError, match="trade 7 was not decided by sniper"):
        agent.opened("7", agent.decide(situation(PhysicalRegime.CHAOTIC)))


STRANGE = st.builds(situation, displacement=st.floats(-1e6, 1e6), velocity=st.floats(-1e6, 1e6), cost=st.floats(0, 1))


@settings(max_examples=50)
@given(seen=STRANGE, frequency=st.none() | st.floats(1e-6, 3), explained=st.none() | st.floats(0, 1))
def test_no_situation_is_too_strange_for_a_decision(
    berserker: Agent, seen: Situation, frequency: float | None, explained: float | None
) -> None:
    physics = seen.physics._replace(natural_frequency=frequency, explained=explained)
    decision = berserker.decide(seen._replace(physics=physics), explores=False)
    assert 0 <= decision.confidence <= 1
    assert decision.state is not None
    assert isfinite(decision.value)
    assert all(-1 <= each <= 1 for each in (*decision.state.even, *decision.state.odd))


def test_the_learning_fact_is_what_the_definitions_say() -> None:
    agent = ToyMarket().trained(SNIPER, seed=5, count=400)
    fact = agent.learning_fact()
    assert fact.agent == "sniper"
    assert fact.exploration_rate == SNIPER.exploration.rate(fact.experiences)
    assert fact.loss is not None
    assert fact.progress is None  # there are not 500 trades yet
    assert fact.episodes < 400
    later = ToyMarket().trained(SNIPER, seed=5, count=1_500).learning_fact()
    assert later.progress is not None
    assert later.buffer_size <= later.experiences
