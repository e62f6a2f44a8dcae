"""Which row closes the trade of which other one, found in one walk through a table in the order of its ids."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from tradewatch.sources.velocityptrader.database import TradeRow, Value
from tradewatch.sources.velocityptrader.rows import is_closing, is_open
from tradewatch.sources.velocityptrader.seen_rows import digest_of

_MOST_WAITING = 50_000
"""Ids of open trades that wait for their closing; the oldest is forgotten first, so that memory stays bounded."""


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
        self._waiting: dict[Value, list[TradeRow]] = {}

    @property
    def waiting(self) -> Iterable[TradeRow]:
        """The open rows that no row closed so far."""
        return chain.from_iterable(self._waiting.values())

    def may_be_closed_later(self, row: TradeRow) -> bool:
        """Whether another row can close the trade of this one."""
        return self.has_pairs and row.trade_id not in {None, ""} and is_open(row)

    def take(self, rows: Iterable[TradeRow]) -> Iterator[Walked]:
        """Yield each row with the one whose trade it closes."""
        for row in rows:
            yield Walked(row, self._opened_by(row))

    def _opened_by(self, row: TradeRow) -> TradeRow | None:
        if self.may_be_closed_later(row):
            self._wait(row)
        elif self.has_pairs and is_closing(row) and row.trade_id in self._waiting:
            return self._newest(row.trade_id)
        return None

    def _wait(self, row: TradeRow) -> None:
        self._waiting.setdefault(row.trade_id, []).append(row)
        if len(self._waiting) > _MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]

    def _newest(self, trade_id: Value) -> TradeRow:
        rows = self._waiting[trade_id]
        if len(rows) == 1:
            del self._waiting[trade_id]
        return rows.pop()
