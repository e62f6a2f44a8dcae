"""From the values of one row to a trade: what must be there, in which bounds, in which order."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from tradewatch.facts import Entry, TradeClosed, TradeOpened, TradeTerms
from tradewatch.sources.source import WHOLE_ROW, BadRow, Reason, Trade

Record = dict[str, Any]
"""Our names to the values of one row, typed; only those that are there. Any: each name has a type of its own."""

_NEEDED = ("asset", "direction", "quantity", "entry_price")
_NEEDED_OPEN = (*_NEEDED, "opened_at")
_NEEDED_CLOSED = (*_NEEDED, "exit_price", "closed_at")

_LONGEST_FOUND = 60
_FIELD = re.compile(r"\$\.(\w+)")


class Fault(NamedTuple):
    """What is wrong with a row."""

    column: str
    found: object
    reason: Reason

    def at(self, file: str, row: int, theirs: Mapping[str, str]) -> BadRow:
        """Return the bad row; ``theirs``: our names to those of the file."""
        return BadRow(file, row, theirs.get(self.column, self.column), _shown(self.found), self.reason)


class Field(NamedTuple):
    """A column: our name, the file's, and how a cell becomes a value or the reason why it does not."""

    name: str
    theirs: str
    parse: Callable[[Any], object]  # Any: text in one kind of file, a JSON value in another


class Told(NamedTuple):
    """A trade as a row tells it. ``trade_id``: the file's own, or what the trade is numbered by."""

    row: int
    trade_id: str
    has_own_id: bool
    opened_at: datetime | None
    closed_at: datetime | None
    fact: TradeClosed | TradeOpened

    def as_trade(self, trade_id: str) -> Trade:
        """Return the trade's facts under its final id."""
        fact = replace(self.fact, trade_id=trade_id)
        if isinstance(fact, TradeOpened):
            return Trade(_entry(self.opened_at, fact), None)
        return Trade(_entry(self.opened_at, _opening_of(fact)), _entry(self.closed_at, fact))


def values_of(fields: Iterable[Field], cell: Callable[[Field], object]) -> Record | Fault:
    """Return the values of a row, without its empty cells (None), or the first thing that is wrong."""
    record: Record = {}
    for field in fields:
        found = cell(field)
        if found is None:
            continue
        value = field.parse(found)
        if isinstance(value, Reason):
            return Fault(field.name, found, value)
        if value is not None:
            record[field.name] = value
    return record


def tell(row: int, record: Record, basis: Callable[[Record], str]) -> Told | Fault:
    """Return the trade of a row; ``basis``: what it is numbered by when it has no ``trade_id``.

    Without ``exit_price`` and ``closed_at`` it is an open trade, if it has ``opened_at``.
    """
    is_open = "opened_at" in record and not record.keys() & {"exit_price", "closed_at"}
    fault = _missing(record, _NEEDED_OPEN if is_open else _NEEDED_CLOSED) or _out_of_order(record)
    if fault:
        return fault
    trade_id = record.get("trade_id") or basis(record)
    fact = _fact(record | {"trade_id": trade_id}, TradeOpened if is_open else TradeClosed)
    if isinstance(fact, Fault):
        return fact
    return Told(row, trade_id, "trade_id" in record, record.get("opened_at"), record.get("closed_at"), fact)


def _missing(record: Record, needed: Iterable[str]) -> Fault | None:
    absent = (name for name in needed if name not in record)
    return next((Fault(name, "", Reason.MISSING) for name in absent), None)


def _out_of_order(record: Record) -> Fault | None:
    opened, closed = record.get("opened_at"), record.get("closed_at")
    if opened is None or closed is None or opened <= closed:
        return None
    return Fault("closed_at", f"{closed.isoformat()}, opened {opened.isoformat()}", Reason.CLOSED_BEFORE_OPENED)


def _fact(record: Record, kind: type[TradeClosed | TradeOpened]) -> TradeClosed | TradeOpened | Fault:
    # At its opening only fees so far would be known; the fees of a file are those of the whole trade.
    told = {name: value for name, value in record.items() if kind is TradeClosed or name != "fees"}
    try:
        return msgspec.convert(told, kind)
    except msgspec.ValidationError as error:
        found = _FIELD.search(str(error))
        column = found[1] if found else WHOLE_ROW
        return Fault(column, record.get(column, str(error)), Reason.OUT_OF_BOUNDS)


def _opening_of(closing: TradeClosed) -> TradeOpened:
    return TradeOpened(**{name: getattr(closing, name) for name in TradeTerms.__struct_fields__})


def _entry(time: datetime | None, fact: TradeClosed | TradeOpened) -> Entry | None:
    return None if time is None else Entry(time, fact.identity, fact)


def _shown(found: object) -> str:
    text = found if isinstance(found, str) else repr(found)
    return text if len(text) <= _LONGEST_FOUND else f"{text[:_LONGEST_FOUND]}…"
