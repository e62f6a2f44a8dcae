"""What a recorder is told about its run, checked before anything depends on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from tradewatch.errors import ConfigurationError
from tradewatch.facts import Entry, Mode, Objection, RunStarted, canonical
from tradewatch.ledger import Durability, ledger_path

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The ledger, as which system and how safely to write into it, and what the start of the run says."""

    path: Path
    system: str
    durability: Durability
    capacity: int
    started: RunStarted


def checked(  # noqa: PLR0913 - a recorder's arguments
    *,
    ledger: object,
    system: object,
    mode: object,
    starting_equity: object,
    currency: object,
    label: object,
    durability: object,
    capacity: object,
    run_id: str,
) -> Terms:
    """Return what a recorder was given; raises `ConfigurationError` that names what cannot be recorded."""
    fields = {"run_id": run_id, "starting_equity": starting_equity, "currency": currency, "label": label}
    for name, value in fields.items():
        _refuse_what_cannot_start_a_run(name, name, value)
    _refuse_what_cannot_start_a_run("system", "run_id", system)
    if not isinstance(capacity, int) or capacity < 1:
        raise ConfigurationError(_wrong("capacity", capacity, "a whole number of facts, at least 1"))
    started: Any = {**fields, "mode": _word(Mode, "mode", mode)}  # Any: checked one by one
    return Terms(
        path=_path(ledger),
        system=str(system),
        durability=_word(Durability, "durability", durability),
        capacity=capacity,
        started=RunStarted(**started),
    )


_MENDS = {
    "run_id": "a name that no other run has",
    "system": "the system's name",
    "starting_equity": "a number above 0, or None when it is unknown",
    "currency": "a name such as USD, or None when it is unknown",
    "label": "a text of at most 2000 characters",
}


def _refuse_what_cannot_start_a_run(argument: str, field: str, value: object) -> None:
    started = msgspec.structs.replace(_ANY_START, **{field: value})
    try:
        objection = canonical(Entry(datetime.now(UTC), "any", started))
    except Exception as error:  # a number or a text of the caller's own class
        raise ConfigurationError(_wrong(argument, value, _MENDS[argument])) from error
    if isinstance(objection, Objection):
        raise ConfigurationError(_wrong(argument, value, _MENDS[argument]))


_ANY_START = RunStarted(run_id="any", mode=Mode.LIVE)


def _word(words: type[Word], name: str, value: object) -> Word:
    try:
        return words(value)  # type: ignore[arg-type]  # any object may be asked whether it is one of the words
    except ValueError as error:
        raise ConfigurationError(_wrong(name, value, _one_of(words))) from error


def _one_of(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}"


def _path(ledger: object) -> Path:
    if isinstance(ledger, str | Path) and _is_a_name(str(ledger)):
        try:
            return ledger_path(ledger).absolute()  # the bot may change its folder
        except OSError as error:
            message = f"the ledger {ledger} has no absolute path ({error.strerror}): start in a folder that exists"
            raise ConfigurationError(message) from error
    raise ConfigurationError(_wrong("ledger", ledger, "the path of a file, or sqlite:///path"))


def _is_a_name(path: str) -> bool:
    try:
        return bool(path.encode()) and "\0" not in path
    except UnicodeEncodeError:
        return False


def _wrong(name: str, value: object, mend: str) -> str:
    return f"a recorder cannot work with {name}={value!r}: give {mend}"
