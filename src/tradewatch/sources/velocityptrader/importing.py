"""A foreign database brought into a ledger, once or until stopped: what is new, changed and gone."""

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from tradewatch.errors import SourceError
from tradewatch.sources.gathering import Account
from tradewatch.sources.source import Trade
from tradewatch.sources.velocityptrader.database import VelocityPTraderDatabase
from tradewatch.sources.velocityptrader.following import Following
from tradewatch.sources.velocityptrader.rows import trade_of
from tradewatch.sources.velocityptrader.tally import Tally

_PAUSE = 1.0
_SWEEP = 0.3
"""Seconds between two looks while nothing is left to bring, and of sweeping in each of them."""


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


def keep_following(following: Following, stopped: threading.Event) -> Iterator[str]:
    """Follow until stopped; yield in a sentence what goes wrong, and that it is well again.

    Raises `SourceError` when another database is in the place of the one that was followed.
    """
    trouble: str | None = None
    while not stopped.is_set():
        found = _look_and_sweep(following)
        if found != trouble:
            yield f"{found}; trying again" if found else "reading it is well again"
        trouble = found
        stopped.wait(_PAUSE if following.is_caught_up or found else 0.0)


def _look_and_sweep(following: Following) -> str | None:
    """Return what is wrong, with the database or the ledger; both may be well later."""
    try:
        following.look()
        following.sweep(_SWEEP)
    except SourceError as error:
        return str(error)
    if following.replaced:
        _raise(following.problem)
    return following.problem


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
