"""The two agents: they decide, say how sure they are, and learn from what came of it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tradewatch.facts import Direction, LearningStepped, Stance
from tradewatch.regimes import PhysicalRegime
from tradewatch.systems.velocitytrader.decision import Decision
from tradewatch.systems.velocitytrader.features import EVEN, ODD, features
from tradewatch.systems.velocitytrader.friction import overcomes_friction
from tradewatch.systems.velocitytrader.learning import (
    BUY,
    HOLD,
    Chance,
    Features,
    Learner,
    ModelConfidence,
    Shape,
    Values,
    confidence,
    features_of,
)
from tradewatch.systems.velocitytrader.situation import Situation
from tradewatch.systems.velocitytrader.temperament import Temperament

# Any in this file: a state is what `state` of the same version returned, read from a checkpoint.
_STANCES = (Stance.HOLD, Stance.BUY, Stance.SELL)
_SHAPE = Shape(blocks=len(PhysicalRegime), even=EVEN, odd=ODD)
_ELSEWHERE = Decision(Stance.HOLD, "regime")


class _Choice(NamedTuple):
    """An action, the values it was chosen by, how sure that is, and whether chance chose."""

    action: int
    values: Values
    confidence: float
    by_chance: bool


class Agent:
    """Chooses among HOLD, BUY and SELL, at first by chance, then more and more by what it has learned.

    Ask `decide` at every closed bar at which a trade may be opened. If the trade was opened, say so with `opened`; when
    it has closed, with `closed`. A HOLD, and a trade that the agent's own rules refused, is learned from as a HOLD at
    the next `decide` for the same symbol and timeframe in a regime of the agent's. A trade that others refused teaches
    nothing. The same seed and situations make the same decisions. ``learns`` false keeps what it knows as it is.
    """

    def __init__(self, temperament: Temperament, seed: int, *, learns: bool = True) -> None:
        self.temperament = temperament
        self._learner = Learner(
            _SHAPE,
            discount=temperament.discount,
            rate=temperament.learning_rate,
            chance=Chance(seed, f"{temperament.name}/replay"),
            learns=learns,
        )
        self._chance = Chance(seed, f"{temperament.name}/explore")
        self._confidence = ModelConfidence()
        self._decisions = 0
        self._open: dict[str, tuple[Features, int]] = {}
        self._waiting: dict[tuple[str, str], Features] = {}

    def decide(self, situation: Situation, *, halted: bool = False, explores: bool = True) -> Decision:
        """Return what to do in a situation.

        ``halted``: trading is, so that every trade is virtual. ``explores`` false: chance chooses nothing this time.
        """
        if situation.regime not in self.temperament.regimes:
            return _ELSEWHERE
        state = features(situation)
        waited = self._waiting.pop((situation.symbol, situation.timeframe), None)
        if waited is not None:
            self._learner.waited(waited, state)
        choice = self._choose(state, explores=explores)
        self._confidence.update(choice.confidence)
        decision = self._decision(situation, state, choice, self._reason(situation, choice, halted=halted))
        if not decision.opens:
            self._waiting[situation.symbol, situation.timeframe] = state
        return decision

    def opened(self, trade_id: str, decision: Decision) -> None:
        """Remember that a trade was opened as decided; ValueError for a decision to open none."""
        if decision.state is None or not decision.opens:
            message = f"trade {trade_id} was not decided by {self.temperament.name}: give the decision that opens it"
            raise ValueError(message)
        self._open[trade_id] = (decision.state, _STANCES.index(decision.stance))

    def closed(self, trade_id: str, reward: float) -> bool:
        """Learn what a trade made, in R after costs; False for a trade that this agent does not know of."""
        begun = self._open.pop(trade_id, None)
        if begun is None:
            return False
        self._learner.traded(*begun, reward)
        return True

    def abandoned(self, trade_id: str) -> None:
        """Forget a trade that will never close, such as one whose order was refused; it teaches nothing."""
        self._open.pop(trade_id, None)

    def learning_fact(self) -> LearningStepped:
        """Return how far it has learned; takes about 0.3 ms."""
        learner = self._learner
        return LearningStepped(
            agent=self.temperament.name,
            experiences=learner.experiences,
            episodes=learner.episodes,
            buffer_size=learner.remembered,
            exploration_rate=self.exploration_rate,
            loss=learner.loss,
            model_confidence=self._confidence.value,
            progress=learner.progress,
        )

    @property
    def experiences(self) -> int:
        """How many experiences it has learned from."""
        return self._learner.experiences

    @property
    def exploration_rate(self) -> float:
        """The probability that chance makes the next decision."""
        return self.temperament.exploration.rate(self._learner.experiences)

    def _choose(self, state: Features, *, explores: bool) -> _Choice:
        values = self._learner.values(state)
        chance = self._by_chance() if explores else None
        action = values.best if chance is None else chance
        return _Choice(action, values, confidence(values, action), chance is not None)

    def _by_chance(self) -> int | None:
        random = self._chance.stream(self._decisions)
        self._decisions += 1
        return self.temperament.exploration.action(self._learner.experiences, random)

    def _reason(self, situation: Situation, choice: _Choice, *, halted: bool) -> str:
        if choice.by_chance:
            return "explored"
        if choice.action == HOLD:
            return "best"
        return self._objection(situation, choice) or ("halted" if halted else "best")

    def _objection(self, situation: Situation, choice: _Choice) -> str | None:
        """Return why the agent's own rules refuse a trade."""
        rules = self.temperament
        if not overcomes_friction(situation, Direction.BUY if choice.action == BUY else Direction.SELL):
            return "friction"
        if situation.physics.energy_rank < rules.least_energy_rank:
            return "energy"
        if choice.values[choice.action] < rules.least_value:
            return "value"
        return "confidence" if choice.confidence < rules.least_confidence else None

    def _decision(self, situation: Situation, state: Features, choice: _Choice, reason: str) -> Decision:
        trade = choice.action != HOLD
        stop = self.temperament.stop_volatilities * situation.volatility
        return Decision(
            stance=_STANCES[choice.action],
            reason=reason,
            taken=trade and reason == "best",
            virtual=trade and reason in {"explored", "halted"},
            confidence=max(0.0, choice.confidence),
            value=choice.values[choice.action],
            stop_distance=stop,
            target_distance=stop * self.temperament.target_r,
            state=state,
        )

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here: numbers, and lists, tuples and dicts of them."""
        return {
            "learner": self._learner.state(),
            "confidence": self._confidence.state(),
            "decisions": self._decisions,
            "open": {trade_id: [list(state), action] for trade_id, (state, action) in self._open.items()},
            "waiting": [[*place, list(state)] for place, state in self._waiting.items()],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the state of an agent of the same temperament and seed; it may have been through JSON."""
        self._learner.restore(state["learner"])
        self._confidence.restore(state["confidence"])
        self._decisions = state["decisions"]
        self._open = {trade_id: (features_of(item), action) for trade_id, (item, action) in state["open"].items()}
        self._waiting = {(symbol, timeframe): features_of(item) for symbol, timeframe, item in state["waiting"]}
