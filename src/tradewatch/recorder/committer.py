"""What waits, into the ledger: in event order, once, whatever single facts or the file itself are up to."""

import itertools
import traceback
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from operator import attrgetter
from pathlib import Path

from tradewatch.errors import SourceError
from tradewatch.facts import KIND_OF, Entry, FactsDropped, FactsRefused, Objection, canonical
from tradewatch.ledger import SqliteAppender
from tradewatch.ledger.files import FileIdentity, file_identity
from tradewatch.recorder.losses import Losses
from tradewatch.recorder.moments import Moment, now
from tradewatch.recorder.queue import Queue
from tradewatch.recorder.terms import Terms

BUSY_SECONDS = 0.5
"""How long one try waits for another program's commit."""

FACTS_A_COMMIT = 1_000
"""So many facts at most share a commit, so that other writers of the ledger get their turn."""

_NEWS = {KIND_OF[FactsDropped], KIND_OF[FactsRefused]}

_unusable: set[FileIdentity] = set()


def forbid(path: Path) -> None:
    """Keep this process off a ledger: it was forked while the ledger was open, and SQLite's locks are not inherited."""
    identity = file_identity(path)
    if identity is not None:
        _unusable.add(identity)


class Committer:
    """Commits what a queue holds, and what was lost before it got there. Use it from one thread."""

    def __init__(self, terms: Terms, queue: Queue, losses: Losses, moment: Moment) -> None:
        self._terms = terms
        self._queue = queue
        self._losses = losses
        self._moment = moment
        self._appender: SqliteAppender | None = None
        self._news: list[Entry] = []
        self._news_numbers = itertools.count(1)
        self._start: list[Entry] = []

    def begin(self) -> None:
        """Say that the run starts now: every ledger that is opened holds that first."""
        started = self._terms.started
        self._start = [Entry(self._time(), started.identity, started)]

    def mark(self) -> int:
        """Begin a round: return the ticket below which everything is to be committed by `commit`."""
        if not self._news and self._losses.are_untold:
            time = self._time()  # before the mark: all that is older is written in this round, nothing later is
            names = (f"{self._terms.started.run_id}/lost/{number}" for number in self._news_numbers)
            self._news = [Entry(time, name, fact) for fact, name in zip(self._losses.tell(), names, strict=False)]
        return self._queue.mark()

    def commit(self, before: int) -> bool:
        """Commit the oldest facts with tickets below ``before``; return whether there may be more to commit.

        Raises when the ledger cannot be written; then they wait.
        """
        appender = self._current_appender()
        facts = self._queue.take(FACTS_A_COMMIT, before)
        is_last = len(facts) < FACTS_A_COMMIT
        entries = [*facts, *self._news] if is_last else facts
        if entries:
            try:
                objections = self._append(appender, sorted(entries, key=attrgetter("time")))
            except BaseException:
                self._queue.put_back()
                raise
            self._queue.done()
            for objection in objections:
                if objection.kind not in _NEWS:  # of which there would be no end
                    self._losses.refuse(objection)
        if is_last:
            self._news = []
        return not is_last

    @property
    def has_news(self) -> bool:
        """Whether something was lost that the ledger has not been told."""
        return bool(self._news) or self._losses.are_untold

    def release(self) -> None:
        """Let go of the ledger's file."""
        appender, self._appender = self._appender, None
        if appender is not None:
            with suppress(Exception):
                appender.close()

    def _append(self, appender: SqliteAppender, entries: list[Entry]) -> list[Objection]:
        objections = self._append_the_sound(appender, entries)
        if not appender.is_current:
            message = f"the ledger {self._terms.path} was moved, deleted or replaced while it was written"
            raise SourceError(message)
        return objections

    def _append_the_sound(self, appender: SqliteAppender, entries: list[Entry]) -> list[Objection]:
        try:
            appended = appender.append(entries, self._terms.system)
        except SourceError:
            raise
        except Exception:  # one of the bot's own values raised: the others must not be lost with it
            judged = [(entry, _objection_to(entry)) for entry in entries]
            objections = [objection for _, objection in judged if objection is not None]
            if not objections:
                raise
            sound = [entry for entry, objection in judged if objection is None]
            return [*objections, *self._append_the_sound(appender, sound)]
        return [*appended.refused, *_conflicts(appended.conflicting, entries)]

    def _current_appender(self) -> SqliteAppender:
        if self._appender is not None and not self._appender.is_current:
            self.release()
        if self._appender is None:
            self._appender = self._open()
        return self._appender

    def _open(self) -> SqliteAppender:
        terms = self._terms
        if file_identity(terms.path) in _unusable:
            message = (
                f"the ledger {terms.path} was being written when this process was forked off, so it cannot be used "
                "here: start this process anew instead of forking it"
            )
            raise SourceError(message)
        appender = SqliteAppender(terms.path, durability=terms.durability, busy_timeout=BUSY_SECONDS)
        try:
            appender.append(self._start, terms.system)
        except BaseException:
            appender.close()
            raise
        return appender

    def _time(self) -> datetime:
        return self._moment() or now()


def _objection_to(entry: Entry) -> Objection | None:
    try:
        canonical(entry)
    except Exception as error:  # noqa: BLE001 - whatever the bot's own class raises when it is looked at
        return Objection(KIND_OF[type(entry.fact)], "unwritable", words_of(error))
    return None


def _conflicts(ids: Iterable[str], entries: Iterable[Entry]) -> Iterator[Objection]:
    kinds = {entry.id: KIND_OF[type(entry.fact)] for entry in entries}
    for fact_id in ids:
        detail = f"{fact_id} was told before with another content; the first telling stands"
        yield Objection(kinds[fact_id], "conflicting", detail)


def words_of(error: BaseException) -> str:
    """Return an error's class and text, also of one that cannot even say what it is."""
    return traceback.format_exception_only(error)[-1].strip()
