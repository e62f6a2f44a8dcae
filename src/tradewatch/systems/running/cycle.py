"""What a runtime asks of a system, again and again."""

from datetime import datetime
from typing import Protocol

from tradewatch.facts import Entry
from tradewatch.market.bars import Timeframe


class Cycle(Protocol):
    """A system as its runtime sees it: it trades once in a bar of its timeframe, and says what happened."""

    @property
    def timeframe(self) -> Timeframe:
        """How often there is a cycle."""

    @property
    def next_try(self) -> datetime | None:
        """When a lost connection wants a cycle of its own; None while there is no such moment."""

    def begin(self) -> list[Entry]:
        """Get ready, before the first cycle of a run; return the facts."""

    def run(self, *, halted: bool) -> list[Entry]:
        """Return the facts of one cycle, in order of time. ``halted``: no trade with money is opened."""

    def release(self, time: datetime) -> None:
        """Take in that a person ended the halt of the drawdown limit; it ends one that had begun by this time."""
