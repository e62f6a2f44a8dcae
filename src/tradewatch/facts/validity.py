"""What makes an entry fit for the ledger: types, bounds, finite numbers, times that agree."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from numbers import Real
from typing import Any, NamedTuple

import msgspec

from tradewatch.facts.fact import Entry, Fact
from tradewatch.facts.kinds import KIND_OF, AnyFact
from tradewatch.facts.market import BarClosed
from tradewatch.facts.trades import TradeClosed, TradeCorrected


class Objection(NamedTuple):
    """Why an entry is refused: ``reason`` is a label to count by; ``detail`` says the field and what was found."""

    kind: str
    reason: str
    detail: str


class Canonical(NamedTuple):
    """An entry whose values have exactly the declared types, in UTC, and its fact as JSON."""

    entry: Entry
    body: bytes


def canonical(entry: Entry) -> Canonical | Objection:
    """Return the entry as the ledger keeps it, or why it is refused.

    Any real number (int, Decimal, a NumPy scalar) is taken where a float is declared, and any kind of str as a str.
    """
    try:
        fact = decode(_ENCODER.encode(entry.fact))
    except RecursionError as error:
        return _refuse(entry.fact, "wrong_type", str(error))
    except _UNFIT as error:
        return _objection(entry.fact, error)
    if fact != entry.fact and (found := next(_not_finite(entry.fact), None)):
        return _refuse(entry.fact, "not_finite", found)
    return _agreeing(entry, fact)


def canonical_bodies(entries: Sequence[Entry]) -> list[str] | None:
    """Return the bodies of many entries at once, as `canonical` would make them one by one, only quicker.

    Their times must be aware. None when a fact may be refused: ask `canonical` about each.
    """
    told = [entry.fact for entry in entries]
    try:
        facts = _DECODER.decode_lines(_ENCODER.encode_lines(told))
    except _UNFIT:
        return None
    if facts != told or any(map(_is_broken, entries, facts)):
        return None
    return _ENCODER.encode_lines(facts).decode().split("\n")[:-1]  # in JSON, a line's end within a text is escaped


def _is_broken(entry: Entry, fact: Fact) -> bool:
    check = _RELATIONS.get(type(fact))
    return check is not None and check(entry.time, fact) is not None


def decode(body: bytes | str) -> Fact:
    """Return the fact that was encoded; raises `msgspec.DecodeError` on anything else."""
    fact: Fact = _DECODER.decode(body)
    return fact


def _plain(value: object) -> float | str:
    if isinstance(value, Real):
        return float(value)
    if isinstance(value, str):  # a subclass, such as NumPy's
        return str.__str__(value)
    message = f"a {type(value).__name__} cannot be part of a fact"
    raise TypeError(message)


_LONGEST_DETAIL = 200
_FIRST_YEAR, _LAST_YEAR = 1970, 2100
"""A fact from outside these years has a mistyped time; it would make millions of empty days."""

_UNFIT = (msgspec.ValidationError, msgspec.DecodeError, TypeError, ValueError, OverflowError, RecursionError)
"""What a fact that cannot be encoded, or read again, raises."""

_ENCODER = msgspec.json.Encoder(decimal_format="number", enc_hook=_plain)
_DECODER: msgspec.json.Decoder[Any] = msgspec.json.Decoder(AnyFact)  # Any: a union built at run time


def _refuse(fact: Fact, reason: str, detail: str) -> Objection:
    return Objection(KIND_OF.get(type(fact), "unknown"), reason, detail[:_LONGEST_DETAIL])


def _objection(fact: Fact, error: Exception) -> Objection:
    if found := next(_not_finite(fact), None):
        return _refuse(fact, "not_finite", found)
    bound_broken = any(sign in str(error) for sign in (">", "<", "matching", "length"))
    return _refuse(fact, "out_of_bounds" if bound_broken else "wrong_type", str(error))


def _not_finite(value: object, path: str = "") -> Iterator[str]:
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _not_finite(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _not_finite(item, f"{path}[{key}]")
    elif isinstance(value, tuple | list):
        for index, item in enumerate(value):
            yield from _not_finite(item, f"{path}[{index}]")
    elif isinstance(value, Real | Decimal) and not _is_finite(value):
        yield f"{path.removeprefix('.')} is {value}"


def _is_finite(value: Real | Decimal) -> bool:
    try:
        return math.isfinite(value)
    except (OverflowError, ValueError):  # an integer beyond any float; Decimal's signalling NaN
        return False


def _agreeing(entry: Entry, fact: Fact) -> Canonical | Objection:
    time: object = entry.time
    if not isinstance(time, datetime) or time.utcoffset() is None:
        return _refuse(fact, "time_without_zone", f"time is {time!r}")
    try:
        agreed = Entry(time.astimezone(UTC), entry.id, fact)
    except OverflowError:
        return _refuse(fact, "out_of_bounds", f"time is {time!r}, which UTC does not reach")
    if not _FIRST_YEAR <= agreed.time.year <= _LAST_YEAR:
        return _refuse(fact, "implausible_time", f"time is {agreed.time}")
    check = _RELATIONS.get(type(fact))
    broken = check(agreed.time, fact) if check else None
    return _refuse(fact, *broken) if broken else Canonical(agreed, _ENCODER.encode(fact))


class _Broken(NamedTuple):
    reason: str
    detail: str


def _closed_after_opened(time: datetime, fact: TradeClosed) -> _Broken | None:
    if fact.opened_at is not None and fact.opened_at > time:
        return _Broken("closed_before_opened", f"opened_at is {fact.opened_at}, closed {time}")
    return None


def _closing_is_sound(time: datetime, fact: TradeClosed) -> _Broken | None:
    if fact.pnl is None and fact.recomputed_pnl is None:
        return _Broken("missing_field", "neither pnl nor all of direction, quantity, entry_price and exit_price")
    return _closed_after_opened(time, fact)


def _replacement_is_sound(_: datetime, fact: TradeCorrected) -> _Broken | None:
    return _closing_is_sound(datetime.max.replace(tzinfo=UTC), fact.replacement)


def _bar_in_order(_: datetime, fact: BarClosed) -> _Broken | None:
    low, high = fact.low, fact.high
    if low <= fact.open <= high and low <= fact.close <= high:
        return None
    return _Broken("bar_out_of_order", f"open {fact.open}, high {fact.high}, low {fact.low}, close {fact.close}")


# Any: each check takes the class of fact under which it stands.
_RELATIONS: Mapping[type[Fact], Callable[[datetime, Any], _Broken | None]] = {
    TradeClosed: _closing_is_sound,
    TradeCorrected: _replacement_is_sound,
    BarClosed: _bar_in_order,
}
