"""What an agent wants in a situation."""

from typing import NamedTuple

from tradewatch.facts import Stance
from tradewatch.systems.velocitytrader.learning import Features


class Decision(NamedTuple):
    """What an agent wants in a situation, and why.

    ``taken``: a trade with money. ``virtual``: a trade that is only imagined, to learn from. A BUY or SELL that is
    neither was refused by the agent's own rules; ``reason`` says which: ``friction``, ``energy``, ``value`` or
    ``confidence``. Else it is ``best``, ``explored``, ``halted`` (virtual, because trading is) or ``regime`` (it is not
    this agent's). ``confidence``: 0 to 1. ``value``: in R, what the action is thought to bring. ``stop_distance`` and
    ``target_distance``: shares of the price. ``state``: what it was decided from.
    """

    stance: Stance
    reason: str
    taken: bool = False
    virtual: bool = False
    confidence: float = 0.0
    value: float = 0.0
    stop_distance: float = 0.0
    target_distance: float = 0.0
    state: Features | None = None

    @property
    def explored(self) -> bool:
        """Whether chance chose."""
        return self.reason == "explored"

    @property
    def opens(self) -> bool:
        """Whether a trade is to be opened, with money or without."""
        return self.taken or self.virtual
