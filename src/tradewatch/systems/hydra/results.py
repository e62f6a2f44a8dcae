"""How a closed trade ended."""

from tradewatch.book.settled import SCRATCH_TOLERANCE
from tradewatch.facts import Outcome, TradeClosed


def pnl_of(trade: TradeClosed) -> float:
    """Return the P&L of a trade after its costs, account currency: as reported, else from its parts."""
    return (trade.recomputed_pnl or 0.0) if trade.pnl is None else trade.pnl


def outcome_of(trade: TradeClosed) -> Outcome:
    """Return whether a trade won, lost or, within 1e-9 of its notional value, did neither.

    >>> outcome_of(TradeClosed(trade_id="1", asset="BTC-USD", pnl=-0.5)).value
    'loss'
    """
    pnl, scratch = pnl_of(trade), SCRATCH_TOLERANCE * (trade.notional or 0.0)
    if abs(pnl) <= scratch:
        return Outcome.SCRATCH
    return Outcome.WIN if pnl > 0 else Outcome.LOSS
