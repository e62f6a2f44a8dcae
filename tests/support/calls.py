"""`tradewatch run velocitytrader` called in this process."""

from collections.abc import Callable
from pathlib import Path

SHORT = ("--symbols", "EURUSD+", "--start", "2026-01-01", "--fast", "--days", "0.003")
"""What makes a run of some minutes."""

Call = Callable[..., tuple[object, str, str]]
"""Called with arguments, and a ledger if it is not the usual one: returns exit status, output and errors."""


def refusal(call: Call, *arguments: str, **ledger: str | Path) -> str:
    """Return the one sentence with which a call is refused."""
    status, output, errors = call(*arguments, **ledger)
    assert (status, output) == (2, "")
    assert errors.startswith("tradewatch: ")
    assert errors.count("\n") == 1
    return errors
