"""Whether the P&L that was reported is the P&L that its parts make."""

from math import fsum

from tradewatch.facts import TradeClosed
from tradewatch.stats import ExactSum

ROUNDING = 1e-9
"""Differences within this share of a trade's notional value, or of the sums compared, are rounding."""


class ReportedProfit:
    """Compares reported P&L with what prices, quantity, fees and funding make, over the trades that know both.

    Sums in account currency; ``differing`` counts the trades whose two P&L differ by more than rounding.
    """

    def __init__(self) -> None:
        self.differing = 0
        self.reported = ExactSum()
        self.recomputed = ExactSum()
        self.fees = ExactSum()
        self.funding = ExactSum()

    def update(self, fact: TradeClosed) -> None:
        """Take one closed trade."""
        recomputed, notional = fact.recomputed_pnl, fact.notional
        if fact.pnl is None or recomputed is None or notional is None:
            return
        self.reported.update(fact.pnl)
        self.recomputed.update(recomputed)
        self.fees.update(fact.fees)
        self.funding.update(fact.funding)
        self.differing += abs(fact.pnl - recomputed) > ROUNDING * notional

    @property
    def difference(self) -> float:
        """Reported - recomputed P&L, account currency."""
        return fsum((self.reported.value, -self.recomputed.value))
