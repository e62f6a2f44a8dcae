"""The quantities that every system has, each with its one definition."""

from tradewatch.catalog.concept import Concept

# Trades, counted when they close.

CLOSED_TRADES = Concept(name="closed trades", definition="trades closed and not voided; the n behind every trade ratio")
TRADES_TOLD = Concept(
    name="trades told",
    definition="closings as first told, by their outcome then; later corrections leave it alone, so it never goes down",
)
TRADES_CORRECTED = Concept(name="corrected trades", definition="corrections of closed trades that were told")
TRADES_VOIDED = Concept(name="voided trades", definition="trades that were told and later taken back")
WINS = Concept(name="wins", definition="closed trades with P&L above 1e-9 of their notional value, after costs")
LOSSES = Concept(name="losses", definition="closed trades with P&L below -1e-9 of their notional value, after costs")
SCRATCHES = Concept(name="scratches", definition="closed trades that are neither a win nor a loss")
WIN_RATE = Concept(name="win rate", definition="wins / closed trades", undefined="before the first closed trade")
NET_PROFIT = Concept(name="net profit", definition="sum of the P&L of closed trades")
NET_PROFIT_SHARE = Concept(
    name="net profit in percent",
    definition="net profit / starting equity, so that the parts add up to the whole",
    undefined="while the starting equity is unknown",
)
GROSS_PROFIT = Concept(name="gross profit", definition="sum of the positive P&L of closed trades")
GROSS_LOSS = Concept(name="gross loss", definition="absolute sum of the negative P&L of closed trades")
PROFIT_FACTOR = Concept(
    name="profit factor", definition="gross profit / gross loss", undefined="while there is no loss"
)
EXPECTANCY = Concept(
    name="expectancy", definition="mean P&L per closed trade", undefined="before the first closed trade"
)
LAST_TRADE_TIME = Concept(
    name="last closing", definition="when the newest trade closed", undefined="before the first closed trade"
)
OPEN_TRADES = Concept(name="open trades", definition="trades opened and neither closed nor voided", live=True)

# The account.

STARTING_EQUITY = Concept(
    name="starting equity", definition="equity at the start of the ledger's first run", undefined="while nobody told it"
)
BALANCE = Concept(
    name="balance",
    definition="starting equity + cash flows + realised P&L, partial closings and fees of open trades included",
    undefined="while the starting equity is unknown",
    live=True,
)
EQUITY = Concept(
    name="equity",
    definition="balance + unrealised P&L at the last mark",
    undefined="while the starting equity is unknown",
    live=True,
)
CURRENT_DRAWDOWN = Concept(
    name="current drawdown",
    definition="1 - equity / its running peak; the peak begins with the starting equity, and cash flows scale it",
    undefined="while the starting equity is unknown, and while the account is empty",
    live=True,
)
MAXIMUM_DRAWDOWN = Concept(
    name="maximum drawdown",
    definition="the largest current drawdown so far; facts of one instant are one step",
    undefined="while the starting equity is unknown",
)
ACCOUNT = Concept(name="account", definition="what the numbers are about: currency, mode of the run, recorded system")

# Whether the system is alive.

SYSTEM_STATUS = Concept(
    name="system status",
    definition="1 while the newest heartbeat is younger than 3 of its intervals, else 0; 0 once the run has ended",
    undefined="for a source without heartbeats",
)
LAST_HEARTBEAT_TIME = Concept(
    name="last heartbeat", definition="when the newest heartbeat was", undefined="before the first heartbeat"
)
ERRORS = Concept(name="errors", definition="errors the system told of")
"""Counted by severity and component."""
