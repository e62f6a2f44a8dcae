"""The experiences of one block of states."""

from collections.abc import Mapping
from typing import Any

from tradewatch.systems.velocitytrader.learning.experiences import Ring, Trade, Wait
from tradewatch.systems.velocitytrader.learning.vectors import Features

# Any in this file: a state is what `state` of the same version returned, read from a checkpoint.
TRADES = 750
WAITS = 250


class Memory:
    """The last 750 trades and, apart from them because they are many and say little, the last 250 HOLDs."""

    __slots__ = ("trades", "waits")

    def __init__(self) -> None:
        self.trades = Ring[Trade](TRADES)
        self.waits = Ring[Wait](WAITS)

    def __len__(self) -> int:
        return len(self.trades) + len(self.waits)

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs."""
        return {
            "trades": list(self.trades.items),
            "waits": list(self.waits.items),
            "following": [self.trades.following, self.waits.following],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Remember what another memory did; its state may have been through JSON."""
        trades, waits = state["following"]
        self.trades.restore(map(trade_of, state["trades"]), trades)
        self.waits.restore((Wait(*map(features_of, wait)) for wait in state["waits"]), waits)


def trade_of(item: tuple[int, list[float], float]) -> Trade:
    """Return the trade that was stored as a plain list."""
    block, vector, reward = item
    return Trade(block, tuple(vector), reward)


def features_of(item: tuple[int, list[float], list[float]]) -> Features:
    """Return the features that were stored as a plain list."""
    block, even, odd = item
    return Features(block, tuple(even), tuple(odd))
