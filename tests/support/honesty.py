"""What trades on a market come to in which nothing can be won, and how far that is from nothing.

A trade's P&L before costs, in what was risked, is expected to be zero whatever was known when it was opened, if nothing
was known that came later. Trades of one seed overlap, and what they came to moves later ones, so they are no sample; a
seed's total is: a sum of such amounts, each trade held to its end, whose mean is zero exactly (optional stopping), and
seeds are independent. Symbols are those priced in the account's currency: converting others is not linear.
"""

import os
from collections.abc import Sequence
from math import fsum, sqrt
from statistics import fmean, stdev
from typing import NamedTuple

from tradewatch.facts import VIRTUAL, Entry, TradeClosed
from tradewatch.market.bars import Bar
from tradewatch.market.broker import PaperBroker
from tradewatch.market.instruments import Instruments
from tradewatch.market.limits import Limits

USUAL_SEEDS = 20
SEEDS = int(os.environ.get("HONESTY_SEEDS", USUAL_SEEDS))
"""How many markets are traded; `make soak` takes more."""

EQUITY = 10_000.0
LARGEST_ERROR = 3.5
"""Standard errors by which the mean of the totals may miss zero."""


class Outcome(NamedTuple):
    """A closed trade in what it risked when it was decided: its P&L before costs, and the costs."""

    is_virtual: bool
    surplus: float
    costs: float


class WatchedBroker(PaperBroker):
    """Remembers what its trades came to."""

    def __init__(self, instruments: Instruments, limits: Limits | None = None) -> None:
        super().__init__(instruments, "USD", EQUITY, limits)
        self.outcomes: list[Outcome] = []

    def on_bar(self, bar: Bar) -> list[Entry]:
        entries = super().on_bar(bar)
        closed = [entry.fact for entry in entries if isinstance(entry.fact, TradeClosed)]
        for fact, settled in zip(closed, self.settlements, strict=True):
            assert fact.trade_id == settled.trade_id
            risk = _risk(fact)
            self.outcomes.append(
                Outcome(fact.mode == VIRTUAL, (settled.pnl + settled.costs) / risk, settled.costs / risk)
            )
        return entries


def _risk(fact: TradeClosed) -> float:
    """Return what was risked as it was known when the trade was decided."""
    assert None not in {fact.stop, fact.entry_reference_price, fact.quantity}
    distance = (fact.entry_reference_price or 0.0) - (fact.stop or 0.0)
    return abs(distance) * (fact.quantity or 0.0) * fact.contract_value


class Verdict(NamedTuple):
    """What many seeds came to: trades, mean surplus and costs of one in R, and the surplus in standard errors."""

    trades: int
    surplus: float
    costs: float
    errors: float

    def __str__(self) -> str:
        return (
            f"{self.trades} trades, {self.surplus:+.4f} R a trade before costs of {self.costs:.4f} R: "
            f"{self.errors:+.2f} standard errors"
        )


def verdict(of_seeds: Sequence[Sequence[Outcome]]) -> Verdict:
    """Return what the trades of each seed came to."""
    totals = [fsum(each.surplus for each in outcomes) for outcomes in of_seeds]
    count = sum(map(len, of_seeds))
    costs = fsum(each.costs for outcomes in of_seeds for each in outcomes)
    return Verdict(count, fsum(totals) / count, costs / count, fmean(totals) / (stdev(totals) / sqrt(len(totals))))


def report(title: str, found: Verdict) -> None:
    """Print what was found, which `make soak` shows."""
    print(f"{SEEDS} seeds, {title}: {found}")  # noqa: T201 - shown with -s
