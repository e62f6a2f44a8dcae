"""Guardians in tests: steps, trades that ended, and what was done, in short."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from tradewatch.facts import Direction, Entry, RiskActed, TradeClosed
from tradewatch.systems.hydra.guardian.guardian import Guardian, Step
from tradewatch.systems.hydra.guardian.limits import GuardianLimits
from tradewatch.systems.hydra.guardian.order_check import Request

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 1, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)

START = 10_000.0
ROOMY = GuardianLimits(daily_loss=0.9, daily_drawdown=0.9, drawdown=0.9)
"""Limits of losses that are far away, to look at the others."""


def acted(entries: Iterable[Entry]) -> list[str]:
    """Return what was done, without warnings: action, reason, and the scope where it is not the account."""
    facts = [entry.fact for entry in entries if isinstance(entry.fact, RiskActed)]
    told = [(fact.action.value, fact.reason, fact.scope) for fact in facts]
    return [
        f"{action} {reason}" + (f" {scope}" if scope != "account" else "")
        for action, reason, scope in told
        if not action.startswith("warn")
    ]


def step(time: datetime, equity: float = START, **fields: Any) -> Step:
    return Step(time=time, equity=equity, balance=fields.pop("balance", equity), **fields)


def watched(*equities: float, limits: GuardianLimits | None = None) -> tuple[Guardian, list[Entry]]:
    """Return a guardian that saw these equities, a minute apart from noon on, and what the last one made it do."""
    guardian = Guardian(equities[0], limits)
    entries: list[Entry] = []
    for minute, equity in enumerate(equities):
        entries = guardian.take(step(NOON + minute * MINUTE, equity))
    return guardian, entries


def ended(*results: float) -> list[TradeClosed]:
    """Return trades that ended with these results."""
    return [TradeClosed(trade_id=str(number), asset="BTC-USD", pnl=pnl) for number, pnl in enumerate(results)]


def request(asset: str = "BTC-USD", **changes: Any) -> Request:
    """Return a request for one unit that loses 10 at its stop."""
    return Request("order-1", NOON, asset, Direction.BUY, 1.0, 10.0)._replace(**changes)


def again(guardian: Guardian) -> Guardian:
    """Return a guardian that goes on where another one is."""
    other = Guardian(1.0, guardian.limits)
    other.restore(guardian.state())
    return other
