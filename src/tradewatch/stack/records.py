"""What `up` started, written down, so that a later `status` or `down` finds exactly that."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from tradewatch.errors import ConfigurationError
from tradewatch.stack.ports import Ports
from tradewatch.stack.processes import Process


class State(StrEnum):
    """How far a process of the stack is."""

    WAITING = "waiting"
    """For what it needs, or for its turn after it ended."""
    STARTING = "starting"
    READY = "ready"
    DONE = "done"
    FAILED = "failed"
    """A task that cannot succeed as it was asked for: it is not tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A process of the stack; ``health`` is the address that answers 200 while it works, None if it listens nowhere.

    ``process`` is None while it waits and when its work is done. ``restarts``: how often it was started again;
    ``ended`` says when and how it ended the last time. ``remark``: what a person may want to know of its state.
    """

    name: str
    health: str | None = None
    process: Process | None = None
    state: State = State.WAITING
    restarts: int = 0
    ended: str = ""
    remark: str = ""
    is_needed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """All that one `up` started; ``subject`` says what it shows, ``supervisor`` is the process that watches."""

    subject: str
    ports: Ports
    supervisor: Process | None = None
    members: tuple[Member, ...] = ()


def save(path: Path, stack: Stack) -> None:
    """Write ``stack`` to ``path``, which holds the old record or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(stack)))
    draft.replace(path)


def load(path: Path) -> Stack | None:
    """Return the stack recorded at ``path``, None when nothing is; raises ConfigurationError when it is unreadable."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Stack)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        message = f"{path} is no record of a running stack ({error}); end its processes by hand and delete the file"
        raise ConfigurationError(message) from error


def forget(path: Path) -> None:
    """Remove the record at ``path``, if there is one."""
    path.unlink(missing_ok=True)
