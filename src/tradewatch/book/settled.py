"""A closed trade as the statistics see it: with one P&L, a result, and what else is measured of it."""

from enum import StrEnum
from typing import NamedTuple

from tradewatch.facts import Direction, TradeClosed, TradeOpened

SCRATCH_TOLERANCE = 1e-9
"""P&L within this share of the trade's notional value around 0 is a scratch."""

_BASIS_POINTS = 10_000

_LARGEST_MULTIPLE = 1e100
"""A multiple of a risk or price beyond this one was divided by next to nothing: it is undefined."""


class ProfitSource(StrEnum):
    """Which P&L of a trade counts."""

    REPORTED = "reported"
    """What the source said; computed from the parts where it said nothing."""

    RECOMPUTED = "recomputed"
    """From the parts: prices, quantity, fees and funding; what the source said where one of them is unknown."""


class OpenedTrade(NamedTuple):
    """An opened trade and the regime it was opened in, None while there was none."""

    fact: TradeOpened
    regime: str | None


class SettledTrade(NamedTuple):
    """A closed trade, the P&L that counts (account currency), its result and when it closed (Unix time).

    ``result``: 1 a win, -1 a loss, 0 a scratch. ``regime``: the one it was opened in, None while there was none.
    """

    fact: TradeClosed
    pnl: float
    result: int
    closed: float
    regime: str | None

    @property
    def r_multiple(self) -> float | None:
        """P&L / initial risk; None without a stop."""
        return self._in_r(self.pnl)

    @property
    def adverse_excursion(self) -> float | None:
        """Worst unrealised P&L while open, in R."""
        return self._in_r(self.fact.worst_unrealised)

    @property
    def favourable_excursion(self) -> float | None:
        """Best unrealised P&L while open, in R."""
        return self._in_r(self.fact.best_unrealised)

    @property
    def entry_slippage(self) -> float | None:
        """How much worse than the price at the decision the entry was, in basis points."""
        return _slippage(self.fact.entry_price, self.fact.entry_reference_price, self.fact.direction)

    @property
    def exit_slippage(self) -> float | None:
        """How much worse than the price at the decision the exit was, in basis points."""
        slippage = _slippage(self.fact.exit_price, self.fact.exit_reference_price, self.fact.direction)
        return None if slippage is None else -slippage

    def _in_r(self, amount: float | None) -> float | None:
        if amount is None or self.fact.stop is None:
            return None
        risk = self.fact.initial_risk
        return _sensible(amount / risk) if risk else None


def _slippage(fill: float | None, reference: float | None, direction: Direction | None) -> float | None:
    if fill is None or reference is None or direction is None:
        return None
    return _sensible((fill - reference) / reference * direction.sign * _BASIS_POINTS)


def _sensible(multiple: float) -> float | None:
    return multiple if abs(multiple) <= _LARGEST_MULTIPLE else None


def profit_of(fact: TradeClosed, source: ProfitSource) -> float:
    """Return the P&L of a closed trade that counts, account currency."""
    pnl = fact.pnl
    if pnl is None or source is ProfitSource.RECOMPUTED:
        recomputed = fact.recomputed_pnl
        return (pnl or 0.0) if recomputed is None else recomputed
    return pnl


def settled(closed: float, fact: TradeClosed, pnl: float, regime: str | None) -> SettledTrade:
    """Return a trade closed at a Unix time, with its result."""
    tolerance = SCRATCH_TOLERANCE * (fact.notional or 0.0)
    return SettledTrade(fact, pnl, 1 if pnl > tolerance else -1 if pnl < -tolerance else 0, closed, regime)
