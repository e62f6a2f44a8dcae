import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tradewatch.stack import lifecycle, processes, records
from tradewatch.stack.lifecycle import StartError
from tradewatch.stack.places import Places
from tradewatch.stack.plan import Service, Source
from tradewatch.stack.ports import Ports
from tradewatch.stack.records import Stack
from tradewatch.stack.waiting import wait_until

NEW = Stack(subject="trades of my.csv", ports=Ports())
SLEEP = ("/bin/sleep", "600")


def interrupt() -> bool:
    raise KeyboardInterrupt


FIRST = Service(name="first", progress="starting first", command=SLEEP, is_ready=lambda: True)
SECOND = Service(name="second", progress="starting second", command=SLEEP, is_ready=lambda: True)
DYING = Service(
    name="dying",
    progress="starting dying",
    command=("/bin/sh", "-c", "echo no such ledger; exit 3"),
    is_ready=lambda: False,
)
NEVER_READY = Service(
    name="slow", progress="starting slow", command=("/bin/sh", "-c", "echo thinking; sleep 600"), is_ready=lambda: False
)
INTERRUPTED = Service(name="interrupted", progress="starting interrupted", command=SLEEP, is_ready=interrupt)


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    places = Places(root=tmp_path, home=tmp_path / "home")
    yield places
    lifecycle.stop(places)


class Launches:
    """Remembers every process that the stack starts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.all: list[processes.Process] = []
        self._start = processes.start
        monkeypatch.setattr(processes, "start", self.start)

    def start(self, command: tuple[str, ...], log: Path) -> processes.Process:
        self.all.append(self._start(command, log))
        return self.all[-1]

    def survivors(self) -> list[processes.Process]:
        return [process for process in self.all if processes.is_alive(process)]


@pytest.fixture
def launches(monkeypatch: pytest.MonkeyPatch) -> Launches:
    return Launches(monkeypatch)


def ignore(_: str) -> None:
    """Report to nobody."""


def test_a_started_stack_runs_until_it_is_stopped(places: Places, launches: Launches) -> None:
    told: list[str] = []
    stack = lifecycle.start(NEW, [FIRST, SECOND], places, told.append)
    assert told == ["starting first", "starting second"]
    assert lifecycle.running(places) == stack
    assert len(launches.survivors()) == 2
    assert lifecycle.stop(places) == ["second", "first"]
    assert launches.survivors() == []
    assert lifecycle.running(places) is None


def test_stopping_nothing_is_no_mistake(places: Places) -> None:
    assert lifecycle.stop(places) == ()


def test_a_stack_that_lost_a_process_does_not_run_and_the_rest_can_be_stopped(places: Places) -> None:
    stack = lifecycle.start(NEW, [FIRST, SECOND], places, ignore)
    lost = stack.members[0].process
    os.kill(lost.pid, signal.SIGKILL)
    assert wait_until(lambda: not processes.is_alive(lost), seconds=5)
    assert lifecycle.running(places) is None
    assert lifecycle.stop(places) == ["second"]


def test_a_stack_whose_start_was_cut_short_does_not_run_and_can_be_stopped(places: Places) -> None:
    process = processes.start(SLEEP, places.log("first"))
    member = records.Member(name="first", process=process, health=None)
    records.save(places.record, Stack(subject="x", ports=Ports(), members=(member,)))
    assert lifecycle.running(places) is None
    assert lifecycle.stop(places) == ["first"]


def test_a_process_that_dies_is_shown_with_its_last_words_and_takes_the_rest_down(
    places: Places, launches: Launches
) -> None:
    with pytest.raises(StartError, match=r"(?s)dying ended while the stack was starting.*dying.log:\nno such ledger"):
        lifecycle.start(NEW, [FIRST, DYING], places, ignore)
    assert len(launches.all) == 2
    assert launches.survivors() == []
    assert records.load(places.record) is None


def test_a_process_that_does_not_get_ready_in_time_takes_all_down(
    places: Places, launches: Launches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "READY_SECONDS", 0.5)
    with pytest.raises(StartError, match=r"(?s)slow was not ready.*thinking"):
        lifecycle.start(NEW, [FIRST, NEVER_READY], places, ignore)
    assert launches.survivors() == []


def test_an_interrupted_start_leaves_nothing(places: Places, launches: Launches) -> None:
    with pytest.raises(KeyboardInterrupt):
        lifecycle.start(NEW, [FIRST, INTERRUPTED], places, ignore)
    assert len(launches.all) == 2
    assert launches.survivors() == []


def source_with(places: Places, import_command: tuple[str, ...] | None) -> Source:
    return Source(subject="trades of my.csv", ledger=places.ledgers / "x.db", import_command=import_command)


def test_a_failed_import_says_that_nothing_was_started(places: Places) -> None:
    with pytest.raises(StartError, match=r"nothing was started, because the trades of my\.csv could not be imported"):
        lifecycle.bring_trades(source_with(places, ("/bin/false",)))


@pytest.mark.parametrize("command", [None, ("/bin/true",)])
def test_trades_find_a_folder_for_their_ledger(places: Places, command: tuple[str, ...] | None) -> None:
    lifecycle.bring_trades(source_with(places, command))
    assert places.ledgers.is_dir()
