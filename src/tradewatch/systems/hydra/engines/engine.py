"""What an engine is: something that looks at one asset and votes."""

from typing import NamedTuple, Protocol

from tradewatch.facts import Stance
from tradewatch.systems.hydra.market_view import MarketView

_BUY, _SELL, _HOLD = Stance.BUY, Stance.SELL, Stance.HOLD  # to look one up in its class is slow


class Vote(NamedTuple):
    """What an engine wants: ``confidence`` is 0 to 1, and counts for BUY and SELL; ``reason`` is for people."""

    direction: Stance
    confidence: float
    reason: str


class Engine(Protocol):
    """Votes on one asset at a closed bar.

    The same view brings the same vote: an engine keeps nothing, so a run that restarts goes on exactly.
    """

    def vote(self, market: MarketView) -> Vote:
        """Return BUY, SELL or HOLD, how sure it is, and why."""


def hold(reason: str) -> Vote:
    """Return a vote for doing nothing."""
    return Vote(_HOLD, 0.0, reason)


def follow(move: float, confidence: float, reason: str) -> Vote:
    """Return a vote in the direction of a move that is not 0; the confidence is cut to 0 to 1.

    >>> follow(-0.2, 1.7, "it fell").direction.value, follow(-0.2, 1.7, "it fell").confidence
    ('SELL', 1.0)
    """
    return Vote(_BUY if move > 0 else _SELL, max(0.0, min(1.0, confidence)), reason)
