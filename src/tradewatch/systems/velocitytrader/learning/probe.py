"""How much better a model knows its first trades than it did before it learned."""

from collections.abc import Iterable
from math import fsum
from typing import Any

from tradewatch.systems.velocitytrader.learning.action_values import ActionValues
from tradewatch.systems.velocitytrader.learning.experiences import Trade
from tradewatch.systems.velocitytrader.learning.memory import trade_of
from tradewatch.systems.velocitytrader.learning.vectors import dot

# Any in this file: a state is what `state` of the same version returned, read from a checkpoint.
SIZE = 500
"""Trades in the probe set."""


class Probe:
    """The first 500 trades, kept for ever."""

    __slots__ = ("_trades",)

    def __init__(self) -> None:
        self._trades: list[Trade] = []

    def add(self, trade: Trade) -> None:
        """Take a trade, until there are enough."""
        if len(self._trades) < SIZE:
            self._trades.append(trade)

    def progress(self, values: ActionValues) -> float | None:
        """Return 1 - E/E0, 0 to 1: E the mean squared error of Q on the probe set, E0 what it was at the start.

        At the start Q is 0. None before the set is full, or if its trades all made exactly 0.
        """
        trades = self._trades
        if len(trades) < SIZE:
            return None
        before = fsum([reward * reward for _, _, reward in trades])
        if not before:
            return None
        weights = [model.weights for model in values.trades]
        now = fsum([(dot(weights[block], vector) - reward) ** 2 for block, vector, reward in trades])
        return min(1.0, max(0.0, 1 - now / before))

    def state(self) -> list[Any]:
        """Return what `restore` needs."""
        return list(self._trades)

    def restore(self, state: Iterable[Any]) -> None:
        """Keep the trades of another probe; its state may have been through JSON."""
        self._trades = [trade_of(item) for item in state]
