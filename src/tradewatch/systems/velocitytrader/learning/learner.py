"""Value learning from trades and waits: Q-learning with experience replay and a target copy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import fsum
from random import Random
from typing import Any

from tradewatch.systems.velocitytrader.learning.action_values import ActionValues, Sample, Values, trade_vector
from tradewatch.systems.velocitytrader.learning.adam import Adam
from tradewatch.systems.velocitytrader.learning.chance import Chance
from tradewatch.systems.velocitytrader.learning.experiences import Ring, Trade, Wait
from tradewatch.systems.velocitytrader.learning.vectors import Features

# Any in this file: a state is what `state` of the same version returned, read from a checkpoint.
LARGEST_REWARD = 5.0
"""R: a trade that made or lost more teaches as much as this."""
REMEMBERED_TRADES = 1_500
REMEMBERED_WAITS = 500
PROBE = 500
"""Trades in the probe set."""

_BATCH_TRADES = 24
_BATCH_WAITS = 8
_EXPERIENCES_PER_UPDATE = 4
_UPDATES_PER_COPY = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Blocks of states, and the even and odd features of each."""

    blocks: int
    even: int
    odd: int


class Learner:
    """Q(state, action) in R, learned from experience (Watkins 1989; replay and target copy: Mnih and others 2015).

    A trade ends its episode: its target is its result. A HOLD's target is ``discount`` * the largest value of the next
    state, by a copy of the weights that is renewed every 50 updates. Every fourth experience is followed by one update:
    Adam on 24 trades and 8 HOLDs, drawn evenly from the last 1,500 trades and the last 500 HOLDs. They are remembered
    apart because HOLDs are many and say little. ``learns`` false keeps the weights at 0; all the rest goes on.
    """

    def __init__(self, shape: Shape, *, discount: float, rate: float, chance: Chance, learns: bool = True) -> None:
        self._discount = discount
        self._chance = chance
        self._learns = learns
        self._values = ActionValues(shape.blocks, shape.even, shape.odd)
        self._target = ActionValues(shape.blocks, shape.even, shape.odd)
        self._adam = Adam([len(row) for row in self._values.weights], rate, longest=1.0)
        self._trades = Ring[Trade](REMEMBERED_TRADES)
        self._waits = Ring[Wait](REMEMBERED_WAITS)
        self._probe: list[Trade] = []
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
        return len(self._trades) + len(self._waits)

    @property
    def progress(self) -> float | None:
        """1 - E/E0, 0 to 1: E the mean squared error of Q on the first 500 trades, E0 what it was at the start.

        None before there are 500, or if they all made exactly 0. Reading it takes about 0.3 ms.
        """
        if len(self._probe) < PROBE:
            return None
        before = fsum(trade.reward * trade.reward for trade in self._probe) / PROBE  # all weights were 0
        now = self._values.error([self._sample(trade) for trade in self._probe])
        return min(1.0, max(0.0, 1 - now / before)) if before else None

    def traded(self, state: Features, action: int, reward: float) -> None:
        """Learn what a closed trade made, in R after costs; ``state`` is that of the decision."""
        clipped = min(LARGEST_REWARD, max(-LARGEST_REWARD, reward))
        trade = Trade(state.block, trade_vector(state, action), clipped)
        self._trades.add(trade)
        if len(self._probe) < PROBE:
            self._probe.append(trade)
        self.episodes += 1
        self._experienced()

    def waited(self, state: Features, after: Features) -> None:
        """Learn from a HOLD and the next state."""
        self._waits.add(Wait(state, after))
        self._experienced()

    def _experienced(self) -> None:
        self.experiences += 1
        if self._learns and self.experiences % _EXPERIENCES_PER_UPDATE == 0:
            self._update(self._chance.stream(self._updates))

    def _update(self, random: Random) -> None:
        slope = self._values.slope(self._batch(random))
        self._adam.step(self._values.weights, slope.gradient)
        self.loss = slope.loss
        self._updates += 1
        if self._updates % _UPDATES_PER_COPY == 0:
            self._target.copy_from(self._values)

    def _batch(self, random: Random) -> Iterator[Sample]:
        if self._trades:
            yield from map(self._sample, random.choices(self._trades.items, k=_BATCH_TRADES))
        if self._waits:
            for wait in random.choices(self._waits.items, k=_BATCH_WAITS):
                target = self._discount * max(self._target.of(wait.after))
                yield self._values.hold_sample(wait.state, target)

    def _sample(self, trade: Trade) -> Sample:
        return self._values.trade_sample(*trade)

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs to go on exactly from here: plain numbers, and lists and dicts of them."""
        return {
            "weights": [list(row) for row in self._values.weights],
            "target": [list(row) for row in self._target.weights],
            "adam": self._adam.state(),
            "trades": {"items": list(self._trades.items), "next": self._trades.next},
            "waits": {"items": list(self._waits.items), "next": self._waits.next},
            "probe": list(self._probe),
            "updates": self._updates,
            "experiences": self.experiences,
            "episodes": self.episodes,
            "loss": self.loss,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the state of a learner of the same shape and settings; it may have been through JSON."""
        self._values.weights = [list(row) for row in state["weights"]]
        self._target.weights = [list(row) for row in state["target"]]
        self._adam.restore(state["adam"])
        trades, waits = state["trades"], state["waits"]
        self._trades.refill(map(_trade, trades["items"]), trades["next"])
        self._waits.refill((Wait(*map(features_of, item)) for item in waits["items"]), waits["next"])
        self._probe = [_trade(item) for item in state["probe"]]
        self._updates = state["updates"]
        self.experiences, self.episodes = state["experiences"], state["episodes"]
        self.loss = state["loss"]


def _trade(item: tuple[int, list[float], float]) -> Trade:
    return Trade(item[0], tuple(item[1]), item[2])


def features_of(item: tuple[int, list[float], list[float]]) -> Features:
    """Return the features that were stored as plain lists."""
    return Features(item[0], tuple(item[1]), tuple(item[2]))
