"""The receiver that is always told: every notification of Alertmanager, as a line that a person can read."""

from tradewatch.stack.journal.current import AlertmanagerWatch
from tradewatch.stack.journal.journal import Journal
from tradewatch.stack.journal.server import JournalServer
from tradewatch.stack.journal.silence import PATIENCE_SECONDS, SilenceWatch

__all__ = ["PATIENCE_SECONDS", "AlertmanagerWatch", "Journal", "JournalServer", "SilenceWatch"]
