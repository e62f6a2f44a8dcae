"""The thread that commits what waits; a ledger that fails is tried again, one that was replaced is opened anew."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from tradewatch.errors import SourceError
from tradewatch.facts import KIND_OF, Entry, Fact, Objection
from tradewatch.ledger import Appended, Durability, SqliteAppender
from tradewatch.recorder.losses import Losses
from tradewatch.recorder.queue import Batch, Queue

_log = logging.getLogger(__name__)

LINGER_SECONDS = 0.05
"""How long the first fact waits for others to share its commit."""

RETRY_SECONDS = 0.25
"""The pause before a ledger that failed is tried again."""

BUSY_SECONDS = 2.0
"""How long a commit waits for another program's."""


class Destination(NamedTuple):
    """The ledger to write into, as which system, and how safely."""

    path: Path
    system: str
    durability: Durability


class Writer(threading.Thread):
    """Commits what a queue holds, in event order, batch by batch.

    ``prologue``: entries that every ledger it opens must hold first; ``stamp`` gives a fact of its own time and id.
    """

    def __init__(
        self,
        destination: Destination,
        queue: Queue,
        losses: Losses,
        *,
        prologue: Sequence[Entry],
        stamp: Callable[[Fact], Entry],
    ) -> None:
        super().__init__(name="tradewatch-recorder", daemon=True)
        self._destination = destination
        self._queue = queue
        self._losses = losses
        self._prologue = prologue
        self._stamp = stamp
        self._appender: SqliteAppender | None = None
        self._problem: str | None = None
        self._committed = 0
        self._progress = threading.Condition()
        self._something = threading.Event()
        self._hurry = threading.Event()
        self._stopping = False
        self._drops_seen: Counter[str] = Counter()

    def wake(self) -> None:
        """Say that something waits."""
        if not self._something.is_set():
            self._something.set()

    def wait_for(self, ticket: int, timeout: float) -> bool:
        """Commit without lingering; return whether everything up to a ticket was taken care of within the time."""
        self._hurry.set()
        self.wake()
        with self._progress:
            return self._progress.wait_for(lambda: self._committed >= ticket, timeout)

    def stop(self, timeout: float) -> None:
        """Commit what waits, once, and end."""
        self._stopping = True
        self._hurry.set()
        self._something.set()
        self.join(timeout)

    def run(self) -> None:
        """Commit until stopped."""
        while not self._stopping:
            self._something.wait()
            self._hurry.wait(LINGER_SECONDS)
            self._something.clear()
            self._hurry.clear()
            if not self._write() and not self._stopping:
                self._hurry.wait(RETRY_SECONDS)
                self._something.set()
        if self._write() and self._losses.untold():
            self._write()
        self._release()

    def _write(self) -> bool:
        batch = self._queue.take()
        try:
            self._commit(batch)
        except SourceError as error:
            self._note(str(error))
            self._queue.put_back(batch)
            self._release()
            return False
        except Exception:  # noqa: BLE001 - the bot must go on recording, whatever one batch did to the ledger
            _log.exception("a batch of %d facts cannot be written", len(batch.waiting))
            kinds = Counter(KIND_OF[type(each.entry.fact)] for each in batch.waiting)
            self._losses.drop(kinds, "unwritable")
        self._note(None)
        with self._progress:
            self._committed = batch.last
            self._progress.notify_all()
        return True

    def _commit(self, batch: Batch) -> None:
        appender = self._current_appender()
        self._count_drops()
        lost = self._losses.untold()
        entries = sorted((each.entry for each in batch.waiting), key=attrgetter("time"))
        result = appender.append([*entries, *map(self._stamp, lost)], self._destination.system)
        self._losses.told(lost)
        for objection in (*result.refused, *_conflicts(result, entries)):
            self._losses.refuse(objection)
            self._something.set()

    def _current_appender(self) -> SqliteAppender:
        if self._appender is not None and not self._appender.is_current:
            self._release()
        if self._appender is None:
            self._appender = SqliteAppender(
                self._destination.path, durability=self._destination.durability, busy_timeout=BUSY_SECONDS
            )
            self._appender.append(self._prologue, self._destination.system)
        return self._appender

    def _release(self) -> None:
        if self._appender is not None:
            self._appender.close()
            self._appender = None

    def _count_drops(self) -> None:
        dropped = self._queue.dropped.copy()
        self._losses.drop(dropped - self._drops_seen, "queue_full")
        self._drops_seen = dropped

    def _note(self, problem: str | None) -> None:
        if problem != self._problem:
            if problem is None:
                _log.info("recording into %s again", self._destination.path)
            else:
                _log.warning("facts wait in memory: %s", problem)
        self._problem = problem


def _conflicts(result: Appended, entries: Iterable[Entry]) -> Iterator[Objection]:
    kinds = {entry.id: KIND_OF[type(entry.fact)] for entry in entries}
    for fact_id in result.conflicting:
        detail = f"{fact_id} was told before with another content; the first telling stands"
        yield Objection(kinds.get(fact_id, "unknown"), "conflicting", detail)
