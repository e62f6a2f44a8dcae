"""Bots that leave in every way a process can, and bots that fork."""

import multiprocessing
import os
import random
import sys
import threading
import traceback
from collections.abc import Callable

from tests.support.bots import say
from tradewatch import Recorder
from tradewatch.recorder import process

FACTS = 300


def beat(record: Recorder, whose: str, count: int = 1) -> None:
    """Tell so many numbered facts in somebody's name."""
    for number in range(count):
        record.error_occurred(component=whose, type="x", message=str(number))


def leave(ledger: str, how: str) -> None:
    """Tell, and leave without closing."""
    record = Recorder(ledger)
    beat(record, "bot", FACTS)
    say(told=FACTS)
    if how == "exit":
        sys.exit(0)
    if how == "exception":
        sys.excepthook = lambda *_: os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        raise KeyError(how)
    if how == "thread":
        threading.Thread(target=lambda: beat(record, "thread", FACTS)).start()


def forked(child: Callable[[], None]) -> int:
    """Run something in a forked child that leaves without any of Python's clean-up, and return its number."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            child()
            status = 0
        except BaseException:  # noqa: BLE001 - a child must not go on with its parent's work
            traceback.print_exc()
        finally:
            os._exit(status)
    return pid


def ended(pid: int) -> bool:
    """Wait for a child; whether all was well."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def fork_and_outlive(ledger: str) -> None:
    """Let children go on after their parent has closed: one with what it inherited, one with a recorder of its own."""
    record = Recorder(ledger)
    beat(record, "parent")
    assert record.flush()
    reading, writing = os.pipe()

    def inherit() -> None:
        beat(record, "inherited", FACTS)
        assert record.flush()
        os.read(reading, 1)
        beat(record, "inherited, later", FACTS)
        assert record.flush()

    def make_its_own() -> None:
        own = Recorder(ledger, label="its own")
        beat(own, "own", FACTS)
        assert own.flush()
        os.read(reading, 1)
        beat(own, "own, later", FACTS)
        own.close()

    children = [forked(inherit), forked(make_its_own), forked(lambda: None)]
    beat(record, "parent, after", FACTS)
    record.close()
    os.write(writing, b"12")
    assert all([ended(child) for child in children])  # noqa: C419 - wait for each


def fork_again_and_again(ledger: str, seed: str) -> None:
    """Fork at random moments while other threads record; each child forks once more."""
    chance, record, stop = random.Random(int(seed)), Recorder(ledger), threading.Event()  # noqa: S311 - no secret
    told = [0] * 2

    def trade(thread: int) -> None:
        while not stop.wait(0.0005):
            record.error_occurred(component=f"thread {thread}", type="x", message=str(told[thread]))
            told[thread] += 1

    def child(name: str) -> None:
        beat(record, name, 5)
        grandchild = forked(lambda: record_and_flush(f"{name}'s"))
        beat(record, name + " again", 5)
        assert record.flush()
        assert ended(grandchild)

    def record_and_flush(name: str) -> None:
        beat(record, name, 5)
        assert record.flush()

    threads = [threading.Thread(target=trade, args=(number,)) for number in range(len(told))]
    for thread in threads:
        thread.start()
    for number in range(15):
        stop.wait(chance.uniform(0, 0.05))
        assert ended(forked(lambda number=number: child(f"child {number}")))  # type: ignore[misc]
    stop.set()
    for thread in threads:
        thread.join()
    record.close()
    say(told=told, dropped=len(record.dropped), refused=len(record.refused))


def be_a_daemon(ledger: str) -> None:
    """Become a daemon in the way of old: fork twice, and let the first two processes go."""
    record = Recorder(ledger)
    beat(record, "before")
    assert record.flush()

    def daemon() -> None:
        beat(record, "daemon", FACTS)
        assert record.flush()

    assert ended(forked(lambda: None if ended(forked(daemon)) else os._exit(1)))
    os._exit(0)


def use_multiprocessing(ledger: str) -> None:
    """Record in a process of `multiprocessing`, which leaves without closing."""
    record = Recorder(ledger)
    context = multiprocessing.get_context("fork")
    worker = context.Process(target=beat, args=(record, "worker", FACTS))
    worker.start()
    worker.join()
    assert worker.exitcode == 0


def fork_and_leave(ledger: str) -> None:
    """Fork, and let parent and child leave in order at the end of the program."""
    record = Recorder(ledger)
    beat(record, "before")
    assert record.flush()
    child = os.fork()
    beat(record, "parent" if child else "child", FACTS)
    assert not child or ended(child)


def fork_in_spite_of_an_open_ledger(ledger: str) -> None:
    """Fork while a commit cannot be waited for: the child keeps off the ledger, and says so; the parent goes on."""
    process.PAUSE_SECONDS = 0.0
    record = Recorder(ledger)
    assert record.flush()

    def child() -> None:
        beat(record, "inherited")
        own = Recorder(ledger)
        beat(own, "own")
        say(inherited=record.flush(0.5), own=own.flush(0.5))

    assert ended(forked(child))
    beat(record, "parent", FACTS)
    assert record.flush()


def fork_after_the_end(ledger: str) -> None:
    """Fork with a recorder that is closed: it stays so."""
    record = Recorder(ledger)
    record.close()

    def child() -> None:
        record.heartbeat(interval=1.0)
        say(dropped={" ".join(cause): count for cause, count in record.dropped.items()})

    assert ended(forked(child))
