"""A foreign database brought into a ledger once: what is new, changed and gone since the last time."""

import math
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from tradewatch.errors import SourceError
from tradewatch.sources.copying import Tally
from tradewatch.sources.following import Following
from tradewatch.sources.gathering import Account
from tradewatch.sources.source import Trade
from tradewatch.sources.velocityptrader import trade_of
from tradewatch.sources.velocityptrader_database import VelocityPTraderDatabase


def import_database(
    database: Path, ledger: Path, *, system: str, account: Account, clock: Callable[[], datetime]
) -> Tally:
    """Bring a ledger up to date with a database, and return what became of its rows.

    Nothing is written before all of it was read once. Raises `SourceError` on what cannot be read or holds no trade.
    """
    _require_trades(database)
    following = Following(database, ledger, system=system, account=account, clock=clock, run="import")
    with closing(following):
        while not following.is_caught_up:
            following.look()
            _raise(following.problem)
        following.sweep(math.inf)
        _raise(following.problem)
        following.end()
        return following.tally


def _require_trades(path: Path) -> None:
    has_trades = False
    after = None
    with closing(VelocityPTraderDatabase(path, busy_timeout=5.0)) as database:
        while rows := database.trades(after):
            has_trades = has_trades or any(isinstance(trade_of(row, None, ()), Trade) for row in rows)
            after = rows[-1].id
    if not has_trades:
        why = "it has no rows" if after is None else "none of its rows is one"
        message = f"no trades to import in {path}, {why}: nothing was written"
        raise SourceError(message)


def _raise(problem: str | None) -> None:
    if problem is not None:
        raise SourceError(problem)
