"""Whether a database is still the one that a ledger was told of: a copy of it is, another one in its place is not."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from tradewatch.facts import TradeClosed, TradeTerms
from tradewatch.ledger import SqliteReader
from tradewatch.sources.velocityptrader.amending import Standing, row_ids, standing_of
from tradewatch.sources.velocityptrader.database import TradeRow, VelocityPTraderDatabase
from tradewatch.sources.velocityptrader.rows import asset_of, moment

_SAMPLED = 100
_LOOKED_AT = 8
_ENOUGH = 10
"""Rows that must all differ before a file that was never exchanged counts as another database."""


class Known(NamedTuple):
    """A row as a ledger was told of it: one of ``times`` is the row's own."""

    row_id: int
    times: tuple[datetime | None, ...]
    asset: str

    def is_told_by(self, row: TradeRow) -> bool:
        """Whether a row is the one that was told."""
        return row.id == self.row_id and asset_of(row) == self.asset and moment(row.timestamp) in self.times


def sample(reader: SqliteReader, system: str) -> Sequence[Known]:
    """Return up to 100 rows that were told and not voided, spread over the whole ledger."""
    last = reader.last_sequence()
    starts = sorted({last * part // _SAMPLED for part in range(_SAMPLED)})
    ids = {row_id for start in starts for row_id in islice(row_ids(reader.tail(system, start, _LOOKED_AT)), 1)}
    return [_known(standing) for row_id in sorted(ids) if (standing := standing_of(reader, system, row_id)).stands]


def is_another(database: VelocityPTraderDatabase, known: Sequence[Known], *, is_exchanged: bool) -> bool:
    """Whether none of the sampled rows is there as it was told; ``is_exchanged``: the file is not the same one.

    In a file that was not exchanged, rows that are gone say nothing: they may have been deleted.
    """
    rows = {row.id: row for row in database.trades_with([each.row_id for each in known])}
    if not known or any(each.row_id in rows and each.is_told_by(rows[each.row_id]) for each in known):
        return False
    return is_exchanged or (bool(rows) and len(known) >= _ENOUGH)


def _known(standing: Standing) -> Known:
    entries = [entry for entry in (standing.opening, standing.closing) if entry is not None]
    closed = [entry.fact.opened_at for entry in entries if isinstance(entry.fact, TradeClosed)]
    (asset,) = {entry.fact.asset for entry in entries[-1:] if isinstance(entry.fact, TradeTerms)}
    return Known(standing.row_id, (*(entry.time for entry in entries), *closed), asset)
