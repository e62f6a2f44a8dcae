"""What `up` started, written down, so that a later `status` or `down` finds exactly that."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from tradewatch.errors import ConfigurationError
from tradewatch.stack.ports import Ports
from tradewatch.stack.processes import Process


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A process of the stack; ``health`` is the address that answers 200 while it works, None if it listens nowhere."""

    name: str
    process: Process
    health: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """All that one `up` started; ``subject`` says whose trades it shows, ``is_complete`` that `up` came to its end."""

    subject: str
    ports: Ports
    members: tuple[Member, ...] = ()
    is_complete: bool = False


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
