"""The interface that every ledger keeps: append facts, tail them, read them in event order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

from tradewatch.facts import Entry, Objection


class Durability(StrEnum):
    """What an acknowledged fact survives."""

    PROCESS = "process"
    """The end of the process, kill -9 included; the last moments may be lost when the machine loses power."""

    POWER = "power"
    """A power failure too; each commit waits for the disk."""


class Row(NamedTuple):
    """One fact as the ledger holds it; ``body`` is the fact's JSON."""

    sequence: int
    system: str
    time: int
    kind: str
    id: str
    body: str


class Told(NamedTuple):
    """Many rows of one system, field by field, in one order; what is made of each can be made of all at once."""

    times: Sequence[int]
    kinds: Sequence[str]
    ids: Sequence[str]
    bodies: Sequence[str]


class Place(NamedTuple):
    """A place in event order: the time of a fact in microseconds, and its sequence number."""

    time: int
    sequence: int


BEGINNING = Place(-(2**63), 0)
"""The place before every fact."""


class Mark(NamedTuple):
    """Which ledger it is, and the time and id of the fact at a place in it."""

    identity: str
    fact: tuple[int, str] | None


@dataclass(slots=True, kw_only=True)
class Appended:
    """What became of the entries of one `Appender.append`."""

    new: int = 0
    repeated: int = 0
    conflicting: list[str] = field(default_factory=list)
    """Ids told before with another content; the first telling stands."""

    refused: list[Objection] = field(default_factory=list)


class Appender(Protocol):
    """A ledger open for writing."""

    def append(self, entries: Iterable[Entry], system: str) -> Appended:
        """Commit the valid entries in one transaction, in the given order; raises `SourceError` and writes none."""

    def close(self) -> None:
        """Release the ledger."""


class Reader(Protocol):
    """A ledger open for reading."""

    def identity(self) -> str:
        """Return what tells this ledger from another one that may take its place."""

    def mark(self, sequence: int) -> Mark:
        """Return what the ledger is and holds at a sequence number."""

    def last_sequence(self) -> int:
        """Return the newest fact's sequence number, 0 when there is none."""

    def systems(self) -> Sequence[str]:
        """Return the names of the systems with facts, sorted."""

    def tail(self, system: str, after: int, limit: int) -> Sequence[Row]:
        """Return up to ``limit`` rows of a system after a sequence number, in the global order."""

    def in_event_order(self, system: str, until: int, after: Place = BEGINNING) -> Iterator[Row]:
        """Yield a system's rows up to a sequence number and after a place, by event time, then sequence."""

    def told_in_event_order(self, system: str, until: int, after: Place = BEGINNING) -> Iterator[Told]:
        """Yield the same, many at a time."""

    def is_undisturbed(self, system: str, place: Place) -> bool:
        """Whether no fact after a place's sequence number belongs before the place in event order.

        A correction or voiding belongs to the trade's first fact.
        """

    def amendments(self, system: str, until: int) -> Sequence[Row]:
        """Return the corrections and voidings up to a sequence number, in the global order."""

    def close(self) -> None:
        """Release the ledger."""
