"""Ids of trades: the file's own, or numbers that stay the same when the file grows or is sorted another way."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from tradewatch.sources.source import BadRow, Reason, Trade
from tradewatch.sources.telling import Fault, Told

_NEVER = datetime.max.replace(tzinfo=UTC)


def numbered(
    rows: Callable[[], Iterable[Told | BadRow]], file: str, theirs: Mapping[str, str]
) -> Iterator[Trade | BadRow]:
    """Yield the trades of a file under their final ids; ``rows`` is called twice, so that few need to be held.

    Trades that are numbered by the same thing are numbered by their closing, the open ones last; the first has no
    number. Ids that the file gives are kept: a closed telling replaces an open one of the same id, a repeated telling
    is the same trade, and one with another content is a bad row.
    """
    several = _several(rows())
    held: defaultdict[tuple[bool, str], list[Told]] = defaultdict(list)
    for told in rows():
        if isinstance(told, BadRow):
            yield told
        elif hash(told.trade_id) in several:
            held[told.has_own_id, told.trade_id].append(told)
        else:
            yield told.as_trade(told.trade_id)
    for (has_own_id, _), group in held.items():
        yield from _with_one_id(group, file, theirs) if has_own_id else _by_closing(group)


def _several(rows: Iterable[Told | BadRow]) -> set[int]:
    """Return the hashes of ids that occur several times; a collision only holds a trade back."""
    seen: set[int] = set()
    several: set[int] = set()
    for told in rows:
        if isinstance(told, Told):
            known = hash(told.trade_id)
            (several if known in seen else seen).add(known)
    return several


def _by_closing(group: Sequence[Told]) -> Iterator[Trade]:
    in_order = sorted(group, key=lambda told: (told.closed_at or _NEVER, msgspec.json.encode(told.fact)))
    for number, told in enumerate(in_order, start=1):
        yield told.as_trade(told.trade_id if number == 1 else f"{told.trade_id}:{number}")


def _with_one_id(group: Sequence[Told], file: str, theirs: Mapping[str, str]) -> Iterator[Trade | BadRow]:
    first, *others = [told for told in group if told.closed_at] or group
    yield first.as_trade(first.trade_id)
    for told in others:
        if told[1:] == first[1:]:
            yield told.as_trade(told.trade_id)
        else:
            yield Fault("trade_id", told.trade_id, Reason.TRADE_ID_USED_TWICE).at(file, told.row, theirs)
