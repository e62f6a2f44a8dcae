"""A running peak that cash flows move: what a drawdown is measured from."""

from collections.abc import Mapping
from typing import Any

_ROUNDING = 1e-12
"""What is left of an account, as a share of what was withdrawn, is rounding; so is such a share of its peak."""


class Peak:
    """The highest amount so far, account currency; a deposit is no profit and a withdrawal no fall.

    A flow C at an amount E multiplies the peak by (E + C) / E. An amount that a flow empties has no peak; the next
    deposit begins another. The same rules as `tradewatch.stats.Drawdown`, with a state that is plain values.

    >>> peak = Peak(100.0)
    >>> peak.observe(90.0)
    >>> peak.flow(90.0)
    >>> peak.amount, peak.value, round(peak.fall, 12)
    (180.0, 200.0, 0.1)
    """

    def __init__(self, amount: float) -> None:
        self.amount = amount
        self.value: float | None = amount if amount > 0 else None
        self._dust = 0.0

    @property
    def fall(self) -> float | None:
        """1 - amount / peak, 0 where that is rounding; None while there is no peak. 1 or more is ruin."""
        if self.value is None:
            return None
        fall = 1 - self.amount / self.value
        return fall if fall > _ROUNDING else 0.0

    def observe(self, amount: float) -> None:
        """Take the amount at the end of a step, before its cash flows."""
        if abs(amount) <= self._dust:
            amount = 0.0
        self.amount = amount
        if amount > 0:
            self.value = max(self.value or amount, amount)

    def flow(self, amount: float) -> None:
        """Take a deposit (positive) or a withdrawal (negative)."""
        before, after = self.amount, self.amount + amount
        is_empty = abs(after) <= _ROUNDING * abs(amount)
        self._dust = _ROUNDING * abs(amount) if is_empty and amount else 0.0
        self.amount = 0.0 if is_empty else after
        if is_empty or after <= 0:
            self.value = None
        elif self.value is None or before <= 0 or self.value == before:
            self.value = after
        else:
            self.value *= after / before

    def restart(self) -> None:
        """Let the peak be the amount of now."""
        self.value = self.amount if self.amount > 0 else None

    def state(self) -> dict[str, Any]:  # Any: JSON's values
        """Return what `restore` needs."""
        return {"amount": self.amount, "value": self.value, "dust": self._dust}

    def restore(self, state: Mapping[str, Any]) -> None:  # Any: JSON's values
        """Go on exactly from where ``state`` was taken."""
        self.amount, self.value, self._dust = state["amount"], state["value"], state["dust"]
