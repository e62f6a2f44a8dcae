"""What an import did, in lines for people."""

from collections.abc import Iterator, Sequence

from tradewatch.sources.gathering import Account, BadRows
from tradewatch.sources.importing import Told
from tradewatch.sources.source import WHOLE_ROW, BadRow, Reason
from tradewatch.sources.velocityptrader.tally import Tally

SHOWN = 5
"""Bad rows, ids and columns that are named one by one; of more only the number is said."""


def outcome(told: Told | Tally, place: str, system: str, currency: str | None) -> Iterator[str]:
    """Yield what became of the trades; ``place``: the ledger."""
    where = f"{place} (system {system}{f', {currency}' if currency else ''})"
    if told.new:
        still_open = f", {told.still_open} of them still open" if told.still_open else ""
        yield f"{_trades(told.new)} imported into {where}{still_open}"
        if told.repeated:
            yield f"{_trades(told.repeated)} {_were(told.repeated)} there already"
    elif told.repeated:
        yield f"nothing new: {_trades(told.repeated)} {_were(told.repeated)} already in {where}"
    else:
        yield f"nothing new for {where}"


def followed(tally: Tally) -> Iterator[str]:
    """Yield what was told while a database was followed."""
    yield f"{_trades(tally.new)} imported"
    yield from amendments(tally)


def amendments(tally: Tally) -> Iterator[str]:
    """Yield what else became of the rows of a database that is followed."""
    if tally.corrected:
        yield f"{_trades(tally.corrected)} corrected, as changed rows tell"
    if tally.voided:
        yield f"{_trades(tally.voided)} taken back: rows that are gone, or tell another trade"
    if tally.errors:
        yield f"{_number(tally.errors, 'error')} imported"


def conflicts(told: Told) -> Iterator[str]:
    """Yield which trades the ledger did not take as the file tells them."""
    if told.conflicting:
        names = _named(tuple(told.conflicting))
        yield f"{_trades(len(told.conflicting))} told before with another content; the first telling stands: {names}"
    for reason, count in sorted(told.refused.items()):
        yield f"{_number(count, 'fact')} refused by the ledger: {reason}"


def bad_rows(rows: BadRows) -> Iterator[str]:
    """Yield how many rows were not imported, why, what to do about it, and the first of them."""
    if not rows.by_reason:
        return
    yield f"{_number(rows.by_reason.total(), 'row')} not imported:"
    yield from _reasons(rows)
    shown = rows.examples[:SHOWN]
    yield from (f"  {_bad_row(row)}" for row in shown)
    if rows.by_reason.total() > len(shown):
        yield f"  and {rows.by_reason.total() - len(shown)} more"


def notes(ignored: Sequence[str], account: Account, standing_equity: float | None) -> Iterator[str]:
    """Yield what a person may not expect; ``standing_equity``: what the ledger counts from."""
    if ignored:
        yield f"columns that mean nothing here: {_named(ignored)}"
    if standing_equity is None:
        yield "the account's starting equity is unknown: give --starting-equity, for drawdown and returns"
    elif account.starting_equity not in {None, standing_equity}:
        yield f"the ledger keeps the starting equity it was told first: {standing_equity:.12g}"


def _reasons(rows: BadRows) -> Iterator[str]:
    words: list[tuple[str, Reason]] = [(str(count), reason) for reason, count in rows.by_reason.most_common()]
    digits, letters = (max(len(word[column]) for word in words) for column in (0, 1))
    for count, reason in words:
        yield f"  {count:>{digits}}  {reason:<{letters}}  {reason.mend}"


def _bad_row(row: BadRow) -> str:
    place = f"{row.file}, row {row.row}"
    if row.column == WHOLE_ROW:
        return f"{place}: {row.found}"
    return f"{place}, {row.column}: {f'found {row.found!r}' if row.found else 'found nothing'}"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _trades(count: int) -> str:
    return _number(count, "trade")


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
