"""A process of the stack as `up` plans it, and what it waits for: plain data, read from a file."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaching:
    """A ledger that a run writes; ``system`` None asks only that there is one."""

    ledger: Path
    system: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A process to start once all of ``after`` have been ready, and to start again whenever it ends.

    ``progress``: what a person is told meanwhile. ``health``: the address that answers 200 while it works, None if it
    listens nowhere. ``reaching``: it is ready only when this ledger has reached the present. ``is_task``: it ends by
    itself when its work is done. ``is_needed``: `up` has failed without it. ``hint``: what helps when it is not ready
    in time.
    """

    name: str
    progress: str
    command: tuple[str, ...]
    health: str | None = None
    after: tuple[str, ...] = ()
    reaching: Reaching | None = None
    is_task: bool = False
    is_needed: bool = True
    hint: str = ""
