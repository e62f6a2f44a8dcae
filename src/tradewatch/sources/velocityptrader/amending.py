"""What a ledger holds of a trade, and what must be told so that it holds what a source says now."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from tradewatch.facts import Entry, TradeClosed, TradeCorrected, TradeOpened, TradeVoided
from tradewatch.ledger import Row, SqliteReader, entry_of
from tradewatch.sources.source import Trade

ROW_ID = re.compile(r"row-(-?\d+)(?::(\d+))?")
"""The trade id of a row, and its generation: a trade that was voided comes back under the next one."""

_AFTER_SLASH, _AFTER_COLON = "0", ";"
"""The characters that follow a slash and a colon: where the ids that begin with one of them end."""


class Standing(NamedTuple):
    """What a ledger holds of the trade of a row, as amended. Facts are under the id of the first generation.

    ``generation``: the newest one, 0 when nothing was told. ``openings``: the times of all openings ever told.
    """

    row_id: int
    generation: int = 0
    is_voided: bool = False
    opening: Entry | None = None
    closing: Entry | None = None
    revision: int = 0
    openings: frozenset[datetime] = frozenset()

    @property
    def stands(self) -> bool:
        """Whether there is a trade that was not voided."""
        return self.generation > 0 and not self.is_voided

    @property
    def current_id(self) -> str:
        """The trade id of the newest generation."""
        return _trade_id(self.row_id, self.generation)

    @property
    def next_id(self) -> str:
        """The trade id under which a trade is told that does not stand."""
        return _trade_id(self.row_id, self.generation + 1)


def standing_of(reader: SqliteReader, system: str, row_id: int) -> Standing:
    """Return what a system's ledger holds of the trade of a row."""
    first = _trade_id(row_id, 1)
    rows = reader.with_ids(system, f"{first}/", f"{first}{_AFTER_SLASH}")
    if any(row.kind == "trade_voided" for row in rows):
        rows = [*rows, *reader.with_ids(system, f"{first}:", f"{first}{_AFTER_COLON}")]
    return _folded(row_id, rows)


def amended(standing: Standing, wanted: Trade | None) -> list[Entry]:
    """Return the facts that bring a ledger from what stands to what is wanted; None: there is no such trade.

    A closing that says something else is corrected. What a correction cannot say (another closing time, a closed trade
    that is open again, another opening of an open one) voids the trade, and tells it anew under the next id.
    """
    if wanted is None:
        return [_voiding(standing)] if standing.stands else []
    if not standing.stands:
        return _told(wanted, standing.next_id)
    if standing.closing is None:
        return _continued(standing, wanted)
    if wanted.closing is None or wanted.closing.time != standing.closing.time:
        return [_voiding(standing), *_told(wanted, standing.next_id)]
    return [] if wanted.closing == standing.closing else [_correction(standing, wanted.closing)]


def _continued(standing: Standing, wanted: Trade) -> list[Entry]:
    """Go on with a trade that is open in the ledger."""
    opening, closing = standing.opening, wanted.closing
    if closing is None and opening == wanted.opening:
        return []
    if closing is not None and opening is not None and opening.time <= closing.time:
        return _told(Trade(None, closing), standing.current_id)
    return [_voiding(standing), *_told(wanted, standing.next_id)]


def _told(trade: Trade, trade_id: str) -> list[Entry]:
    facts = ((entry.time, replace(entry.fact, trade_id=trade_id)) for entry in trade.entries)
    return [Entry(time, str(fact.identity), fact) for time, fact in facts]


def _voiding(standing: Standing) -> Entry:
    fact = TradeVoided(trade_id=standing.current_id, reason="its row is gone or tells another trade")
    return Entry(_time_of(standing), fact.identity, fact)


def _correction(standing: Standing, closing: Entry) -> Entry:
    (told,) = _told(Trade(None, closing), standing.current_id)
    if not isinstance(told.fact, TradeClosed):
        message = f"a correction replaces a closing, not a {type(told.fact).__name__}"
        raise TypeError(message)
    fact = TradeCorrected(
        trade_id=standing.current_id,
        revision=standing.revision + 1,
        replacement=told.fact,
        reason="its row was changed",
    )
    return Entry(closing.time, fact.identity, fact)


def _time_of(standing: Standing) -> datetime:
    """Return the time of the trade itself, so that amending an old trade is no news of today."""
    entry = standing.closing or standing.opening
    if entry is None:
        message = f"trade {standing.current_id} was told without an opening and a closing"
        raise ValueError(message)
    return entry.time


def _trade_id(row_id: int, generation: int) -> str:
    return f"row-{row_id}" if generation <= 1 else f"row-{row_id}:{generation}"


def _folded(row_id: int, rows: Sequence[Row]) -> Standing:
    """Fold the facts of all generations; one may begin, in the ledger's order, before the one before it is voided."""
    standing = Standing(row_id)
    for entry in map(entry_of, rows):
        standing = _with(standing, entry)
    return standing


def _with(standing: Standing, entry: Entry) -> Standing:
    match entry.fact:
        case TradeOpened() as fact:
            begun = _begun(standing, fact.trade_id)
            return begun._replace(opening=_normal(entry), openings=begun.openings | {entry.time})
        case TradeClosed() as fact:
            return _begun(standing, fact.trade_id)._replace(closing=_normal(entry))
        case TradeCorrected() as fact if standing.closing is not None and fact.trade_id == standing.current_id:
            replacement = Entry(standing.closing.time, standing.closing.id, fact.replacement)
            return standing._replace(closing=_normal(replacement), revision=fact.revision)
        case TradeVoided() as fact if fact.trade_id == standing.current_id:
            return standing._replace(is_voided=True)
    return standing


def _begun(standing: Standing, trade_id: str) -> Standing:
    found = ROW_ID.fullmatch(trade_id)
    generation = int((found and found[2]) or 1)
    if generation == standing.generation:
        return standing
    return Standing(standing.row_id, generation, openings=standing.openings)


def _normal(entry: Entry) -> Entry:
    """Return an opening or closing as it is under the first generation's id, to be compared."""
    found = ROW_ID.fullmatch(getattr(entry.fact, "trade_id", ""))
    if found is None or found[2] is None:
        return entry
    fact = replace(entry.fact, trade_id=f"row-{found[1]}")
    return Entry(entry.time, str(fact.identity), fact)


def row_ids(entries: Iterable[Row]) -> Iterator[int]:
    """Yield the ids of the rows whose trades were told, from a ledger's rows."""
    for row in entries:
        found = ROW_ID.fullmatch(row.id.partition("/")[0])
        if found and row.kind in {"trade_opened", "trade_closed"}:
            yield int(found[1])
