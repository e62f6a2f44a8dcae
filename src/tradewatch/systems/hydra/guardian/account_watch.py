"""An account as the guardian sees it: its peaks, its day, what was earned and lost."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from math import fsum
from typing import Any

from tradewatch.systems.hydra.guardian.peak import Peak


class AccountWatch:
    """Follows equity and balance (account currency) step by step.

    A day is a UTC day and begins with the equity of the last step before it.
    """

    def __init__(self, equity: float, balance: float) -> None:
        self.total = Peak(equity)
        self.balance = Peak(balance)
        self.today = Peak(equity)
        self._day: date | None = None
        self._start = equity
        self._flows: list[float] = []

    @property
    def equity(self) -> float:
        """With open positions at market, cash flows included."""
        return self.total.amount

    @property
    def daily_pnl(self) -> float:
        """Equity - equity at 00:00 UTC - today's flows."""
        return fsum([self.equity, -self._start, *[-amount for amount in self._flows]])

    @property
    def daily_loss(self) -> float | None:
        """Today's loss as a share of the equity at 00:00 UTC, negative for a gain; None for a day begun with none."""
        return -self.daily_pnl / self._start if self._start > 0 else None

    def observe(self, time: datetime, equity: float, balance: float) -> None:
        """Take the end of a step, before its cash flows."""
        day = time.astimezone(UTC).date()
        if day != self._day:
            self._begin(day)
        self.total.observe(equity)
        self.today.observe(equity)
        self.balance.observe(balance)

    def flow(self, amounts: Sequence[float]) -> None:
        """Take the deposits (positive) and withdrawals (negative) that end a step."""
        amount = fsum(amounts)
        if amount:
            self._flows.append(amount)
            for peak in (self.total, self.today, self.balance):
                peak.flow(amount)

    def state(self) -> dict[str, Any]:  # Any: JSON's values
        """Return what `restore` needs."""
        return {
            "total": self.total.state(),
            "today": self.today.state(),
            "balance": self.balance.state(),
            "day": None if self._day is None else self._day.isoformat(),
            "start": self._start,
            "flows": list(self._flows),
        }

    def restore(self, state: Mapping[str, Any]) -> None:  # Any: JSON's values
        """Go on exactly from where ``state`` was taken."""
        self.total.restore(state["total"])
        self.today.restore(state["today"])
        self.balance.restore(state["balance"])
        self._day = None if state["day"] is None else date.fromisoformat(state["day"])
        self._start, self._flows = state["start"], list(state["flows"])

    def _begin(self, day: date) -> None:
        self._day, self._start = day, self.equity
        self._flows.clear()
        self.today.restart()
