"""Terminals: simulated and real ones behind one interface, and the gateway that keeps one connected."""

from tradewatch.market.terminal.breaker import BreakerState, Patience
from tradewatch.market.terminal.connection import Unanswered
from tradewatch.market.terminal.disturbances import RARE_FAULTS, RARE_OUTAGES, RARE_REFUSALS, Faults, Outages
from tradewatch.market.terminal.gateway import Gateway, Limits, ReceivedBar
from tradewatch.market.terminal.metatrader import MetaTraderSettings, MetaTraderTerminal
from tradewatch.market.terminal.quote_gate import QuoteGate, Refusal
from tradewatch.market.terminal.simulated import SimulatedTerminal
from tradewatch.market.terminal.simulated_stopwatch import SimulatedStopwatch
from tradewatch.market.terminal.terminal import (
    Position,
    Receipt,
    Terminal,
    TerminalAccount,
    TerminalLost,
    TerminalRefused,
)

__all__ = [
    "RARE_FAULTS",
    "RARE_OUTAGES",
    "RARE_REFUSALS",
    "BreakerState",
    "Faults",
    "Gateway",
    "Limits",
    "MetaTraderSettings",
    "MetaTraderTerminal",
    "Outages",
    "Patience",
    "Position",
    "QuoteGate",
    "Receipt",
    "ReceivedBar",
    "Refusal",
    "SimulatedStopwatch",
    "SimulatedTerminal",
    "Terminal",
    "TerminalAccount",
    "TerminalLost",
    "TerminalRefused",
    "Unanswered",
]
