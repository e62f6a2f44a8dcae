"""The trading systems whose facts are understood; they never import each other."""

from tradewatch.systems.bot.metrics import BOT
from tradewatch.systems.hydra.metrics import HYDRA
from tradewatch.systems.system import System
from tradewatch.systems.velocitytrader.metrics import VELOCITYTRADER

SYSTEMS: tuple[System, ...] = (BOT, HYDRA, VELOCITYTRADER)
"""Every system, in the order in which the documentation has them."""

_BY_NAME = {system.name: system for system in SYSTEMS}

__all__ = ["SYSTEMS", "System", "system_of"]


def system_of(name: str | None) -> System:
    """Return the system that publishes facts recorded under a name: another bot's are the generic system's."""
    return _BY_NAME.get(name or "", BOT)
