"""The whole stack as a person uses it: real commands, real servers, in a project of its own on free ports."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.support.servers import free_port, occupied_port
from tradewatch.stack import loopback, prometheus, records
from tradewatch.stack.places import HOME_VARIABLE, Places, find_places
from tradewatch.stack.plan import TRADEWATCH
from tradewatch.stack.ports import Ports, is_free
from tradewatch.stack.processes import Process
from tradewatch.stack.servers import locate
from tradewatch.stack.waiting import wait_until

START_SECONDS = 60
"""A start takes 20 s or less; this leaves room for a machine that is busy with other tests."""
COMMAND_SECONDS = 150
TRADES = """\
trade_id,asset,direction,quantity,entry_price,exit_price,opened_at,closed_at
1,BTC-USD,long,1,100,110,2024-01-01T00:00:00Z,2024-01-02T00:00:00Z
2,BTC-USD,long,1,110,105,2024-01-03T00:00:00Z,2024-01-04T00:00:00Z
3,ETH-USD,short,2,50,40,2024-01-05T00:00:00Z,2024-01-06T00:00:00Z
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A folder with a configuration and nothing else, as a fresh checkout is, and two free ports."""

    places: Places
    configuration: str
    ports: Ports

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [TRADEWATCH, *words],
            cwd=self.places.root,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )

    def up(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run("up", *self.port_options(), *words)

    def begin_up(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [TRADEWATCH, "up", *self.port_options()],
            cwd=self.places.root,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def port_options(self) -> Sequence[str]:
        return (
            *("--exporter-port", str(self.ports.exporter)),
            *("--prometheus-port", str(self.ports.prometheus)),
            *("--viewer-port", str(self.ports.viewer)),
        )

    def members(self) -> Mapping[str, Process]:
        stack = records.load(self.places.record)
        return {} if stack is None else {member.name: member.process for member in stack.members}

    def ask(self, expression: str) -> Sequence[tuple[Mapping[str, str], float]]:
        """Return Prometheus' answer: the labels and the value of each series."""
        answer = loopback.fetch(prometheus.query_address(self.ports.prometheus, expression))
        assert answer is not None
        return [(series["metric"], float(series["value"][1])) for series in json.loads(answer)["data"]["result"]]

    def processes(self) -> Sequence[str]:
        """Return the command line of every process that was told of this folder."""
        return [line for line in command_lines() if str(self.places.root) in line]

    def assert_nothing_is_left(self) -> None:
        assert self.processes() == []
        assert is_free(self.ports.exporter)
        assert is_free(self.ports.prometheus)
        assert not self.places.record.exists()
        assert self.places.configuration.read_text() == self.configuration
        files = {path for path in self.places.root.rglob("*") if path.is_file()}
        assert {path for path in files if not path.is_relative_to(self.places.home)} == {self.places.configuration}


def environment() -> Mapping[str, str]:
    """Return this process's environment, with the stack's files in the project and Prometheus installed."""
    inherited = {name: value for name, value in os.environ.items() if name != HOME_VARIABLE}
    return inherited | {"PATH": f"{locate('prometheus').parent}:{inherited['PATH']}"}


def command_lines() -> Iterator[str]:
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(FileNotFoundError, ProcessLookupError):
            yield file.read_bytes().replace(b"\0", b" ").decode(errors="replace")


@pytest.fixture
def committed() -> str:
    return find_places().configuration.read_text()


@contextmanager
def project_in(root: Path, configuration: str, ports: Ports) -> Iterator[Project]:
    places = Places(root=root, home=root / ".tradewatch")
    places.configuration.parent.mkdir(parents=True)
    places.configuration.write_text(configuration)
    project = Project(places=places, configuration=configuration, ports=ports)
    try:
        yield project
    finally:
        project.run("down")


@pytest.fixture
def free_ports() -> Ports:
    return Ports(exporter=free_port(), prometheus=free_port(), viewer=free_port())


@pytest.fixture
def project(tmp_path: Path, committed: str, free_ports: Ports) -> Iterator[Project]:
    with project_in(tmp_path / "project", committed, free_ports) as project:
        yield project


@pytest.fixture
def quick_project(tmp_path: Path, committed: str, free_ports: Ports) -> Iterator[Project]:
    """Yield a project that scrapes every second."""
    with project_in(tmp_path / "quick", committed.replace("15s", "1s"), free_ports) as project:
        yield project


def addresses_in(text: str) -> Sequence[str]:
    return [word for word in text.split() if word.startswith("http://")]


def test_one_command_starts_the_simulated_bot_and_one_leaves_nothing(project: Project) -> None:
    began = time.monotonic()
    started = project.up()
    assert started.returncode == 0, started.stderr
    assert time.monotonic() - began < START_SECONDS

    assert "simulated trades" in started.stdout
    addresses = addresses_in(started.stdout)
    assert f"http://127.0.0.1:{project.ports.exporter}/" in addresses
    assert all(loopback.answers(address) for address in addresses)
    assert sum(trades for _, trades in project.ask("bot_trades_total")) > 0

    again = project.up()
    assert again.returncode == 0
    assert "already runs" in again.stdout
    assert addresses_in(again.stdout) == addresses
    assert len(project.processes()) == len(project.members()) == len(["sample", "exporter", "prometheus", "viewer"])

    status = project.run("status")
    assert (status.returncode, status.stdout.count(" yes")) == (0, 7)

    assert project.run("down").stdout == "Stopped viewer, prometheus, exporter, sample.\n"
    project.assert_nothing_is_left()
    assert project.run("down").stdout == "Nothing was running.\n"


def test_your_own_trades_are_shown_instead(quick_project: Project, tmp_path: Path) -> None:
    trades = tmp_path / "my trades.csv"
    trades.write_text(TRADES)
    started = quick_project.up("--trades", str(trades), "--starting-equity", "1000")
    assert started.returncode == 0, started.stderr
    assert "shows trades of my trades.csv" in started.stdout
    assert "simulated" not in started.stdout
    assert list(quick_project.members()) == ["exporter", "prometheus", "viewer"]
    assert {labels["outcome"]: trades for labels, trades in quick_project.ask("bot_trades_total")} == {
        "win": 2,
        "loss": 1,
        "scratch": 0,
    }
    assert quick_project.run("down").stdout == "Stopped viewer, prometheus, exporter.\n"
    quick_project.assert_nothing_is_left()


@pytest.mark.parametrize("name", ["exporter", "prometheus"])
def test_a_port_in_use_is_named_and_nothing_starts(
    tmp_path: Path, committed: str, free_ports: Ports, name: str
) -> None:
    with (
        occupied_port() as port,
        project_in(tmp_path / "project", committed, replace(free_ports, **{name: port})) as project,
    ):
        refused = project.up()
        assert project.processes() == []
    assert refused.returncode == 2
    assert f"port {port} on 127.0.0.1 is in use" in refused.stderr
    assert f"--{name}-port" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert not project.places.logs.exists()
    project.assert_nothing_is_left()


def test_trades_that_cannot_be_imported_start_nothing(quick_project: Project, tmp_path: Path) -> None:
    trades = tmp_path / "trades.csv"
    trades.write_text("this is no list of trades\n")
    refused = quick_project.up("--trades", str(trades))
    assert refused.returncode == 2
    error_of_the_import, ours = refused.stderr.splitlines()
    assert str(trades) in error_of_the_import
    assert "nothing was started" in ours
    assert not quick_project.places.logs.exists()
    quick_project.assert_nothing_is_left()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_start_that_is_interrupted_leaves_nothing(project: Project, number: signal.Signals) -> None:
    with project.begin_up() as starting:
        assert wait_until(lambda: "prometheus" in project.members(), seconds=COMMAND_SECONDS)
        starting.send_signal(number)
        assert starting.wait(timeout=COMMAND_SECONDS) != 0
    project.assert_nothing_is_left()


def test_a_process_that_was_killed_is_shown_and_started_again(quick_project: Project) -> None:
    assert quick_project.up().returncode == 0
    os.kill(quick_project.members()["exporter"].pid, signal.SIGKILL)
    assert wait_until(lambda: is_free(quick_project.ports.exporter), seconds=10)

    status = quick_project.run("status")
    assert status.returncode == 1
    assert [line.split()[2] for line in status.stdout.splitlines() if line.startswith("  exporter")] == ["no"]

    assert quick_project.up().returncode == 0
    assert quick_project.run("status").returncode == 0
    assert len(quick_project.processes()) == len(quick_project.members())


def test_what_is_left_of_a_stack_can_be_stopped(quick_project: Project) -> None:
    assert quick_project.up().returncode == 0
    os.kill(quick_project.members()["exporter"].pid, signal.SIGKILL)
    assert quick_project.run("down").stdout == "Stopped viewer, prometheus, sample.\n"
    quick_project.assert_nothing_is_left()
