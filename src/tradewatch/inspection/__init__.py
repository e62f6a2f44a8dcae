"""Asks a live server what every panel and rule would find."""

from tradewatch.inspection.inspecting import inspect, present
from tradewatch.inspection.outcome import Outcome, Verdict
from tradewatch.inspection.server import Server

__all__ = ["Outcome", "Server", "Verdict", "inspect", "present"]
