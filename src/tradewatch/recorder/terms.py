"""What a recorder is told about its run, checked before anything depends on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tradewatch.errors import ConfigurationError
from tradewatch.facts import Calendar, Canonical, Entry, Mode, RunStarted, canonical
from tradewatch.ledger import Durability, ledger_path


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The ledger, as which system and how safely to write into it, and what the start of the run says."""

    path: Path
    system: str
    durability: Durability
    capacity: int
    started: RunStarted


def checked(
    *, ledger: object, system: object, durability: object, capacity: object, started: Mapping[str, object]
) -> Terms:
    """Return what a recorder was given; raises `ConfigurationError` that names what it cannot work with.

    ``started``: the fields of the run's start.
    """
    for name, value in started.items():
        if not _can_start_a_run({name: value}):
            raise ConfigurationError(_wrong(name, value, _MENDS[name]))
    if not _can_start_a_run({"run_id": system}):
        raise ConfigurationError(_wrong("system", system, "the system's name"))
    if durability not in tuple(Durability):
        raise ConfigurationError(_wrong("durability", durability, _one_of(Durability)))
    if not isinstance(capacity, int) or capacity < 1:
        raise ConfigurationError(_wrong("capacity", capacity, "a whole number of facts, at least 1"))
    return Terms(
        path=_path(ledger),
        system=str(system),
        durability=Durability(str(durability)),
        capacity=capacity,
        started=_start(started),
    )


def _one_of(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}"


_MENDS = {
    "run_id": "a name that no other run has",
    "mode": _one_of(Mode),
    "starting_equity": "a number above 0, or None when it is unknown",
    "currency": "a name such as USD, or None when it is unknown",
    "calendar": f"{_one_of(Calendar)}, or None when it is unknown",
    "assets": "the names of the only ones that are traded, or None for any",
    "version": "a text of at most 2000 characters",
    "label": "a text of at most 2000 characters",
}


def _can_start_a_run(fields: Mapping[str, object]) -> bool:
    try:
        _start({"run_id": "any", "mode": Mode.LIVE, **fields})
    except Exception:  # noqa: BLE001 - a value may be of the bot's own class, and raise what it likes
        return False
    return True


def _start(fields: Mapping[str, Any]) -> RunStarted:  # Any: fields of different types, which are being checked
    match canonical(Entry(datetime.now(UTC), "any", RunStarted(**fields))):
        case Canonical(entry=Entry(fact=RunStarted() as started)):
            return started
        case objection:
            raise ValueError(objection)


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
