"""What can go wrong, from the fault to the line that a person reads, and back: real processes, servers and rules.

The rules are the committed ones, but for the times: nobody waits for minutes here. The systems are scripted, so that a
test can decide how they are; everything behind their ledgers is what a user has.
"""

import os
import re
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support import scripted_system
from tests.support.patience import SECONDS
from tests.support.projects import Project, free_ports, project_in
from tests.support.scripted_system import EQUITY, entry
from tradewatch.facts import ConnectionChanged, EquityMarked, Fact, RiskActed, RiskAction
from tradewatch.ledger import SqliteAppender
from tradewatch.stack import lifecycle, plan, settings
from tradewatch.stack.plan import Wanted
from tradewatch.stack.ports import LOOPBACK
from tradewatch.stack.records import State
from tradewatch.stack.service import Service
from tradewatch.stack.waiting import wait_until

PATIENCE = 45
"""Seconds without a sign of life. One comes every two to four, the first after 30: Prometheus tells Alertmanager for
the second time then, and had not found it yet at the first."""

SYSTEMS = ("hydra", "velocitytrader")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """Yield a stack that runs, with quick rules and scripted systems."""
    with project_in(tmp_path / "project", free_ports(), interval="1s") as project:
        monkeypatch.setenv("PATH", project.environment()["PATH"])  # else the servers are unpacked for each test
        for rules in project.places.configuration.parent.rglob("*.yml"):
            rules.write_text(quick(rules.read_text()))
        start(project)
        yield project


_STALE = "> on(job, instance, asset) hydra_stale_after_seconds)"
"""What a feed must be older than, in the rules as they are made."""


def quick(rules: str) -> str:
    """Return rules that hold for a second, and routes that wait for two, instead of minutes."""
    at_once = re.sub(r"\b(for|keep_firing_for): \S+", r"\1: 1s", rules).replace(_STALE, "> 5)")
    return re.sub(r"(group_interval|repeat_interval): (15|30)s", r"\1: 2s", at_once)


def start(project: Project) -> None:
    given = {f"ports.{name}": port for name, port in project.ports.by_name().items()} | {"demo.systems": SYSTEMS}
    found = settings.load(project.places.settings, {"TRADEWATCH_JOURNAL_PATIENCE": str(PATIENCE)}, given)
    now = datetime.now(UTC)
    wanted = Wanted(shown=plan.demo(found, project.places, now), history="demo", settings=found, now=now)
    for name in ("demo", "control-hydra", "control-velocitytrader"):
        (project.places.home / name).mkdir(parents=True)
    planned = plan.planned(wanted, project.places).plan
    services = tuple(scripted(service, project) for service in planned.services if not service.is_task)
    lifecycle.start(replace(planned, services=services), project.places, lambda _: None)
    for query in ("hydra_system_status == 1", "velocitytrader_system_status == 1"):
        assert wait_until(lambda query=query: bool(project.ask(query)), seconds=SECONDS), query  # type: ignore[misc]  # a default binds the query


def scripted(service: Service, project: Project) -> Service:
    if service.name not in SYSTEMS:
        return service
    assert service.reaching is not None
    program = (sys.executable, scripted_system.__file__, service.name, str(service.reaching.ledger))
    return replace(
        service,
        command=(*program, str(control(project, service.name))),
        reaching=replace(service.reaching, system=None),
    )


def control(project: Project, system: str) -> Path:
    return project.places.home / f"control-{system}"


def ledger(project: Project, system: str) -> Path:
    return project.places.trading_logs if system == "velocitytrader" else project.places.ledgers / f"{system}.db"


def tell(project: Project, system: str, *facts: Fact) -> None:
    with closing(SqliteAppender(ledger(project, system))) as appender:
        appender.append([entry(fact) for fact in facts], system)


@contextmanager
def heard(project: Project, alert: str, severity: str) -> Iterator[None]:
    """Wait for the alert, with a number or a name in words and a runbook; let the fault be mended; wait for its end."""
    line = project.told("FIRING", alert)
    assert re.search(rf"  {severity} +\w+  {alert}  .{{10,}}  http\S+/{alert}\.md$", line), line
    yield
    resolved = project.told("RESOLVED", alert)
    assert resolved[:23] >= line[:23]


def test_a_killed_runtime_that_does_not_come_back(project: Project) -> None:
    broken = control(project, "hydra") / "broken"
    broken.touch()
    os.kill(project.process("hydra").pid, signal.SIGKILL)
    with heard(project, "HydraDown", "critical"):
        assert project.run("status").returncode == 1
        broken.unlink()
    assert wait_until(lambda: project.run("status").returncode == 0, seconds=SECONDS)


def test_a_feed_that_stops(project: Project) -> None:
    silent = control(project, "hydra") / "no-feed"
    silent.touch()
    with heard(project, "HydraFeedStale", "warning"):
        silent.unlink()


def test_a_loss_budget_that_is_used_up(project: Project) -> None:
    tell(project, "hydra", EquityMarked(equity=0.975 * EQUITY))
    with heard(project, "HydraDailyLossReached", "critical"):
        tell(project, "hydra", EquityMarked(equity=EQUITY))


def test_a_kill_switch_and_its_release_by_a_person(project: Project) -> None:
    tell(project, "hydra", RiskActed(action=RiskAction.KILL_SWITCH_ON, reason="drawdown"))
    with heard(project, "HydraKillSwitch", "critical"):
        released = project.run("guardian", "reset", "--ledger", str(ledger(project, "hydra")), "--reason", "looked at")
        assert released.returncode == 0, released.stderr


def test_a_terminal_that_is_cut_off(project: Project) -> None:
    tell(project, "velocitytrader", ConnectionChanged(connection="mt5", connected=False))
    with heard(project, "VelocityTraderMT5Disconnected", "critical"):
        tell(project, "velocitytrader", ConnectionChanged(connection="mt5", connected=True))


def test_a_ledger_that_is_damaged(project: Project, tmp_path: Path) -> None:
    place = ledger(project, "hydra")
    (control(project, "hydra") / "broken").touch()
    assert wait_until(lambda: project.members()["hydra"].restarts > 0, seconds=SECONDS)
    shelter = tmp_path / "shelter"
    shelter.mkdir()
    for file in place.parent.glob(f"{place.name}*"):
        file.rename(shelter / file.name)
    place.write_bytes(b"SQLite format 3\0" + b"\xff" * 8_000)
    with heard(project, "SourceDown", "critical"):
        place.unlink()
        for file in shelter.iterdir():
            file.rename(place.parent / file.name)
        (control(project, "hydra") / "broken").unlink()


def test_an_exporter_whose_port_was_taken_while_it_was_down(project: Project) -> None:
    os.kill(project.process("velocitytrader-exporter").pid, signal.SIGKILL)
    with taken(project.ports.velocitytrader) as thief, heard(project, "TargetDown", "critical"):
        assert wait_until(lambda: project.run("status").returncode == 1, seconds=SECONDS)
        thief.close()
    assert wait_until(lambda: project.members()["velocitytrader-exporter"].state is State.READY, seconds=SECONDS)


@contextmanager
def taken(port: int) -> Iterator[socket.socket]:
    """Yield a socket that listens on a port as soon as it is free."""
    found: list[socket.socket] = []

    def take() -> bool:
        try:
            found.append(socket.create_server((LOOPBACK, port)))
        except OSError:
            return False
        return True

    assert wait_until(take, seconds=SECONDS)
    with found[0] as thief:
        yield thief


def require_sound(project: Project) -> None:
    """Wait for longer than the journal is patient, and until it has heard that alerting works."""
    begun = datetime.now(UTC)
    assert wait_until(lambda: datetime.now(UTC) - begun > timedelta(seconds=PATIENCE + 3), seconds=SECONDS)
    assert wait_until(lambda: not is_silent(project), seconds=SECONDS)


def silences(project: Project) -> list[str]:
    """Return the lines on silence: each beginning has an end. A machine that is very busy may have been silent."""
    return [line for line in project.journal() if "AlertingIsSilent" in line]


def is_silent(project: Project) -> bool:
    return "FIRING" in "".join(silences(project)[-1:])


@pytest.mark.parametrize("server", ["alertmanager", "prometheus"])
def test_a_server_that_hangs_is_noticed_by_its_silence(project: Project, server: str) -> None:
    require_sound(project)
    hanging = project.process(server).pid
    os.kill(hanging, signal.SIGSTOP)
    assert wait_until(lambda: is_silent(project), seconds=SECONDS)
    assert "FIRING    critical  tradewatch  AlertingIsSilent  no sign of life" in silences(project)[-1]
    os.kill(hanging, signal.SIGCONT)
    assert wait_until(lambda: not is_silent(project), seconds=SECONDS)
    assert "RESOLVED  critical  tradewatch  AlertingIsSilent" in silences(project)[-1]
