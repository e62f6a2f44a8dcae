"""Background processes that outlive the command that started them, and are never mistaken for another's."""

import os
import signal
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tradewatch.stack.waiting import wait_until

GRACE_SECONDS = 10.0
KILL_SECONDS = 5.0

MARK = "TRADEWATCH_STACK"
"""The variable that says to which stack a process belongs."""

STATE_FIELD, START_TIME_FIELD = 0, 19
"""Where proc(5)'s fields 3 and 22 stand behind the program's name, which may itself hold spaces and brackets."""

ENDED_STATES = frozenset("ZX")


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A process by number and birth: a number alone is given to a stranger after its owner died."""

    pid: int
    birth: str


def start(command: Sequence[str], log: Path, *, anew: bool = True, marked: Path | None = None) -> Process:
    """Run ``command`` in a session of its own, both outputs into ``log``, which starts empty if ``anew``.

    ``marked``: the folder by which it, and all that it starts, is found by `marked`.
    """
    environment = dict(os.environ) if marked is None else os.environ | {MARK: str(marked)}
    log.parent.mkdir(parents=True, exist_ok=True)
    beginning = os.O_TRUNC if anew else 0
    pid = os.posix_spawn(
        command[0],
        list(command),
        environment,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | beginning, 0o644),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )
    return Process(pid=pid, birth=birth_of(pid) or "")


def marked(folder: Path) -> Sequence[Process]:
    """Return the running processes that were started, by whomever, with the mark of ``folder``."""
    sign = f"{MARK}={folder}".encode()
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):  # it ended just now, or is another user's
            if sign in environment.read_bytes().split(b"\0"):
                pid = int(environment.parent.name)
                found.append(Process(pid=pid, birth=birth_of(pid) or ""))
    return [process for process in found if process.pid != os.getpid() and process.birth]


def is_alive(process: Process) -> bool:
    """Return whether this very process still runs; one that ended but was not yet buried does not."""
    return birth_of(process.pid) == process.birth


def stop(processes: Iterable[Process], grace: float = GRACE_SECONDS) -> None:
    """Ask every process and its children to end, wait up to ``grace`` seconds, and kill those that are left."""
    stubborn = _end(processes, signal.SIGTERM, grace)
    _end(stubborn, signal.SIGKILL, KILL_SECONDS)


def _end(processes: Iterable[Process], number: signal.Signals, seconds: float) -> Sequence[Process]:
    living = [process for process in processes if is_alive(process)]
    for process in living:
        with suppress(ProcessLookupError):  # it ended by itself just now
            os.killpg(process.pid, number)
    wait_until(lambda: not any(map(is_alive, living)), seconds=seconds)
    return living


def birth_of(pid: int) -> str | None:
    """Return the machine's boot and the tick at which the running process ``pid`` began; None when there is none."""
    try:
        line = Path("/proc", str(pid), "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = line.rpartition(")")[2].split()
    if fields[STATE_FIELD] in ENDED_STATES:
        return None
    return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()}/{fields[START_TIME_FIELD]}"


def last_lines(log: Path, count: int = 10) -> str:
    """Return the end of ``log``, for a person who asks why a process died."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
