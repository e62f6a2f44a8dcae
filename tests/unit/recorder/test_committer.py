"""Batches into the ledger: in event order and once, also when a commit fails, half succeeds or goes nowhere."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.facts import MIDNIGHT, started
from tests.support.ledgers import bodies, kinds, losses, rows
from tradewatch.errors import SourceError
from tradewatch.facts import Entry, ErrorOccurred, Fact, Heartbeat, Objection
from tradewatch.ledger import Appended, Durability, SqliteAppender, from_microseconds
from tradewatch.recorder import committer
from tradewatch.recorder.committer import Committer
from tradewatch.recorder.losses import Losses
from tradewatch.recorder.queue import Queue
from tradewatch.recorder.terms import Terms

BAD = Objection("heartbeat", "wrong_type", "an example")


class Desk:
    """A committer, what it works with, and a clock that ticks by the second."""

    def __init__(self, path: Path, capacity: int = 100) -> None:
        ticks = itertools.count()
        self.moment: Callable[[], datetime] = lambda: MIDNIGHT + timedelta(seconds=next(ticks))
        self.path = path
        self.losses = Losses()
        self.queue = Queue(capacity, self.losses)
        terms = Terms(
            path=path, system="bot", durability=Durability.PROCESS, capacity=capacity, started=started(run_id="run")
        )
        self.committer = Committer(terms, self.queue, self.losses, self.moment)
        self.committer.begin()

    def tell(self, *names: str) -> None:
        for name in names:
            self.queue.put(self.moment(), name, ErrorOccurred(component="x", type=name))

    def commit(self) -> None:
        mark = self.committer.mark()
        while self.committer.commit(mark):
            pass

    @property
    def told(self) -> list[str]:
        return [row.id for row in rows(self.path) if row.kind == "error_occurred"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "bot.db")
    yield desk
    desk.committer.release()


def test_a_ledger_begins_with_the_start_of_the_run(desk: Desk) -> None:
    desk.tell("a")
    desk.commit()
    assert kinds(desk.path) == ["run_started", "error_occurred"]


def test_many_facts_are_many_commits_in_order(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committer, "FACTS_A_COMMIT", 3)
    names = [str(number) for number in range(10)]
    desk.tell(*names)
    desk.commit()
    assert desk.told == names


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 100])
def test_what_was_lost_is_told_after_all_that_is_older_and_before_all_that_is_newer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(committer, "FACTS_A_COMMIT", size)
    for names in (("a", "b", "c", "d"), ("e",), ()):
        desk.tell(*names)
        desk.losses.refuse(BAD)
        mark = desk.committer.mark()
        desk.tell(f"after {names}")
        while desk.committer.commit(mark):
            pass
    desk.commit()
    times = [from_microseconds(row.time) for row in rows(desk.path)]
    assert times == sorted(times)
    assert losses(desk.path, "facts_refused") == {("heartbeat", "wrong_type"): 3}
    assert not desk.committer.has_news


NOTHING: Mapping[str, bytes] = {}


class Patched(SqliteAppender):
    """An appender to which something happens right after its next commit."""

    happening: Callable[[], None] | None = None

    def append(self, entries: Iterable[Entry], system: str, keeping: Mapping[str, bytes] = NOTHING) -> Appended:
        appended = super().append(entries, system, keeping)
        happening, Patched.happening = Patched.happening, None
        if happening is not None:
            happening()
        return appended


@pytest.fixture
def patched(monkeypatch: pytest.MonkeyPatch) -> type[Patched]:
    monkeypatch.setattr(committer, "SqliteAppender", Patched)
    return Patched


def _fail() -> None:
    message = "the disk reports an error"
    raise SourceError(message)


def test_a_commit_that_succeeded_but_said_otherwise_is_not_doubled(desk: Desk, patched: type[Patched]) -> None:
    desk.commit()
    desk.tell("a", "b")
    desk.losses.refuse(BAD)
    patched.happening = _fail
    with pytest.raises(SourceError):
        desk.commit()
    desk.committer.release()
    desk.tell("c")
    desk.losses.refuse(BAD)
    desk.commit()
    desk.commit()
    assert desk.told == ["a", "b", "c"]
    assert losses(desk.path, "facts_refused") == desk.losses.refused == {("heartbeat", "wrong_type"): 2}


def test_a_commit_into_a_ledger_that_is_gone_is_told_to_the_next_one(desk: Desk, patched: type[Patched]) -> None:
    desk.commit()
    desk.tell("a")
    patched.happening = desk.path.unlink
    with pytest.raises(SourceError, match="was moved, deleted or replaced while it was written"):
        desk.commit()
    desk.commit()
    assert kinds(desk.path) == ["run_started", "error_occurred"]


def test_what_was_refused_in_a_commit_that_failed_is_counted_once(desk: Desk, patched: type[Patched]) -> None:
    desk.commit()
    desk.queue.put(desk.moment(), "bad", Heartbeat(interval=-1.0))
    desk.queue.put(desk.moment(), "worse", Heartbeat(interval=_raising()))
    patched.happening = _fail
    with pytest.raises(SourceError):
        desk.commit()
    desk.commit()
    assert desk.losses.refused == {("heartbeat", "out_of_bounds"): 1, ("heartbeat", "unwritable"): 1}


def _raising() -> float:
    class Raising(float):
        def __eq__(self, other: object) -> bool:
            raise RuntimeError

        __hash__ = float.__hash__

    return Raising(1.0)


def test_an_unforeseen_error_loses_nothing(desk: Desk, patched: type[Patched]) -> None:
    def fail() -> None:
        raise MemoryError

    desk.commit()
    desk.tell("a", "b")
    patched.happening = fail
    with pytest.raises(MemoryError):
        desk.commit()
    desk.commit()
    assert desk.told == ["a", "b"]
    assert desk.losses.refused == desk.losses.dropped == {}


def test_the_same_losses_are_not_told_twice(desk: Desk) -> None:
    for _ in range(3):
        desk.losses.refuse(BAD)
        desk.commit()
        desk.commit()
    assert [body["count"] for body in bodies(desk.path, "facts_refused")] == [1, 1, 1]


def test_the_news_does_not_grow_while_the_ledger_fails(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "missing" / "bot.db", capacity=1)
    for _ in range(50):
        desk.tell("a", "b")
        with pytest.raises(SourceError):
            desk.commit()
    desk.path.parent.mkdir()
    desk.commit()
    desk.commit()
    assert len(bodies(desk.path, "facts_dropped")) == 2
    assert losses(desk.path, "facts_dropped") == desk.losses.dropped == {("error_occurred", "queue_full"): 99}
    desk.committer.release()


def test_a_fact_of_the_same_moment_keeps_its_place(desk: Desk) -> None:
    facts: list[Fact] = [Heartbeat(interval=1.0), ErrorOccurred(component="x", type="y"), Heartbeat(interval=2.0)]
    for number, fact in enumerate(facts):
        desk.queue.put(MIDNIGHT + timedelta(days=1), str(number), fact)
    desk.commit()
    assert [row.id for row in rows(desk.path)][1:] == ["0", "1", "2"]
