"""A closed trade as the statistics see it: with one P&L and a result."""

from enum import StrEnum
from typing import NamedTuple

from tradewatch.facts import TradeClosed

SCRATCH_TOLERANCE = 1e-9
"""P&L within this share of the trade's notional value around 0 is a scratch."""


class ProfitSource(StrEnum):
    """Which P&L of a trade counts."""

    REPORTED = "reported"
    """What the source said; computed from the parts where it said nothing."""

    RECOMPUTED = "recomputed"
    """From the parts always: prices, quantity, fees and funding."""


class SettledTrade(NamedTuple):
    """A closed trade, the P&L that counts (account currency), and its result: 1 a win, -1 a loss, 0 a scratch."""

    fact: TradeClosed
    pnl: float
    result: int


def settle(fact: TradeClosed, source: ProfitSource) -> SettledTrade:
    """Decide a closed trade's P&L and result."""
    pnl = fact.reported_pnl if source is ProfitSource.REPORTED else fact.recomputed_pnl
    if abs(pnl) <= SCRATCH_TOLERANCE * fact.notional:
        return SettledTrade(fact, pnl, 0)
    return SettledTrade(fact, pnl, 1 if pnl > 0 else -1)
