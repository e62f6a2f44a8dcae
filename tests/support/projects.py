"""A project of its own with the whole stack: this one's configuration on free ports, in a folder of the test."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.patience import SECONDS
from tests.support.servers import answer_of, free_port
from tradewatch.stack import processes, prometheus, records
from tradewatch.stack.places import HOME_VARIABLE, STATE_VARIABLE, Places, find_places
from tradewatch.stack.plan import TRADEWATCH
from tradewatch.stack.ports import Ports, is_free
from tradewatch.stack.processes import Process
from tradewatch.stack.records import Member, Stack
from tradewatch.stack.servers import locate
from tradewatch.stack.waiting import wait_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A folder with the configurations and nothing else, as a fresh checkout is, and free ports."""

    places: Places
    committed: Mapping[Path, str]
    ports: Ports
    settings: Mapping[str, str]

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [TRADEWATCH, *words],
            cwd=self.places.root,
            env=self.environment() | variables,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def up(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self.run("up", *self.port_options(), *words, **variables)

    def sound_status(self) -> str:
        """Wait until all is well, and return what the status says then."""
        found: list[subprocess.CompletedProcess[str]] = []

        def is_sound() -> bool:
            found.append(self.run("status"))
            return found[-1].returncode == 0

        assert wait_until(is_sound, seconds=SECONDS), found[-1].stdout
        return found[-1].stdout

    def begin_up(self, *words: str) -> subprocess.Popen[bytes]:
        # What a script runs in the background ignores interrupts, and so would all that it starts.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        return subprocess.Popen(
            [TRADEWATCH, "up", *self.port_options(), *words],
            cwd=self.places.root,
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def environment(self) -> dict[str, str]:
        """Return this process's environment, with the servers installed and the settings of this project."""
        inherited = {name: value for name, value in os.environ.items() if name != HOME_VARIABLE}
        servers = ":".join(str(locate(name).parent) for name in ("prometheus", "amtool"))
        found = {"PATH": f"{servers}:{inherited['PATH']}", STATE_VARIABLE: str(self.places.private)}
        return {**inherited, **found, **self.settings}

    def port_options(self) -> Sequence[str]:
        return [f"--port={name}={port}" for name, port in self.ports.by_name().items()]

    def stack(self) -> Stack | None:
        return records.load(self.places.record)

    def members(self) -> Mapping[str, Member]:
        stack = self.stack()
        return {} if stack is None else {member.name: member for member in stack.members}

    def process(self, name: str) -> Process:
        process = self.members()[name].process
        assert process is not None
        return process

    def ask(self, expression: str) -> Sequence[tuple[Mapping[str, str], float]]:
        """Return Prometheus' answer: the labels and the value of each series."""
        answer = json.loads(answer_of(prometheus.query_address(self.ports.prometheus, expression)))
        return [(series["metric"], float(series["value"][1])) for series in answer["data"]["result"]]

    def journal(self) -> Sequence[str]:
        """Return what people were told so far."""
        return self.places.journal.read_text().splitlines() if self.places.journal.exists() else []

    def told(self, *words: str) -> str:
        """Wait for a line of the journal with all of ``words``, and return the newest one."""

        def lines() -> Sequence[str]:
            return [line for line in self.journal() if all(word in line for word in words)]

        assert wait_until(lambda: bool(lines()), seconds=SECONDS), "\n".join(self.journal())
        return lines()[-1]

    def processes(self) -> Sequence[str]:
        """Return the command line of every process that was told of this folder."""
        return [line for line in command_lines() if str(self.places.root) in line]

    def assert_nothing_is_left(self) -> None:
        assert self.processes() == []
        assert processes.marked(self.places.home) == []
        assert [port for port in self.ports.by_name().values() if not is_free(port)] == []
        assert not self.places.record.exists()
        assert {file: file.read_text() for file in self.committed} == self.committed
        ours = [self.places.home, self.places.private]
        found = {path for path in self.places.root.rglob("*") if path.is_file()}
        others = {path for path in found if not any(path.is_relative_to(folder) for folder in ours)}
        assert {path for path in others if not path.name.startswith("trading_logs.db")} == set(self.committed)


def command_lines() -> Iterator[str]:
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(FileNotFoundError, ProcessLookupError):
            yield file.read_bytes().replace(b"\0", b" ").decode(errors="replace")


def free_ports() -> Ports:
    """Return ports of which nobody uses one now."""
    return Ports(**{name: free_port() for name in Ports().by_name()})


@contextmanager
def project_in(
    root: Path, ports: Ports, *, interval: str | None = None, settings: Mapping[str, str] | None = None
) -> Iterator[Project]:
    """Yield a project below ``root`` that scrapes and evaluates as committed, or every ``interval``."""
    committed = find_places().configuration.parent
    folder = root / "monitoring" / "prometheus"
    shutil.copytree(committed, folder, ignore=shutil.ignore_patterns("secrets"))
    configuration = folder / "prometheus.yml"
    if interval is not None:
        configuration.write_text(configuration.read_text().replace("15s", interval))
    files = {file: file.read_text() for file in folder.rglob("*") if file.is_file()}
    places = Places(root=root, home=root / ".tradewatch", private=root / "private")
    project = Project(places=places, committed=files, ports=ports, settings=settings or {})
    try:
        yield project
    finally:
        project.run("down")
