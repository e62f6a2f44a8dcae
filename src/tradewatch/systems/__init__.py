"""The trading systems whose facts are understood; they never import each other."""

from tradewatch.systems.bot.metrics import BOT
from tradewatch.systems.system import System

__all__ = ["System", "system_of"]


def system_of(_name: str | None) -> System:
    """Return the system that publishes facts recorded under a name: any bot's are the generic system's."""
    return BOT
