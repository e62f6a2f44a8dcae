"""Whether a ledger is whole and its numbers agree with themselves."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from itertools import islice
from math import fsum
from pathlib import Path
from typing import NamedTuple

import msgspec

from tradewatch.book import Book, Follower, Moment, ProfitSource, moment_of, read, value
from tradewatch.catalog import concepts
from tradewatch.errors import DamageError, SourceError
from tradewatch.facts import KIND_OF, Objection, canonical
from tradewatch.ledger import Row, SqliteReader, entry_of
from tradewatch.report.notes import notes
from tradewatch.report.report import KEPT

_EXAMPLES = 10
_ROUNDING = 1e-9


class Verification(NamedTuple):
    """What was looked at and what is wrong with it; ``notes`` are worth knowing and no fault of the ledger."""

    system: str | None
    facts: int
    newest: datetime | None
    findings: list[str]
    notes: list[str]


def verify(path: Path, system: str | None) -> Verification:
    """Look at the file, at every fact and at the sums; raises `SourceError` or `ConfigurationError` when it cannot."""
    try:
        with closing(SqliteReader(path)) as reader:
            findings = list(_damage(reader))
            return Verification(system, 0, None, findings, []) if findings else _verify_whole(reader, path, system)
    except DamageError as error:
        return Verification(system, 0, None, [str(error)], [])


def _damage(reader: SqliteReader) -> Iterator[str]:
    problems = reader.damage()
    for problem in problems[:_EXAMPLES]:
        yield f"the file is damaged: {problem}"
    if len(problems) > _EXAMPLES:
        yield f"and {len(problems) - _EXAMPLES} more problems of the file"


def _verify_whole(reader: SqliteReader, path: Path, system: str | None) -> Verification:
    with closing(Follower(path, system, lambda amendments: Book(KEPT, amendments, compares_parts=True))) as follower:
        follower.catch_up()
        return _verify_facts(reader, follower)


def _verify_facts(reader: SqliteReader, follower: Follower) -> Verification:
    book, system = follower.book, follower.system
    findings = ["there are facts whose system is no text: nobody can ask for them"] * reader.has_facts_of_nobody()
    if system is None:
        return Verification(system, 0, None, findings, ["the ledger holds no facts"])
    if system not in reader.systems():
        message = f"the ledger holds no facts of {system}: choose another one with --system"
        raise SourceError(message)
    bad_rows = list(_bad_rows(reader.all_rows(system)))
    findings += bad_rows
    if book.time is None:
        return Verification(system, 0, None, findings, ["the ledger holds no known facts"])
    moment = moment_of(book, book.time)
    if not bad_rows:  # SQL cannot read what is no JSON
        findings += _trades(reader, system, moment)
    findings += _sums(moment)
    return Verification(system, book.intake.folded.total(), book.time, findings, notes(moment, ProfitSource.REPORTED))


def _bad_rows(rows: Iterable[Row]) -> Iterator[str]:
    bad = ((row, problem) for row in rows if (problem := _problem(row)))
    for row, problem in islice(bad, _EXAMPLES):
        yield f"fact {row.sequence} ({row.kind} {row.id}): {problem}"
    if rest := sum(1 for _ in bad):
        yield f"and {rest} more facts"


def _problem(row: Row) -> str | None:
    try:
        entry = entry_of(row)
    except (msgspec.DecodeError, OverflowError, TypeError) as error:
        return f"is no known fact: {error}"
    if KIND_OF[type(entry.fact)] != row.kind:
        return f"is a {KIND_OF[type(entry.fact)]}"
    if entry.fact.identity not in {None, row.id}:
        return f"should have the id {entry.fact.identity}"
    checked = canonical(entry)
    return f"{checked.reason}: {checked.detail}" if isinstance(checked, Objection) else None


def _sums(moment: Moment) -> Iterator[str]:
    for reading in read(moment, concepts.RECONCILIATION_ERROR, ("check",)):
        if reading.value:
            yield f"{reading.labels[0].replace('_', ' ')} is off by {reading.value:.12g}"
    for (kind, reason), count in moment.book.intake.refused.items():
        if reason in _CONTRADICTIONS:
            yield f"{count} facts {kind} contradict their run ({reason.replace('_', ' ')}) and count for nothing"


_CONTRADICTIONS = {"unknown_asset", "other_currency"}


def _trades(reader: SqliteReader, system: str, moment: Moment) -> Iterator[str]:
    """Compare what was folded with what SQL says of the same facts."""
    told = list(reader.profits(system))
    refused = sum(moment.book.intake.refused["trade_closed", reason] for reason in _CONTRADICTIONS)
    closed = int(value(moment, concepts.CLOSED_TRADES) or 0)
    if len(told) != closed + refused:
        yield f"SQL sees {len(told)} closed trades, the fold {closed}"
    net_profit = value(moment, concepts.NET_PROFIT) or 0.0
    if not refused and abs(fsum(told) - net_profit) > _ROUNDING * fsum(map(abs, told)):
        yield f"SQL sees a net profit of {fsum(told):.12g}, the fold {net_profit:.12g}"
