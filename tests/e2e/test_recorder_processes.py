"""Bots that leave without closing, and bots that fork: what was told is written, each run by the process it is of."""

import random
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path

import pytest

from tests.support import bots
from tests.support.leaving import FACTS
from tests.support.ledgers import bodies, kinds, rows
from tests.support.patience import SECONDS
from tradewatch.ledger import SqliteAppender, SqliteReader


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


def told(path: Path) -> dict[str, list[int]]:
    """Return the numbers of each name's facts in the ledger's order."""
    numbers: dict[str, list[int]] = {}
    for body in bodies(path, "error_occurred"):
        numbers.setdefault(body["component"], []).append(int(body["message"]))
    return numbers


ALL = list(range(FACTS))


@pytest.mark.parametrize("how", ["the end", "exit", "exception", "thread"])
def test_what_waits_is_written_at_the_end_without_closing(path: Path, how: str) -> None:
    program = subprocess.run(bots.command("leaving.leave", path, how), cwd=bots.ROOT, capture_output=True, check=False)
    assert program.returncode == (how == "exception")
    assert told(path) == ({"bot": ALL, "thread": ALL} if how == "thread" else {"bot": ALL})
    assert kinds(path)[-1] == "run_ended"


def _nothing(_: Path) -> AbstractContextManager[object]:
    return nullcontext()


def _locked(path: Path) -> AbstractContextManager[object]:
    SqliteAppender(path).close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    return closing(connection)


@pytest.mark.parametrize(("where", "broken"), [("missing/bot.db", _nothing), ("bot.db", _locked)])
def test_a_bot_that_leaves_a_broken_ledger_is_not_kept(
    tmp_path: Path, where: str, broken: Callable[[Path], AbstractContextManager[object]]
) -> None:
    path = tmp_path / where
    with broken(path), bots.started("leaving.leave", path, "exit") as program:
        assert program.stdout is not None
        assert program.stdout.readline()
        _, complaints = program.communicate(timeout=SECONDS)  # a recorder waits 5 s for a ledger at the end
    assert program.returncode == 0
    assert "facts error_occurred were dropped: not_written" in complaints


def test_children_record_what_they_tell_and_outlive_their_parent(path: Path) -> None:
    """Through a recorder they inherited or one of their own, also when the parent was the last to close the ledger."""
    bots.run("leaving.fork_and_outlive", path)
    assert told(path) == {
        "parent": [0],
        "parent, after": ALL,
        "inherited": ALL,
        "inherited, later": ALL,
        "own": ALL,
        "own, later": ALL,
    }
    assert kinds(path).count("run_started") == 3, "the child that told nothing is no run"
    assert kinds(path).count("run_ended") == 2


def test_forks_at_random_moments_lose_nothing_on_either_side(path: Path) -> None:
    seed = random.SystemRandom().getrandbits(32)
    (end,) = bots.run("leaving.fork_again_and_again", path, seed)
    assert (end["dropped"], end["refused"]) == (0, 0), f"{seed=}"
    facts = told(path)
    for thread, count in enumerate(end["told"]):
        assert facts.pop(f"thread {thread}") == list(range(count)), f"{seed=}"
    assert len(facts) == 45, f"{seed=}"
    assert all(numbers == list(range(5)) for numbers in facts.values()), f"{seed=}"
    assert max(Counter(row.id for row in rows(path)).values()) == 1
    with closing(SqliteReader(path)) as reader:
        assert reader.damage() == []


def test_each_process_is_a_run_of_its_own(path: Path) -> None:
    bots.run("leaving.fork_and_outlive", path)
    runs = {body["run_id"] for body in bodies(path, "run_started")}
    prefixes = {row.id.partition("/")[0] for row in rows(path) if row.kind == "error_occurred"}
    assert len(runs) == 3
    assert prefixes == runs


def test_parent_and_child_may_leave_in_order(path: Path) -> None:
    program = subprocess.run(
        bots.command("leaving.fork_and_leave", path), cwd=bots.ROOT, capture_output=True, check=True
    )
    assert program.stderr == b""
    assert told(path) == {"before": [0], "parent": ALL, "child": ALL}
    assert kinds(path).count("run_started") == kinds(path).count("run_ended") == 2


def test_a_daemon_goes_on_with_the_recorder_of_its_grandparent(path: Path) -> None:
    bots.run("leaving.be_a_daemon", path)
    assert told(path) == {"before": [0], "daemon": ALL}


def test_a_process_of_multiprocessing_writes_what_waits_at_its_end(path: Path) -> None:
    bots.run("leaving.use_multiprocessing", path)
    assert told(path) == {"worker": ALL}
    assert kinds(path).count("run_started") == kinds(path).count("run_ended") == 2


def test_a_child_keeps_off_a_ledger_that_its_parent_could_not_let_go(path: Path) -> None:
    (child,) = bots.run("leaving.fork_in_spite_of_an_open_ledger", path)
    assert child == {"inherited": False, "own": False}
    assert told(path) == {"parent": ALL}


def test_a_recorder_that_was_closed_stays_closed_in_a_child(path: Path) -> None:
    (child,) = bots.run("leaving.fork_after_the_end", path)
    assert child == {"dropped": {"heartbeat closed": 1}}
    assert kinds(path) == ["run_started", "run_ended"]
