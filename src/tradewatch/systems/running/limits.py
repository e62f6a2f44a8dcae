"""Limits of a guardian or risk manager: read from texts, checked, and told as facts."""

import math
from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from types import UnionType
from typing import Any, ClassVar, Protocol, TypeVar, get_args, get_type_hints

from tradewatch.errors import ConfigurationError

_NOTHING = timedelta(0)
_NONE = "none"

LONGEST = timedelta(days=3650)
"""Durations beyond it would leave the calendar."""

MOST = 10**9
"""Counts beyond it are mistakes."""


class Limits(Protocol):
    """A frozen dataclass of limits: shares (float), counts (int) and durations (timedelta)."""

    __dataclass_fields__: ClassVar[dict[str, Any]]  # Any: what the standard library has there


Kind = TypeVar("Kind", bound=Limits)


def limits_of(kind: type[Kind], given: Mapping[str, str], defaults: Mapping[str, object]) -> Kind:
    """Return limits from what was given by name, durations in hours; raises `ConfigurationError`.

    ``defaults``: of those that were not given, where they differ from the class's own.
    """
    hints = get_type_hints(kind)
    unknown = [name for name in given if name not in hints]
    if unknown:
        message = f"--limit {unknown[0]} is not known: choose among {', '.join(hints)}"
        raise ConfigurationError(message)
    return kind(**dict(defaults) | {name: _value(name, hints[name], text) for name, text in given.items()})


def checked(limits: Limits) -> None:
    """Raise `ConfigurationError` unless all can be meant.

    Shares are above 0 and at most 1, counts 1 to `MOST`, durations above 0 and at most `LONGEST`.
    """
    for field in fields(limits):
        value = getattr(limits, field.name)
        if isinstance(value, timedelta):
            require(field.name, value, "a time above 0, at most ten years", holds=_NOTHING < value <= LONGEST)
        elif isinstance(value, float):
            require(field.name, value, "a share above 0 and at most 1", holds=0 < value <= 1)
        elif value is not None:
            require(field.name, value, f"a whole number from 1 to {MOST}", holds=1 <= value <= MOST)


def require(name: str, found: object, wanted: str, *, holds: bool) -> None:
    """Raise `ConfigurationError` unless it ``holds``."""
    if not holds:
        message = f"the limit {name} is {found}: set {wanted}"
        raise ConfigurationError(message)


def told(limits: Limits) -> dict[str, float]:
    """Return shares and counts by name, as a run tells them; durations are left out."""
    named = {field.name: getattr(limits, field.name) for field in fields(limits)}
    return {name: float(value) for name, value in named.items() if isinstance(value, float | int)}


def _value(name: str, hint: object, text: str) -> object:
    kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    if text == _NONE and type(None) in kinds:
        return None
    try:
        return timedelta(hours=_number(text)) if timedelta in kinds else int(text) if int in kinds else _number(text)
    except (ValueError, OverflowError) as error:
        wanted = "hours" if timedelta in kinds else "a whole number" if int in kinds else "a number"
        message = f"--limit {name}={text} is not {wanted}: give {wanted}, such as {name}={4 if int in kinds else 0.5}"
        raise ConfigurationError(message) from error


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number
