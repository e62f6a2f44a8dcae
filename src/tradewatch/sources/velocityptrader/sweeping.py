"""One round through all rows that were seen: which of them were changed, which are gone."""

from collections.abc import Sequence
from typing import NamedTuple

from tradewatch.sources.velocityptrader.database import VelocityPTraderDatabase
from tradewatch.sources.velocityptrader.pairing import Walk, Walked
from tradewatch.sources.velocityptrader.seen_rows import SeenRows

_PIECE = 2_000


class Differences(NamedTuple):
    """What a piece of a round found: rows that are not as they were seen, and ids of those that are gone."""

    changed: Sequence[Walked]
    gone: Sequence[int]


class Round:
    """A round through a table, a piece at a time. ``version``: the database's, when it began."""

    def __init__(self, database: VelocityPTraderDatabase, seen: SeenRows) -> None:
        self.version = database.version()
        self.walk = Walk(has_pairs=database.has_pairs)
        self._seen = seen
        self._cursor: int | None = None
        self._last_piece = seen.last is None

    @property
    def is_complete(self) -> bool:
        """Whether every row that was seen has been compared, those that came meanwhile too."""
        return self._last_piece

    def step(self, database: VelocityPTraderDatabase) -> Differences:
        """Compare the next piece with what was seen; nothing has changed in this object if reading fails."""
        last = self._seen.last or 0
        rows = database.trades(self._cursor, last, _PIECE)
        is_last = len(rows) < _PIECE
        end = last if is_last else rows[-1].id
        known = self._seen.between(self._cursor, end)
        walked = list(self.walk.take(rows))
        present = {row.id for row in rows}
        self._cursor, self._last_piece = end, is_last
        return Differences(
            changed=[each for each in walked if known.get(each.row.id) != each.digest],
            gone=[row_id for row_id in known if row_id not in present],
        )
