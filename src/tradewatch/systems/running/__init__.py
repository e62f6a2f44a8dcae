"""How any system runs: its cycles, its ledger, and going on where it was (docs/decisions/0013)."""

from tradewatch.systems.running.cycle import Cycle
from tradewatch.systems.running.kept import Kept
from tradewatch.systems.running.runtime import RunTerms, Runtime
from tradewatch.systems.running.source import Settings, Source
from tradewatch.systems.running.stateful import Stateful

__all__ = ["Cycle", "Kept", "RunTerms", "Runtime", "Settings", "Source", "Stateful"]
