"""Many threads, signal handlers, and the end of a recorder, wherever it comes from."""

import itertools
import os
import signal
import sqlite3
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tests.support.ledgers import bodies, kinds, losses, rows
from tests.support.patience import SECONDS
from tradewatch import Recorder
from tradewatch.recorder import committer, run
from tradewatch.stack.waiting import wait_until

"""Far more than anything here takes: a deadlock is what fails."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture(autouse=True)
def _switching_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def in_threads(*calls: Callable[[], object]) -> None:
    """Call all at once, and wait until all have returned."""
    threads = [threading.Thread(target=call, daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert not any(thread.is_alive() for thread in threads), "a thread hangs"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep everybody else from writing a ledger."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


def test_eight_threads_lose_nothing(path: Path) -> None:
    def tell(thread: int) -> None:
        for number in range(500):
            record.error_occurred(component=f"{thread}", type="x", message=f"{number}")

    with Recorder(path) as record:
        in_threads(*(lambda thread=thread: tell(thread) for thread in range(8)))
        assert record.flush()
    for thread in range(8):
        told = [body["message"] for body in bodies(path, "error_occurred") if body["component"] == str(thread)]
        assert told == [str(number) for number in range(500)]
    assert len({row.id for row in rows(path)}) == 8 * 500 + 2


def test_any_thread_may_flush_while_others_tell(path: Path) -> None:
    answers: list[bool] = []

    def tell_and_flush(thread: int) -> None:
        for number in range(10):
            record.error_occurred(component=f"{thread}", type="x", message=f"{number}")
            answers.append(record.flush(SECONDS) and _last_of(path, thread) == number)

    with Recorder(path) as record:
        in_threads(*(lambda thread=thread: tell_and_flush(thread) for thread in range(4)))
    assert answers == [True] * 40


def _last_of(path: Path, thread: int) -> int:
    told = [body["message"] for body in bodies(path, "error_occurred") if body["component"] == str(thread)]
    return int(told[-1])


def test_every_thread_learns_of_a_loss_once(path: Path) -> None:
    """What one thread's flush has reported is still news to another one, whose facts they may have been."""
    answers: list[bool] = []
    with Recorder(path, capacity=1) as record:
        assert record.flush()
        with locked(path):
            for _ in range(5):
                record.heartbeat(interval=1.0)
        in_threads(lambda: answers.extend(record.flush(SECONDS) for _ in range(2)))
        answers.extend(record.flush(SECONDS) for _ in range(2))
    assert answers == [False, True, False, True]


def interrupted(call: Callable[[], object], interruption: Callable[[], object], line: int) -> bool:
    """Call, and run the interruption before that line of the recorder or `threading`, as a signal handler would.

    Return whether the call came that far.
    """
    lines = 0

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:  # Any: itself, with any frame
        nonlocal lines
        if "recorder" not in frame.f_code.co_filename and not frame.f_code.co_filename.endswith("threading.py"):
            return None
        lines += event == "line"
        if event == "line" and lines == line:
            interruption()
        return trace

    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(None)
    return lines >= line


def test_a_signal_handler_may_tell_at_any_line_of_telling(path: Path) -> None:
    def tell() -> None:
        while interrupted(
            lambda: record.error_occurred(component="outer", type="x"),
            lambda: record.error_occurred(component="inner", type="x"),
            len(lines) + 1,
        ):
            lines.append(True)

    lines: list[bool] = []
    with Recorder(path) as record:
        in_threads(tell)
        assert record.flush(SECONDS)
        assert len(lines) > 10
        told = [body["component"] for body in bodies(path, "error_occurred")]
        assert (told.count("outer"), told.count("inner")) == (len(lines) + 1, len(lines))


def test_a_signal_handler_may_tell_at_any_line_of_refusing(path: Path) -> None:
    def tell() -> None:
        while interrupted(bad, bad, len(lines) + 1):
            lines.append(True)

    lines: list[bool] = []
    with Recorder(path) as record:
        bad: Callable[[], None] = record.heartbeat  # type: ignore[assignment]  # without its field
        in_threads(tell)
        assert record.flush(SECONDS)
        assert len(lines) > 10
        assert record.refused == losses(path, "facts_refused") == {("heartbeat", "missing_field"): 2 * len(lines) + 1}


@pytest.mark.parametrize("line", range(1, 40, 3))
def test_a_signal_handler_may_flush_at_any_line_of_flushing(path: Path, line: int) -> None:
    answers: list[bool] = []

    def flush() -> None:
        record.heartbeat(interval=1.0)
        interrupted(lambda: answers.append(record.flush(SECONDS)), lambda: answers.append(record.flush(SECONDS)), line)

    with Recorder(path) as record:
        in_threads(flush)
    assert all(answers)
    assert answers


@pytest.mark.parametrize("line", range(1, 14))
def test_a_signal_handler_may_close_at_any_line_of_telling(path: Path, line: int) -> None:
    record = Recorder(path)
    in_threads(lambda: interrupted(lambda: record.heartbeat(interval=1.0), record.close, line))
    record.close()
    written = kinds(path).count("heartbeat")
    assert written + record.dropped.get(("heartbeat", "closed"), 0) == 1


@pytest.mark.parametrize("line", range(1, 60, 4))
def test_a_signal_handler_may_close_at_any_line_of_closing(path: Path, line: int) -> None:
    record = Recorder(path)
    record.heartbeat(interval=1.0)
    in_threads(lambda: interrupted(record.close, record.close, line))
    assert kinds(path) == ["run_started", "heartbeat", "run_ended"]


@pytest.mark.skipif(threading.current_thread() is not threading.main_thread(), reason="signals are for main threads")
def test_real_signals_while_the_main_thread_tells(path: Path) -> None:
    signals = itertools.count(1)
    handled = 0

    def handle(_number: int, _frame: FrameType | None) -> None:
        nonlocal handled
        handled = next(signals)
        record.error_occurred(component="inner", type="x")
        if handled % 50 == 0:
            assert record.flush(SECONDS)

    with Recorder(path) as record:
        before = signal.signal(signal.SIGALRM, handle)
        signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
        try:
            told = 0
            while handled < 300:
                record.error_occurred(component="outer", type="x")
                told += 1
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        assert record.flush(SECONDS)
        counts = Counter(body["component"] for body in bodies(path, "error_occurred"))
    assert counts + Counter(dropped=sum(record.dropped.values())) == Counter(outer=told, inner=next(signals) - 1)


def test_any_thread_may_close_and_again(path: Path) -> None:
    record = Recorder(path)
    record.heartbeat(interval=1.0)
    in_threads(*[record.close] * 4)
    record.close()
    assert kinds(path) == ["run_started", "heartbeat", "run_ended"]
    assert record.dropped == record.refused == {}
    assert record.flush()


def test_what_is_told_after_the_end_is_counted_and_said_once(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    record = Recorder(path)
    record.close()
    for _ in range(3):
        record.heartbeat(interval=1.0)
    record.trade_voided(trade_id="1")
    assert record.dropped == {("heartbeat", "closed"): 3, ("trade_voided", "closed"): 1}
    assert not record.flush()
    assert kinds(path) == ["run_started", "run_ended"]
    assert [message for message in caplog.messages if "after the recorder was closed" in message] == [
        caplog.messages[-1]
    ]


def test_threads_that_tell_while_another_closes_lose_nothing_unsaid(path: Path) -> None:
    told = [0] * 4

    def tell(thread: int) -> None:
        while not closed.is_set():
            for _ in range(10):
                record.error_occurred(component=f"{thread}", type="x")
                told[thread] += 1
            closed.wait(0.002)

    closed = threading.Event()
    record = Recorder(path)
    threads = [threading.Thread(target=tell, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    assert wait_until(lambda: all(told), seconds=SECONDS)
    record.close()
    closed.set()
    for thread in threads:
        thread.join()
    assert kinds(path).count("error_occurred") + sum(record.dropped.values()) == sum(told)


def test_closing_gives_up_on_a_ledger_that_is_locked(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "CLOSE_SECONDS", 0.2)
    monkeypatch.setattr(committer, "BUSY_SECONDS", 0.05)
    record = Recorder(path)
    assert record.flush()
    with locked(path):
        record.heartbeat(interval=1.0)
        record.close()
    assert record.dropped == {("heartbeat", "not_written"): 1, ("run_ended", "not_written"): 1}
    assert not record.flush()
    assert kinds(path) == ["run_started"]


def test_closing_gives_up_on_a_disk_that_does_not_answer(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "CLOSE_SECONDS", 0.1)
    monkeypatch.setattr(committer, "BUSY_SECONDS", SECONDS)
    record = Recorder(path)
    assert record.flush()
    with locked(path):
        record.heartbeat(interval=1.0)
        record.close()
        assert record.dropped[("heartbeat", "not_written")] == 1


def test_a_bot_that_cannot_have_a_thread_goes_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", _no_more_threads)
        record = Recorder(path)
        record.heartbeat(interval=1.0)
        assert not record.flush()
    record.heartbeat(interval=2.0)
    assert record.flush()
    record.close()
    assert [body["interval"] for body in bodies(path, "heartbeat")] == [1.0, 2.0]


def _no_more_threads(_: threading.Thread) -> None:
    message = "can't start new thread"
    raise RuntimeError(message)


def test_a_recorder_leaves_no_thread_and_no_descriptor_behind(path: Path) -> None:
    def threads() -> int:
        return sum(thread.name == "tradewatch-recorder" for thread in threading.enumerate())

    def descriptors() -> int:
        return sum(os.path.realpath(each).startswith(str(path)) for each in Path("/proc/self/fd").iterdir())

    assert wait_until(lambda: threads() == 0, seconds=SECONDS)
    for _ in range(20):
        with Recorder(path) as record:
            record.heartbeat(interval=1.0)
            assert record.flush()
            assert threads() == 1
            assert descriptors() > 0
    assert threads() == descriptors() == 0
