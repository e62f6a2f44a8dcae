"""Entries that are to be appended into rows: many at a time where all are sound, else one by one."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from tradewatch.facts import KIND_OF, Canonical, Entry, Objection, canonical, canonical_bodies
from tradewatch.ledger.moments import LATEST, to_microseconds

FactRow = tuple[str, int, str, str, str]
"""System, time, kind, id and body of a fact that is to be appended."""

AT_A_TIME = 500
"""Entries that are looked at together; one that is refused makes only so many slow."""


def rows_to_append(entries: Iterable[Entry], system: str, refused: list[Objection]) -> Iterator[list[FactRow]]:
    """Yield the rows of the valid entries, `AT_A_TIME` or fewer at once, in the given order; note the refused ones."""
    left = iter(entries)
    while batch := list(islice(left, AT_A_TIME)):
        rows = _all_rows(batch, system)
        yield _sound_rows(batch, system, refused) if rows is None else rows


def _all_rows(entries: Sequence[Entry], system: str) -> list[FactRow] | None:
    """Return the rows of entries that are all sound; None when one may not be."""
    times = _microseconds(entries)
    bodies = None if times is None else canonical_bodies(entries)
    if times is None or bodies is None:
        return None
    told = zip(entries, bodies, strict=True)
    return [(system, times[id(time)], KIND_OF[type(fact)], fact_id, body) for (time, fact_id, fact), body in told]


def _microseconds(entries: Sequence[Entry]) -> dict[int, int] | None:
    """Return the times by their objects' identities, for facts of one moment share it; None when one is none."""
    moments = {id(entry.time): entry.time for entry in entries}
    try:
        times = {each: to_microseconds(moment) for each, moment in moments.items()}
    except (TypeError, AttributeError, OverflowError):  # a time without a zone, or no time at all
        return None
    are_plain = all(type(moment) is datetime for moment in moments.values())
    return times if are_plain and min(times.values()) >= 0 and max(times.values()) < LATEST else None


def _sound_rows(entries: Iterable[Entry], system: str, refused: list[Objection]) -> list[FactRow]:
    rows = []
    for entry in entries:
        checked = canonical(entry)
        if isinstance(checked, Canonical):
            rows.append(_row(checked, system))
        else:
            refused.append(checked)
    return rows


def _row(checked: Canonical, system: str) -> FactRow:
    entry, body = checked
    return system, to_microseconds(entry.time), KIND_OF[type(entry.fact)], entry.id, body.decode()
