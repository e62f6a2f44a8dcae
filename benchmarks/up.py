"""`tradewatch up` as a newcomer sees it: the first start and the second, and the memory of all that runs."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.apparatus.histories import Histories
from benchmarks.apparatus.processes import TRADEWATCH
from benchmarks.apparatus.results import Beside, Row, compared, megabytes, skipped
from tradewatch.errors import TradewatchError
from tradewatch.stack import records
from tradewatch.stack.lifecycle import is_settled
from tradewatch.stack.places import HOME_VARIABLE, STATE_VARIABLE, Places, find_places
from tradewatch.stack.ports import LOOPBACK, Ports
from tradewatch.stack.servers import locate
from tradewatch.stack.settings import SYSTEMS
from tradewatch.stack.waiting import wait_until

DAYS = 30

_FIRST_SECONDS = 60.0
_SECOND_SECONDS = 10.0
_PATIENCE_SECONDS = 3_600
_KIBI = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class _Project:
    """A folder with the committed configuration, ports that nobody uses, and the servers on PATH."""

    places: Places
    ports: Ports
    environment: Mapping[str, str]

    def begin(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a command."""
        return subprocess.Popen(  # noqa: S603 - our own program
            [TRADEWATCH, *words], cwd=self.places.root, env=self.environment, stdout=subprocess.DEVNULL
        )

    def timed(self, *words: str) -> float:
        """Return how many seconds a command took."""
        began = time.perf_counter()
        with self.begin(*words) as command:
            command.wait()
        return time.perf_counter() - began

    def up(self, days: int, systems: Sequence[str]) -> Sequence[str]:
        """Return the words that start these systems."""
        ports = [f"--port={name}={port}" for name, port in self.ports.by_name().items()]
        return ["up", "--days", str(days), "--systems", ",".join(systems), *ports]

    def is_settled(self, name: str = "") -> bool:
        """Return whether a member is ready or done, or all of them are."""
        stack = records.load(self.places.record)
        found = [] if stack is None else [member for member in stack.members if name in {"", member.name}]
        return bool(found) and all(map(is_settled, found))

    def memory(self) -> Mapping[str, int]:
        """Return the resident bytes of every process that runs."""
        stack = records.load(self.places.record)
        assert stack is not None  # noqa: S101 - it runs
        named = {member.name: member.process for member in stack.members} | {"supervisor": stack.supervisor}
        return {name: resident_bytes(process.pid) for name, process in named.items() if process is not None}


def rows(histories: Histories, days: int = DAYS, systems: Sequence[str] = SYSTEMS) -> Iterator[Row]:
    """Yield what the first start takes until it returns, until each system answers and until all of its past is there.

    Then the memory, the stop and the second start.
    """
    try:
        project = _project(histories.folder / "up")
    except TradewatchError as error:
        yield skipped("up", str(error))
        return
    with ExitStack() as undo:
        undo.callback(project.timed, "down")
        first = _first_start(project, days, systems)
        yield compared(
            f"up, first start, {days} days",
            first[_RETURNED],
            target=f"<= {_FIRST_SECONDS:.0f} s",
            met=first[_RETURNED] <= _FIRST_SECONDS,
        )
        for goal in (*systems, _PAST):
            yield compared(f"up, until {goal}", first[goal])
        yield from _memory(project.memory())
        yield compared("down", project.timed("down"))
        second = project.timed(*project.up(days, systems))
        yield compared(
            "up, second start",
            second,
            peer=Beside("first", first[_RETURNED]),
            target=f"<= {_SECOND_SECONDS:.0f} s",
            met=second <= _SECOND_SECONDS,
        )


_RETURNED = "it returns"
_PAST = "all of the past is in Prometheus"


def _first_start(project: _Project, days: int, systems: Sequence[str]) -> Mapping[str, float]:
    """Return the seconds from the start until the command returns, each system answers and all of the past is there."""
    began, reached = time.perf_counter(), dict[str, float]()
    with project.begin(*project.up(days, systems)) as command:
        goals: dict[str, Callable[[], bool]] = {
            **{system: partial(project.is_settled, f"{system}-exporter") for system in systems},
            _RETURNED: lambda: command.poll() is not None,
            _PAST: project.is_settled,
        }

        def has_all() -> bool:
            new = [goal for goal, is_reached in goals.items() if goal not in reached and is_reached()]
            reached.update(dict.fromkeys(new, time.perf_counter() - began))
            return len(reached) == len(goals)

        wait_until(has_all, seconds=_PATIENCE_SECONDS)
    return reached


def _memory(found: Mapping[str, int]) -> Iterator[Row]:
    yield compared("up, memory of everything", sum(found.values()), shown=megabytes)
    for name, size in sorted(found.items(), key=lambda item: -item[1]):
        yield compared(f"up, memory of {name}", size, shown=megabytes)


def resident_bytes(pid: int) -> int:
    """Return the memory that a process has resident now, pages shared with others included; 0 when it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) * _KIBI if found else 0


def _project(root: Path) -> _Project:
    committed = find_places().configuration.parent
    shutil.copytree(committed, root / "monitoring" / "prometheus", ignore=shutil.ignore_patterns("secrets"))
    places = Places(root=root, home=root / ".tradewatch", private=root / "private")
    servers = [str(locate(name).parent) for name in ("prometheus", "amtool")]
    inherited = {name: value for name, value in os.environ.items() if name != HOME_VARIABLE}
    environment = {"PATH": ":".join([*servers, inherited["PATH"]]), STATE_VARIABLE: str(places.private)}
    return _Project(places=places, ports=_free_ports(), environment=inherited | environment)


def _free_ports() -> Ports:
    """Return ports that nobody uses now, held all at once so that no two are the same."""
    with ExitStack() as held:
        sockets = {name: held.enter_context(socket.socket()) for name in Ports().by_name()}
        for each in sockets.values():
            each.bind((LOOPBACK, 0))
        return Ports(**{name: each.getsockname()[1] for name, each in sockets.items()})
