import os
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.patience import SECONDS
from tradewatch.stack import lifecycle, processes, records
from tradewatch.stack.lifecycle import StartError
from tradewatch.stack.places import Places
from tradewatch.stack.plan import Shown
from tradewatch.stack.ports import Ports
from tradewatch.stack.processes import Process
from tradewatch.stack.records import Member, Stack, State
from tradewatch.stack.service import Service
from tradewatch.stack.supervisor import Plan
from tradewatch.stack.waiting import wait_until

SLEEP = ("/bin/sleep", "600")
FIRST = Service(name="first", progress="starting first", command=SLEEP)
SECOND = Service(name="second", progress="starting second", command=SLEEP, after=("first",))
DYING = Service(name="dying", progress="starting dying", command=("/bin/sh", "-c", "echo no such ledger; exit 3"))
NEVER_READY = Service(
    name="slow",
    progress="starting slow",
    command=("/bin/sh", "-c", "echo thinking; sleep 600"),
    health="http://127.0.0.1:1/",
)


def plan_of(places: Places, *services: Service) -> Plan:
    return Plan(subject="trades of my.csv", ports=Ports(), folder=places.root, services=services)


def ignore(_: str) -> None:
    """Report to nobody."""


def members(places: Places) -> Mapping[str, Member]:
    stack = records.load(places.record)
    return {} if stack is None else {member.name: member for member in stack.members}


def process_of(places: Places, name: str) -> Process:
    process = members(places)[name].process
    assert process is not None
    return process


def test_a_started_stack_runs_until_it_is_stopped(places: Places) -> None:
    told: list[str] = []
    stack = lifecycle.start(plan_of(places, FIRST, SECOND), places, told.append)
    assert [(member.name, member.state) for member in stack.members] == [
        ("first", State.READY),
        ("second", State.READY),
    ]
    assert lifecycle.running(places) == stack
    assert len(processes.marked(places.home)) == len(["supervisor", "first", "second"])
    assert lifecycle.stop(places) == ["second", "first"]
    assert processes.marked(places.home) == []
    assert lifecycle.running(places) is None
    assert not places.record.exists()


def test_stopping_nothing_is_no_mistake(places: Places) -> None:
    assert lifecycle.stop(places) == []


def test_a_process_that_was_killed_comes_back_and_the_record_says_so(places: Places) -> None:
    lifecycle.start(plan_of(places, FIRST, SECOND), places, ignore)
    lost = process_of(places, "first")
    os.kill(lost.pid, signal.SIGKILL)
    assert wait_until(lambda: members(places)["first"].restarts == 1, seconds=SECONDS)
    assert wait_until(lambda: members(places)["first"].state is State.READY, seconds=SECONDS)
    back = members(places)["first"]
    assert back.process != lost
    assert back.ended.startswith("was ended by SIGKILL at ")
    assert members(places)["second"].restarts == 0


def test_each_end_soon_after_a_start_makes_the_next_pause_longer(places: Places) -> None:
    failing = Service(name="failing", progress="trying", command=("/bin/false",), is_needed=False)
    lifecycle.start(plan_of(places, FIRST), places, ignore)
    lifecycle.stop(places)
    places.log("supervisor").unlink()
    with pytest.MonkeyPatch.context() as patience:
        patience.setattr(lifecycle, "PATIENCE_SECONDS", 2.5)
        lifecycle.start(plan_of(places, FIRST, failing), places, ignore)
    pauses = [
        line.rpartition(" in ")[2] for line in places.log("supervisor").read_text().splitlines() if " in " in line
    ]
    assert pauses[:2] == ["0.5 s", "1 s"]


def test_a_task_is_done_once_and_then_no_process(places: Places) -> None:
    task = Service(name="task", progress="working", command=("/bin/true",), is_task=True)
    after = Service(name="after", progress="starting after", command=SLEEP, after=("task",))
    lifecycle.start(plan_of(places, task, after), places, ignore)
    assert members(places)["task"].state is State.DONE
    assert members(places)["task"].process is None
    assert members(places)["after"].state is State.READY


def test_what_a_killed_supervisor_left_does_not_run_and_can_be_stopped(places: Places) -> None:
    stack = lifecycle.start(plan_of(places, FIRST, SECOND), places, ignore)
    assert stack.supervisor is not None
    os.kill(stack.supervisor.pid, signal.SIGKILL)
    assert wait_until(lambda: lifecycle.running(places) is None, seconds=SECONDS)
    assert len(processes.marked(places.home)) == 2
    assert lifecycle.stop(places) == ["second", "first"]
    assert processes.marked(places.home) == []


def test_processes_that_no_record_names_are_found_by_their_mark(places: Places) -> None:
    lifecycle.start(plan_of(places, FIRST), places, ignore)
    places.record.unlink()
    assert lifecycle.stop(places) == ["what was left"]
    assert processes.marked(places.home) == []


def test_a_process_that_dies_is_shown_with_its_last_words_and_takes_the_rest_down(places: Places) -> None:
    with pytest.raises(
        StartError, match=r"(?s)dying ended with status 3 while the stack was starting.*dying.log:\nno such ledger"
    ):
        lifecycle.start(plan_of(places, FIRST, DYING), places, ignore)
    assert processes.marked(places.home) == []
    assert records.load(places.record) is None


def test_a_process_that_does_not_get_ready_in_time_takes_all_down(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "READY_SECONDS", 2.0)
    with pytest.raises(StartError, match=r"(?s)slow was not ready.*thinking"):
        lifecycle.start(plan_of(places, FIRST, NEVER_READY), places, ignore)
    assert processes.marked(places.home) == []


def test_an_interrupted_start_leaves_nothing(places: Places) -> None:
    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lifecycle.start(plan_of(places, FIRST, NEVER_READY), places, interrupt)
    assert processes.marked(places.home) == []


def test_what_may_follow_later_does_not_hold_a_start_up(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "PATIENCE_SECONDS", 0.5)
    late = Service(name="late", progress="late", command=SLEEP, health="http://127.0.0.1:1/", is_needed=False)
    stack = lifecycle.start(plan_of(places, FIRST, late), places, ignore)
    assert [member.state for member in stack.members] == [State.READY, State.STARTING]


def shown_with(places: Places, import_command: tuple[str, ...] | None) -> Shown:
    return Shown(
        system="bot", subject="trades of my.csv", ledger=places.ledgers / "x.db", import_command=import_command
    )


def test_a_failed_import_says_that_nothing_was_started(places: Places) -> None:
    with pytest.raises(StartError, match=r"nothing was started, because the trades of my\.csv could not be imported"):
        lifecycle.bring_trades(shown_with(places, ("/bin/false",)))


@pytest.mark.parametrize("command", [None, ("/bin/true",)])
def test_trades_find_a_folder_for_their_ledger(places: Places, command: tuple[str, ...] | None) -> None:
    lifecycle.bring_trades(shown_with(places, command))
    assert places.ledgers.is_dir()


def test_a_history_that_never_was_is_not_seen_and_another_one_was_last_written_when_its_log_was(
    places: Places,
) -> None:
    assert lifecycle.last_seen(places, "demo") is None
    log = places.prometheus_data / "demo" / "wal" / "00000000"
    log.parent.mkdir(parents=True)
    log.touch()
    os.utime(log, (1_700_000_000, 1_700_000_000))
    seen = lifecycle.last_seen(places, "demo")
    assert seen is not None
    assert seen.isoformat() == "2023-11-14T22:13:20+00:00"


def test_a_record_of_another_version_is_named(places: Places) -> None:
    places.record.parent.mkdir(parents=True)
    places.record.write_text("{}")
    with pytest.raises(Exception, match="no record of a running stack"):
        lifecycle.running(places)
    places.record.unlink()


def test_a_stack_without_a_supervisor_does_not_run(places: Places) -> None:
    records.save(places.record, Stack(subject="x", ports=Ports()))
    assert lifecycle.running(places) is None


def test_the_supervisor_ends_by_itself_with_everything(places: Places, tmp_path: Path) -> None:
    stack = lifecycle.start(plan_of(places, FIRST), places, ignore)
    assert stack.supervisor is not None
    os.kill(stack.supervisor.pid, signal.SIGTERM)
    assert wait_until(lambda: processes.marked(places.home) == [], seconds=SECONDS)
    assert not places.record.exists()
    assert tmp_path.exists()
