"""Value learning from trades and waits: Q-learning with experience replay and a target copy."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from tradewatch.systems.velocitytrader.learning.action_values import (
    ActionValues,
    BestValue,
    Shape,
    Values,
    trade_vector,
)
from tradewatch.systems.velocitytrader.learning.chance import Chance
from tradewatch.systems.velocitytrader.learning.experiences import Trade, Wait
from tradewatch.systems.velocitytrader.learning.memory import Memory
from tradewatch.systems.velocitytrader.learning.probe import Probe
from tradewatch.systems.velocitytrader.learning.vectors import Features

# Any in this file: a state is what `state` of the same version returned, read from a checkpoint.
LARGEST_REWARD = 5.0
"""R: a trade that made or lost more teaches as much as this."""

_BATCH_TRADES = 16
_BATCH_WAITS = 4
_EXPERIENCES_PER_UPDATE = 4
_UPDATES_PER_COPY = 50


class Learner:
    """Q(state, action) in R, learned from experience (Watkins 1989; replay and target copy: Mnih and others 2015).

    A trade ends its episode: its target is its result. A HOLD's target is ``discount`` * the largest value of the next
    state, by a copy of the weights that is renewed every 50 updates. Every fourth experience is followed by an update
    of its block of states: one step on 16 trades and 4 HOLDs, drawn evenly from the block's memory. ``learns`` false
    keeps the weights as they are; all else goes on.
    """

    def __init__(self, shape: Shape, *, discount: float, rate: float, chance: Chance, learns: bool = True) -> None:
        self._discount = discount
        self._chance = chance
        self._learns = learns
        self._values = ActionValues(shape, rate)
        self._target = self._values.copy()
        self._memories = [Memory() for _ in range(shape.blocks)]
        self._probe = Probe()
        self._updates = 0
        self.experiences = 0
        """Trades and HOLDs so far."""
        self.episodes = 0
        """Closed trades so far: a trade ends an episode."""
        self.loss: float | None = None
        """Mean squared temporal-difference error of the last update's batch, in R²."""

    def values(self, state: Features) -> Values:
        """Return what each action is worth in a state, in R."""
        return self._values.of(state)

    @property
    def remembered(self) -> int:
        """Experiences in memory."""
        return sum(map(len, self._memories))

    @property
    def progress(self) -> float | None:
        """How much better it knows its first 500 trades, 0 to 1; None before they are over."""
        return self._probe.progress(self._values)

    def traded(self, state: Features, action: int, reward: float) -> None:
        """Learn what a closed trade made, in R after costs; ``state`` is that of the decision."""
        clipped = min(LARGEST_REWARD, max(-LARGEST_REWARD, reward))
        trade = Trade(state.block, trade_vector(state, action), clipped)
        self._memories[state.block].trades.add(trade)
        self._probe.add(trade)
        self.episodes += 1
        self._experienced(state.block)

    def waited(self, state: Features, after: Features) -> None:
        """Learn from a HOLD and the next state."""
        self._memories[state.block].waits.add(Wait(state, after))
        self._experienced(state.block)

    def _experienced(self, block: int) -> None:
        self.experiences += 1
        if self._learns and self.experiences % _EXPERIENCES_PER_UPDATE == 0:
            self._update(block, self._chance.stream(self._updates))

    def _update(self, block: int, random: Random) -> None:
        memory = self._memories[block]
        trades = random.choices(memory.trades.items, k=_BATCH_TRADES) if memory.trades else ()
        waits = random.choices(memory.waits.items, k=_BATCH_WAITS) if memory.waits else ()
        squares = self._fit_trades(block, trades) + self._fit_waits(block, waits)
        self.loss = squares / (len(trades) + len(waits))
        self._updates += 1
        if self._updates % _UPDATES_PER_COPY == 0:
            self._target = self._values.copy()

    def _fit_trades(self, block: int, trades: Sequence[Trade]) -> float:
        if not trades:
            return 0.0
        _, vectors, rewards = zip(*trades, strict=True)
        return self._values.trades[block].fit(vectors, rewards)

    def _fit_waits(self, block: int, waits: Sequence[Wait]) -> float:
        if not waits:
            return 0.0
        best, discount = self._target.of, self._discount
        targets = [discount * best(after) for _, after in waits]
        return self._values.holds[block].fit([state.even for state, _ in waits], targets)

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here: numbers, and lists, tuples and dicts of them."""
        return {
            "values": self._values.state(),
            "target": self._target.state(),
            "memories": [memory.state() for memory in self._memories],
            "probe": self._probe.state(),
            "updates": self._updates,
            "experiences": self.experiences,
            "episodes": self.episodes,
            "loss": self.loss,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the state of a learner of the same shape and settings; it may have been through JSON."""
        self._values.restore(state["values"])
        self._target = BestValue(*state["target"])
        for memory, remembered in zip(self._memories, state["memories"], strict=True):
            memory.restore(remembered)
        self._probe.restore(state["probe"])
        self._updates = state["updates"]
        self.experiences, self.episodes = state["experiences"], state["episodes"]
        self.loss = state["loss"]
