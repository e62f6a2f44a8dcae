"""The one place that brings what a file holds into a ledger."""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

import msgspec

from tradewatch.facts import Entry, Objection, RunStarted, TradeFact, TradeOpened, canonical
from tradewatch.facts.validity import decode
from tradewatch.ledger import Appender, Reader, Row

BATCH = 5_000
"""Facts in one transaction; an import that is stopped between two of them is completed by repeating it."""


@dataclass(slots=True, kw_only=True)
class Told:
    """What became of the trades of a file. ``still_open``: how many of the ``new`` ones have no closing yet."""

    new: int = 0
    still_open: int = 0
    repeated: int = 0

    conflicting: dict[str, None] = field(default_factory=dict)
    """Ids of trades of which a fact was told before with another content; the first telling stands."""

    refused: Counter[str] = field(default_factory=Counter)
    """Facts that the ledger refused, by reason."""


def append(facts: Iterable[tuple[Entry, bool]], ledger: Appender, reader: Reader, system: str) -> Told:
    """Append facts in transactions of `BATCH`; the flag tells each trade's newest fact, by which it is counted.

    ``reader`` reads the same ledger. Raises `SourceError` when the ledger cannot be written.
    """
    told = Told()
    after = reader.last_sequence()
    remaining = iter(facts)
    while batch := list(islice(remaining, BATCH)):
        entries = [entry for entry, _ in batch]
        appended = ledger.append(entries, system)
        told.refused.update(objection.reason for objection in appended.refused)
        told.conflicting.update(_trades_among(entries, appended.conflicting))
        not_in_ledger = _refused(entries) if appended.refused else set()
        added, after = _added(reader, system, after)
        newest = [entry for entry, is_newest in batch if is_newest and entry.id not in not_in_ledger]
        _count(newest, added, told)
    return told


def standing_equity(reader: Reader, system: str) -> float | None:
    """Return the starting equity that a system's ledger settled on: the first one told, in event order."""
    for row in reader.in_event_order(system, reader.last_sequence()):
        if row.kind == "run_started" and (equity := _told_equity(row)) is not None:
            return equity
    return None


def _told_equity(row: Row) -> float | None:
    with suppress(msgspec.DecodeError):  # whoever wrote it, it tells nothing
        fact = decode(row.body)
        return fact.starting_equity if isinstance(fact, RunStarted) else None
    return None


def _trades_among(entries: Sequence[Entry], ids: Iterable[str]) -> dict[str, None]:
    trades = {entry.id: entry.fact.trade_id for entry in entries if isinstance(entry.fact, TradeFact)}
    return {trades[fact_id]: None for fact_id in ids if fact_id in trades}


def _refused(entries: Iterable[Entry]) -> set[str]:
    return {entry.id for entry in entries if isinstance(canonical(entry), Objection)}


def _added(reader: Reader, system: str, after: int) -> tuple[set[str], int]:
    """Return the ids that the ledger shows after a sequence number, and the last sequence number seen."""
    ids: set[str] = set()
    while rows := reader.tail(system, after, BATCH):
        ids.update(row.id for row in rows)
        after = rows[-1].sequence
    return ids, after


def _count(newest: Iterable[Entry], added: set[str], told: Told) -> None:
    for entry in newest:
        if entry.id in added:
            added.remove(entry.id)
            told.new += 1
            told.still_open += isinstance(entry.fact, TradeOpened)
        elif isinstance(entry.fact, TradeFact) and entry.fact.trade_id not in told.conflicting:
            told.repeated += 1
