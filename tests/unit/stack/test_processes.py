import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.patience import SECONDS
from tradewatch.stack import processes
from tradewatch.stack.processes import Process
from tradewatch.stack.waiting import wait_until

SLEEP = ("/bin/sleep", "600")
STUBBORN = ("/bin/sh", "-c", "trap '' TERM; echo deaf; while :; do /bin/sleep 0.1; done")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "logs" / "name.log"


@pytest.fixture
def sleeper(log: Path) -> Iterator[Process]:
    process = processes.start(SLEEP, log)
    yield process
    processes.stop([process])


def test_a_started_process_lives_in_a_session_of_its_own_until_it_is_stopped(sleeper: Process) -> None:
    assert processes.is_alive(sleeper)
    assert os.getsid(sleeper.pid) == sleeper.pid
    processes.stop([sleeper])
    assert not processes.is_alive(sleeper)


def test_a_killed_process_is_not_alive_although_nobody_buried_it(sleeper: Process) -> None:
    os.kill(sleeper.pid, signal.SIGKILL)
    assert wait_until(lambda: not processes.is_alive(sleeper), seconds=SECONDS)
    assert Path("/proc", str(sleeper.pid)).exists()


def test_a_stranger_with_a_recycled_number_is_neither_alive_nor_stopped(sleeper: Process) -> None:
    predecessor = replace(sleeper, birth="another birth")
    assert not processes.is_alive(predecessor)
    processes.stop([predecessor])
    assert processes.is_alive(sleeper)


def test_a_number_that_nobody_has_is_not_alive() -> None:
    assert not processes.is_alive(Process(pid=2**22 + 1, birth="boot/1"))


def test_a_program_with_brackets_in_its_name_is_recognised(tmp_path: Path, log: Path) -> None:
    program = tmp_path / "a) Z (b"
    program.symlink_to("/bin/sleep")
    process = processes.start((str(program), "600"), log)
    assert processes.is_alive(process)
    processes.stop([process])


def test_a_process_that_is_deaf_to_the_request_is_killed(log: Path) -> None:
    process = processes.start(STUBBORN, log)
    assert wait_until(lambda: "deaf" in log.read_text(), seconds=SECONDS)
    processes.stop([process], grace=0.3)
    assert not processes.is_alive(process)


def test_a_process_is_stopped_with_its_children(log: Path) -> None:
    process = processes.start(("/bin/sh", "-c", "/bin/sleep 600 & echo $!; wait"), log)
    assert wait_until(lambda: log.read_text().endswith("\n"), seconds=SECONDS)
    child = int(log.read_text())
    assert processes.birth_of(child) is not None
    processes.stop([process])
    assert wait_until(lambda: processes.birth_of(child) is None, seconds=SECONDS)


def test_both_outputs_go_to_a_log_that_starts_empty(log: Path) -> None:
    log.parent.mkdir()
    log.write_text("of the run before\n")
    process = processes.start(("/bin/sh", "-c", "echo out; echo err >&2"), log)
    assert wait_until(lambda: not processes.is_alive(process), seconds=SECONDS)
    assert log.read_text() == "out\nerr\n"


def test_the_last_lines_of_a_log_are_shown(log: Path) -> None:
    log.parent.mkdir()
    log.write_bytes(b"one\ntwo\nthr\xffee\n")
    assert processes.last_lines(log, count=2) == "two\nthr�ee"
