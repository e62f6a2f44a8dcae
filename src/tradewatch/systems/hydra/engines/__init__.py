"""Engines, each a small class of its own behind one interface: A to D, and those of others (docs/engines.md)."""

from tradewatch.systems.hydra.engines.ballot import Ballot, ballot
from tradewatch.systems.hydra.engines.engine import Engine, Vote, follow, hold
from tradewatch.systems.hydra.engines.loading import BUILT_IN, GROUP, Loaded, engines
from tradewatch.systems.hydra.market_view import MarketView

__all__ = [
    "BUILT_IN",
    "GROUP",
    "Ballot",
    "Engine",
    "Loaded",
    "MarketView",
    "Vote",
    "ballot",
    "engines",
    "follow",
    "hold",
]
