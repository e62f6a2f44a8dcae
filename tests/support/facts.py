"""Short ways to say a fact, for tests that are lists of facts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tradewatch.facts import Direction, Entry, Fact, Mode, RunStarted, TradeClosed, TradeOpened

MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)


def at(seconds: float, fact: Fact, fact_id: str | None = None) -> Entry:
    """Return the entry of a fact so many seconds after midnight; its id follows from both unless it is given."""
    return Entry(MIDNIGHT + timedelta(seconds=seconds), fact_id or fact.identity or f"{fact!r}@{seconds}", fact)


def started(equity: float | None = 1000.0, currency: str | None = "USD", run_id: str = "run") -> RunStarted:
    return RunStarted(run_id=run_id, mode=Mode.PAPER, starting_equity=equity, currency=currency)


def opened(trade_id: str, **changes: Any) -> TradeOpened:  # Any: any field of the fact
    return TradeOpened(trade_id=trade_id, **(_TERMS | changes))


def closed(trade_id: str, pnl: float | None = None, **changes: Any) -> TradeClosed:  # Any: any field of the fact
    """Return a closing of one unit bought at 100, with this reported P&L; without one, sold at 100 too."""
    return TradeClosed(trade_id=trade_id, **(_TERMS | {"exit_price": 100.0, "pnl": pnl} | changes))


_TERMS: dict[str, Any] = {  # Any: see above
    "asset": "BTC",
    "direction": Direction.BUY,
    "quantity": 1.0,
    "entry_price": 100.0,
    "strategy": "trend",
}
