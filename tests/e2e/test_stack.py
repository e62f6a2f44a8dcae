"""The whole stack as a person uses it: real commands, real servers, in a project of its own on free ports."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.patience import SECONDS
from tests.support.projects import Project, free_ports, project_in
from tests.support.servers import occupied_port
from tradewatch.stack import loopback
from tradewatch.stack.records import State
from tradewatch.stack.waiting import wait_until
from tradewatch.stack.watched import SHORTEST_PAUSE

TRADES = """\
trade_id,asset,direction,quantity,entry_price,exit_price,opened_at,closed_at
1,BTC-USD,long,1,100,110,2024-01-01T00:00:00Z,2024-01-02T00:00:00Z
2,BTC-USD,long,1,110,105,2024-01-03T00:00:00Z,2024-01-04T00:00:00Z
3,ETH-USD,short,2,50,40,2024-01-05T00:00:00Z,2024-01-06T00:00:00Z
"""


ONE_DAY = ("--days", "1")
SYSTEMS = ("hydra", "velocitytrader", "bot")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with project_in(tmp_path / "project", free_ports()) as project:
        yield project


@pytest.fixture
def quick_project(tmp_path: Path) -> Iterator[Project]:
    """Yield a project that scrapes every second."""
    with project_in(tmp_path / "quick", free_ports(), interval="1s") as project:
        yield project


@contextmanager
def started(project: Project, *words: str) -> Iterator[subprocess.CompletedProcess[str]]:
    """Yield what a start said that went well."""
    began = project.up(*words)
    assert began.returncode == 0, began.stderr
    yield began


def addresses_in(text: str) -> Sequence[str]:
    return [word for word in text.split() if word.startswith("http://")]


def test_one_command_starts_both_systems_and_one_leaves_nothing(quick_project: Project) -> None:
    project = quick_project
    with started(project, *ONE_DAY) as first:
        assert "HYDRA (simulated), VelocityPTrader (simulated), a sample bot (simulated)" in first.stdout
        told_at_once = addresses_in(first.stdout)  # a busy machine takes longer than this is waited for
        assert wait_until(lambda: all(loopback.answers(address) for address in told_at_once), seconds=SECONDS)
    assert wait_until(lambda: len(project.ask("up == 1")) >= len(SYSTEMS) + 1, seconds=SECONDS)
    for name in ("hydra_account_balance_usd", "velocitytrader_trades_total", "bot_trades_total"):
        assert wait_until(lambda name=name: bool(project.ask(name)), seconds=SECONDS), name  # type: ignore[misc]  # a default

        yesterday = f"{name} offset 12h"
        assert wait_until(lambda query=yesterday: bool(project.ask(query)), seconds=SECONDS), yesterday  # type: ignore[misc]  # a default

    listening = [member for member in project.members().values() if member.health is not None]
    assert len(listening) >= len(["journal", "alertmanager", "prometheus", *SYSTEMS])
    assert wait_until(lambda: project.sound_status().count(" yes ") == len(listening), seconds=SECONDS)

    again = project.up()
    assert again.returncode == 0
    assert "already runs" in again.stdout
    addresses = addresses_in(again.stdout)
    assert f"http://127.0.0.1:{project.ports.velocitytrader}/metrics" in addresses
    assert set(told_at_once) <= set(addresses)
    assert wait_until(lambda: all(loopback.answers(address) for address in addresses), seconds=SECONDS)

    stopped = project.run("down")
    assert stopped.stdout.startswith("Stopped ")
    assert "prometheus, alertmanager, journal." in stopped.stdout
    project.assert_nothing_is_left()
    assert project.run("down").stdout == "Nothing was running.\n"

    with started(project):
        assert project.sound_status()


def test_your_own_trades_are_shown_instead(quick_project: Project, tmp_path: Path) -> None:
    trades = tmp_path / "my trades.csv"
    trades.write_text(TRADES)
    with started(quick_project, "--trades", str(trades), "--starting-equity", "1000") as began:
        assert "shows trades of my trades.csv" in began.stdout
        assert "simulated" not in began.stdout

    def shown() -> dict[str, float]:
        return {labels["outcome"]: trades for labels, trades in quick_project.ask("bot_trades_total")}

    assert wait_until(lambda: shown() == {"win": 2, "loss": 1, "scratch": 0}, seconds=SECONDS), shown()
    stopped = quick_project.run("down").stdout
    assert stopped.startswith("Stopped ")
    assert "bot-exporter, prometheus, alertmanager, journal." in stopped
    assert not quick_project.places.trading_logs.exists()
    quick_project.assert_nothing_is_left()


@pytest.mark.parametrize("name", ["velocitytrader", "hydra", "prometheus", "alertmanager", "journal"])
def test_a_port_in_use_is_named_and_nothing_starts(tmp_path: Path, name: str) -> None:
    with (
        occupied_port() as port,
        project_in(tmp_path / "project", replace(free_ports(), **{name: port})) as project,
    ):
        refused = project.up()
        assert project.processes() == []
        assert not project.places.logs.exists()
    assert refused.returncode == 2
    assert f"port {port} on 127.0.0.1 is in use" in refused.stderr
    assert f"--port {name}=" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
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


def test_somebody_elses_trading_log_is_left_alone(project: Project) -> None:
    project.places.trading_logs.write_text("an account of mine")
    refused = project.up()
    assert refused.returncode == 2
    assert "trading_logs.db is not the demo's" in refused.stderr
    assert project.places.trading_logs.read_text() == "an account of mine"
    project.assert_nothing_is_left()


def test_without_the_servers_or_a_way_to_get_them_nothing_starts(project: Project, tmp_path: Path) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    refused = project.up(PATH=str(bare))
    assert refused.returncode == 2
    assert "not on PATH, and without apt-get it cannot be fetched; install" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    project.assert_nothing_is_left()


def test_without_a_network_nothing_starts(project: Project, tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "apt-get").write_text("#!/bin/sh\necho 'E: Temporary failure resolving deb.example.org' >&2\nexit 100\n")
    (tools / "apt-get").chmod(0o755)
    (tools / "dpkg-deb").symlink_to("/bin/true")
    refused = project.up(PATH=str(tools))
    assert refused.returncode == 2
    assert "could not be fetched (E: Temporary failure resolving" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    project.assert_nothing_is_left()


@pytest.mark.parametrize("command", ["up", "down"])
def test_a_folder_that_cannot_be_written_is_named(project: Project, command: str) -> None:
    refused = project.run(command, TRADEWATCH_HOME="/proc/tradewatch")
    assert refused.returncode == 2
    assert "cannot be written" in refused.stderr
    assert "set TRADEWATCH_HOME" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    project.assert_nothing_is_left()


def test_an_edit_that_prometheus_refuses_is_shown_and_starts_nothing(tmp_path: Path) -> None:
    with project_in(tmp_path / "project", free_ports(), interval="soon") as project:
        refused = project.up(*ONE_DAY)
        assert refused.returncode == 2
        assert "prometheus ended with status" in refused.stderr
        assert "soon" in refused.stderr
        project.assert_nothing_is_left()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_start_that_is_interrupted_leaves_nothing(project: Project, number: signal.Signals) -> None:
    with project.begin_up() as starting:
        assert wait_until(lambda: is_state(project, "prometheus", State.READY), seconds=SECONDS)
        starting.send_signal(number)
        assert starting.wait(timeout=SECONDS) != 0
    project.assert_nothing_is_left()


def test_a_start_that_is_killed_goes_on_without_it(project: Project) -> None:
    with project.begin_up(*ONE_DAY) as starting:
        assert wait_until(lambda: is_state(project, "prometheus", State.READY), seconds=SECONDS)
        starting.kill()
    again = project.up(*ONE_DAY)
    assert again.returncode == 0
    assert "already runs" in again.stdout
    assert project.run("down").returncode == 0
    project.assert_nothing_is_left()


def is_state(project: Project, name: str, state: State) -> bool:
    member = project.members().get(name)
    return member is not None and member.state is state


def test_every_process_that_is_killed_is_back_within_seconds(quick_project: Project) -> None:
    def ready() -> list[str]:
        return [name for name, member in quick_project.members().items() if member.state is State.READY]

    every = {"prometheus", "alertmanager", "journal", "hydra", "hydra-exporter", "velocitytrader-exporter"}
    with started(quick_project, *ONE_DAY):
        assert wait_until(lambda: every <= set(ready()), seconds=SECONDS), ready()
        names = ready()
    for name in names:
        lost = quick_project.process(name)
        os.kill(lost.pid, signal.SIGKILL)
        assert wait_until(lambda name=name: quick_project.members()[name].restarts == 1, seconds=SECONDS), name  # type: ignore[misc]  # a default binds the name
        assert wait_until(lambda name=name: is_state(quick_project, name, State.READY), seconds=SECONDS), name  # type: ignore[misc]  # a default binds the name
    assert quick_project.sound_status().count("last was ended by SIGKILL at ") == len(names)
    log = (quick_project.places.logs / "supervisor.log").read_text()
    assert log.count(f"was ended by SIGKILL, is started again in {SHORTEST_PAUSE:g} s") == len(names)


def test_a_process_that_cannot_come_back_is_shown(quick_project: Project) -> None:
    with started(quick_project, "--systems", "bot"):
        exporter = quick_project.process("bot-exporter")
    (quick_project.places.ledgers / "bot.db").unlink()
    state = quick_project.places.state
    shutil.rmtree(state, ignore_errors=True)
    state.write_text("no folder")
    os.kill(exporter.pid, signal.SIGKILL)
    assert wait_until(lambda: quick_project.members()["bot-exporter"].restarts >= 1, seconds=SECONDS)
    assert wait_until(lambda: quick_project.run("status").returncode == 1, seconds=SECONDS)


def test_what_a_killed_supervisor_left_is_shown_and_a_new_start_replaces_it(quick_project: Project) -> None:
    with started(quick_project, "--systems", "bot"):
        stack = quick_project.stack()
    assert stack is not None
    assert stack.supervisor is not None
    os.kill(stack.supervisor.pid, signal.SIGKILL)
    assert wait_until(lambda: quick_project.run("status").returncode == 1, seconds=SECONDS)
    assert "Nobody watches over these processes" in quick_project.run("status").stdout
    with started(quick_project, "--systems", "bot"):
        assert quick_project.sound_status()
        assert len(quick_project.processes()) == len(quick_project.members()) + 1
    quick_project.run("down")
    quick_project.assert_nothing_is_left()
