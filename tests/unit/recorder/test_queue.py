"""The queue against a simple model: what goes first, in which order, how much at most, and nothing unaccounted for."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewatch.facts import Entry, EquityMarked, ErrorOccurred, Fact, Heartbeat
from tradewatch.recorder.losses import Losses
from tradewatch.recorder.queue import EXPENDABLE, Queue

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MARK, BEAT, TRADE = EquityMarked(equity=1.0), Heartbeat(interval=1.0), ErrorOccurred(component="x", type="y")
"""Any other fact stands for a trade: all but marks and heartbeats last."""


class Witness(Losses):
    """Losses that also remember the reasons in order."""

    def __init__(self) -> None:
        super().__init__()
        self.reasons: list[str] = []

    def drop(self, fact: Fact, reason: str) -> None:
        super().drop(fact, reason)
        self.reasons.append(reason)


@dataclass
class Model:
    """What a queue should hold, by the plainest means: lists."""

    capacity: int
    waiting: list[Entry] = field(default_factory=list)
    taken: list[Entry] = field(default_factory=list)
    dropped: list[Entry] = field(default_factory=list)
    written: list[Entry] = field(default_factory=list)

    def put(self, entry: Entry) -> None:
        self.waiting.append(entry)
        self._make_room()

    def take(self, limit: int) -> list[Entry]:
        self.taken, self.waiting = self.waiting[:limit], self.waiting[limit:]
        return self.taken

    def done(self) -> None:
        self.written += self.taken
        self.taken = []

    def put_back(self) -> None:
        self.waiting, self.taken = self.taken + self.waiting, []
        self._make_room()

    def _make_room(self) -> None:
        while len(self.waiting) + len(self.taken) > self.capacity and (marks := _expendable(self.waiting)):
            self._drop(marks[0])
        while len(_lasting(self.waiting + self.taken)) > self.capacity and (trades := _lasting(self.waiting)):
            self._drop(trades[-1])

    def _drop(self, entry: Entry) -> None:
        self.waiting.remove(entry)
        self.dropped.append(entry)


def _expendable(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if isinstance(entry.fact, EXPENDABLE)]


def _lasting(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if not isinstance(entry.fact, EXPENDABLE)]


PUTS = st.lists(st.sampled_from([MARK, BEAT, TRADE]), max_size=8)
TURNS = st.lists(st.tuples(PUTS, st.integers(0, 5), PUTS, st.booleans()), max_size=12)
"""Facts that come, how many are taken, facts that come while they are being written, and whether that succeeds."""


@given(capacity=st.integers(1, 6), turns=TURNS)
def test_the_queue_is_its_model(capacity: int, turns: list[tuple[list[Fact], int, list[Fact], bool]]) -> None:
    losses = Losses()
    queue, model, total = Queue(capacity, losses), Model(capacity), 0

    def put(facts: list[Fact]) -> None:
        nonlocal total
        for fact in facts:
            total += 1
            entry = Entry(NOW, str(total), fact)
            lasting_before = len(_lasting(model.dropped))
            queue.put(*entry)
            model.put(entry)
            assert len(queue) <= capacity + len(_expendable(model.taken))
            if len(_lasting(model.dropped)) > lasting_before:  # a trade went: nothing else that waits could have gone
                assert not _expendable(model.waiting)
            assert sum(losses.dropped.values()) == len(model.dropped)

    for before, limit, during, succeeds in turns:
        put(before)
        assert queue.take(limit) == model.take(limit)
        put(during)
        for each in (queue, model):
            each.done() if succeeds else each.put_back()
    assert queue.take(total) == model.take(total)
    queue.done()
    model.done()
    assert len(model.written) + sum(losses.dropped.values()) == total
    assert len(queue) == 0


def test_marks_and_heartbeats_go_first_the_oldest_of_them_first() -> None:
    queue = Queue(3, Losses())
    for name, fact in (("mark", MARK), ("trade", TRADE), ("beat", BEAT), ("trade 2", TRADE), ("trade 3", TRADE)):
        queue.put(NOW, name, fact)
    assert [entry.id for entry in queue.take(9)] == ["trade", "trade 2", "trade 3"]


def test_where_only_trades_wait_the_new_one_goes() -> None:
    losses = Losses()
    queue = Queue(2, losses)
    for name in ("trade", "trade 2", "trade 3"):
        queue.put(NOW, name, TRADE)
    assert [entry.id for entry in queue.take(9)] == ["trade", "trade 2"]
    assert losses.dropped == {("error_occurred", "queue_full"): 1}


def test_a_trade_is_not_dropped_for_marks_that_are_being_written() -> None:
    queue = Queue(2, Losses())
    queue.put(NOW, "mark", MARK)
    queue.put(NOW, "mark 2", MARK)
    queue.take(9)
    queue.put(NOW, "trade", TRADE)
    queue.put(NOW, "trade 2", TRADE)
    queue.put_back()
    assert [entry.id for entry in queue.take(9)] == ["trade", "trade 2"]


def test_only_what_came_before_a_mark_is_taken() -> None:
    queue = Queue(9, Losses())
    queue.put(NOW, "1", TRADE)
    queue.put(NOW, "2", MARK)
    mark = queue.mark()
    queue.put(NOW, "3", TRADE)
    assert [entry.id for entry in queue.take(9, before=mark)] == ["1", "2"]
    queue.done()
    assert [entry.id for entry in queue.take(9)] == ["3"]


def test_a_closed_queue_keeps_nothing_and_counts_all() -> None:
    losses = Witness()
    queue = Queue(9, losses)
    queue.put(NOW, "taken", TRADE)
    queue.take(9)
    queue.put(NOW, "waits", MARK)
    queue.close("not_written")
    queue.put(NOW, "late", TRADE)
    queue.done()
    assert losses.reasons == ["not_written", "not_written", "closed"]
    assert len(queue) == 0


@contextmanager
def _switching_all_the_time() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@pytest.mark.parametrize("capacity", [50, 100_000], ids=["crowded", "roomy"])
def test_many_threads_and_one_writer_account_for_every_fact(capacity: int) -> None:
    losses = Losses()
    queue, each, written = Queue(capacity, losses), 2_000, []
    facts = (MARK, TRADE, BEAT, TRADE)

    def tell(thread: int) -> None:
        for number in range(each):
            queue.put(NOW, f"{thread}/{number}", facts[number % len(facts)])

    threads = [threading.Thread(target=tell, args=(number,)) for number in range(8)]
    with _switching_all_the_time():
        for thread in threads:
            thread.start()
        turn = 0
        while any(thread.is_alive() for thread in threads) or len(queue):
            turn += 1
            entries = queue.take(97)
            if turn % 3:
                written += entries
                queue.done()
            else:
                queue.put_back()
    assert len(written) + sum(losses.dropped.values()) == 8 * each
    assert len({entry.id for entry in written}) == len(written)
    for thread_number in range(8):
        told = [int(entry.id.partition("/")[2]) for entry in written if entry.id.startswith(f"{thread_number}/")]
        assert told == sorted(told)
    if capacity > 8 * each:
        assert losses.dropped == {}
