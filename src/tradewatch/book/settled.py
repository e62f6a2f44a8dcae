"""A closed trade as the statistics see it: with one P&L and an outcome."""

from enum import StrEnum
from typing import NamedTuple

from tradewatch.facts import Outcome, TradeClosed, TradeTerms

SCRATCH_TOLERANCE = 1e-9
"""P&L within this share of the trade's notional value around 0 is a scratch."""

UNKNOWN = "UNKNOWN"
"""The label of a trade that does not say: sums include it."""


class ProfitSource(StrEnum):
    """Which P&L of a trade counts."""

    REPORTED = "reported"
    """What the source said; computed from the parts where it said nothing."""

    RECOMPUTED = "recomputed"
    """From the parts always: prices, quantity, fees and funding."""


class SettledTrade(NamedTuple):
    """A closed trade, the P&L that counts (account currency) and how it ended."""

    fact: TradeClosed
    pnl: float
    outcome: Outcome

    @property
    def result(self) -> int:
        """The sign of the outcome: 1 a win, -1 a loss, 0 a scratch."""
        return _RESULTS[self.outcome]


_RESULTS = {Outcome.WIN: 1, Outcome.LOSS: -1, Outcome.SCRATCH: 0}


def settle(fact: TradeClosed, source: ProfitSource) -> SettledTrade:
    """Decide a closed trade's P&L and outcome."""
    pnl = fact.reported_pnl if source is ProfitSource.REPORTED else fact.recomputed_pnl
    tolerance = SCRATCH_TOLERANCE * fact.notional
    if abs(pnl) <= tolerance:
        return SettledTrade(fact, pnl, Outcome.SCRATCH)
    return SettledTrade(fact, pnl, Outcome.WIN if pnl > 0 else Outcome.LOSS)


def label_of(terms: TradeTerms, label: str) -> str:
    """Return a trade's value of a label that is one of its terms; `UNKNOWN` where it does not say."""
    return str(getattr(terms, label) or UNKNOWN)
