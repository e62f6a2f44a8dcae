"""The trading systems whose facts are understood; they never import each other."""

from tradewatch.systems.bot.metrics import BOT
from tradewatch.systems.system import System

__all__ = ["SYSTEMS", "System", "system_of"]

SYSTEMS: tuple[System, ...] = (BOT,)
"""Every system there is; the metric reference and the compatibility check follow it."""


def system_of(_name: str | None) -> System:
    """Return the system that publishes facts recorded under a name: any bot's are the generic system's."""
    return BOT
