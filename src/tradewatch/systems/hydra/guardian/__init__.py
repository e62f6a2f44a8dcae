"""The guardian and its limits (docs/guardian.md): what may be traded, how much, and when nothing may."""

from tradewatch.systems.hydra.guardian.guardian import Guardian, GuardianLevel, Step
from tradewatch.systems.hydra.guardian.limits import GuardianLimits
from tradewatch.systems.hydra.guardian.order_check import Holding, Request, Verdict

__all__ = ["Guardian", "GuardianLevel", "GuardianLimits", "Holding", "Request", "Step", "Verdict"]
