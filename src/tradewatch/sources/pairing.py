"""Which row closes the trade of which other one, found in one walk through a table in the order of its ids."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tradewatch.sources.seen_rows import digest_of
from tradewatch.sources.velocityptrader import is_closing, is_open
from tradewatch.sources.velocityptrader_database import TradeRow, Value

_MOST_WAITING = 50_000
"""Open rows that wait for their closing; the oldest is forgotten first, so that a broken bot fills no memory."""


class Walked(NamedTuple):
    """A row, and the one before it whose trade it closes."""

    row: TradeRow
    opened_by: TradeRow | None

    @property
    def digest(self) -> int:
        """What differs when either of them was changed."""
        return digest_of((self.row, self.opened_by))


class Walk:
    """Takes rows in the order of their ids. ``has_pairs``: whether two rows may have one ``trade_id`` at all."""

    def __init__(self, *, has_pairs: bool) -> None:
        self.has_pairs = has_pairs
        self._waiting: dict[Value, TradeRow] = {}

    @property
    def waiting(self) -> Iterable[TradeRow]:
        """The open rows that no row closed so far."""
        return self._waiting.values()

    def take(self, rows: Iterable[TradeRow]) -> Iterator[Walked]:
        """Yield each row with the one whose trade it closes."""
        for row in rows:
            yield Walked(row, self._opened_by(row))

    def _opened_by(self, row: TradeRow) -> TradeRow | None:
        if not self.has_pairs or row.trade_id in {None, ""}:
            return None
        if is_closing(row):
            return self._waiting.pop(row.trade_id, None)
        if is_open(row):
            self._waiting[row.trade_id] = row
            if len(self._waiting) > _MOST_WAITING:
                del self._waiting[next(iter(self._waiting))]
        return None
