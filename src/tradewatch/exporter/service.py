"""The exporter without its HTTP: a ledger followed, and the page of the moment."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from tradewatch.book import Amendments, Book, Follower, Moment, ProfitSource, Snapshots, moment_of, value
from tradewatch.catalog import Kind, Metric, Population
from tradewatch.errors import TradewatchError
from tradewatch.exporter.as_of import AsOf, instant, published
from tradewatch.exporter.checkpoint import Checkpoint
from tradewatch.exporter.feed import Feed
from tradewatch.exporter.garbage import undisturbed
from tradewatch.exporter.page import About, Page
from tradewatch.exporter.wire import Format
from tradewatch.systems import System, system_of

_log = logging.getLogger(__name__)

_SLICE = 0.05
"""Seconds for which one call folds at most; a long past is folded slice by slice, and pages are answered between."""

_PAUSE = 1.0
"""Seconds between two looks at a source while nobody asks for a page."""

_REST = 0.1
"""Seconds between two slices of comparing a foreign database with what was told of it."""

_BREATH = 0.001
"""Seconds between two slices of folding, for those who wait for a page."""

_BETWEEN_CHECKPOINTS = 60.0
"""Seconds."""


def utc_now() -> datetime:
    """Return the clock's time in UTC."""
    return datetime.now(UTC)


class Overview(NamedTuple):
    """The main numbers of a ledger, in base units, None while undefined; no numbers before the first catch-up."""

    source: str
    problem: str | None
    mode: str | None
    currency: str | None
    newest: datetime | None
    numbers: Sequence[tuple[Metric, float | None]]


class Service:
    """One source's metrics. Every page takes in what is new first; a source that fails is tried again each time.

    A long past is folded by `start`'s thread, a slice at a time. ``state``: the folder of checkpoints;
    None keeps none. ``feed``: what brings facts into the ledger, if anything does.
    """

    def __init__(  # noqa: PLR0913 - what is read, and how, as the command line says it
        self,
        path: Path,
        *,
        system: str | None = None,
        as_of: AsOf = AsOf.AUTO,
        profit: ProfitSource = ProfitSource.REPORTED,
        state: Path | None = None,
        feed: Feed | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.source = str(path)
        self.problem: str | None = "the ledger has not been read yet"
        self.ready = False
        self._path = path
        self._system_name = system
        self._as_of = as_of
        self._profit = profit
        self._state = state
        self._feed = feed
        self._clock = clock
        self._follower: Follower | None = None
        self._followed: Path | None = None
        self._saved_at, self._saved_facts = 0.0, 0  # when a checkpoint was written, and how many facts it holds
        self._query_seconds = 0.0
        self._page = Page()
        self._pages: dict[Format, tuple[int, bytes]] = {}
        self._rendered = 0
        self._unforeseen: dict[str, str] = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Follow the source in a thread of its own, so that little is left to do when a page is asked for."""
        self._thread = threading.Thread(target=self._follow, name="follower", daemon=True)
        self._thread.start()

    def page(self, wire_format: Format) -> bytes:
        """Return the metrics of now; requests that arrive together share one page."""
        rendered = self._rendered
        with self._lock:
            number, page = self._pages.get(wire_format, (0, b""))
            if number > rendered:  # begun after this request arrived
                return page
            self._rendered += 1
            number = self._rendered
            page = self._render(wire_format)
            self._pages[wire_format] = number, page
            return page

    def refresh(self) -> bool:
        """Take in what is new, for a moment; return whether the source's whole past has been folded."""
        if self._thread is not None and not self.ready:
            return False  # the thread is at it, and asking often must not hold it up
        with self._lock:
            self._catch_up()
            return self.ready

    def overview(self) -> Overview:
        """Take in what is new, and return what a person wants to see first."""
        with self._lock:
            self._catch_up()
            moment = self._moment()
            numbers = [(each, value(moment, each.concept)) for each in self._main_metrics()]
            mode = moment.book.activity.mode
            return Overview(
                source=self.source,
                problem=self.problem,
                mode=mode.value if mode else None,
                currency=moment.account.currency,
                newest=moment.book.time,
                numbers=numbers,
            )

    def close(self) -> None:
        """Stop following, write the checkpoint and release the ledger."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            self._save()
            if self._follower is not None:
                self._follower.close()
            if self._feed is not None:
                self._feed.close()

    def _follow(self) -> None:
        while not self._stopped.is_set():
            with self._lock:
                is_complete = self._catch_up()
                is_swept = is_complete and self._isolated(self._sweep)
                if time.monotonic() > self._saved_at + _BETWEEN_CHECKPOINTS:
                    self._save()
            self._stopped.wait(_PAUSE if is_swept else _REST if is_complete else _BREATH)

    def _sweep(self) -> bool:
        return self._feed is None or self._feed.sweep(_SLICE)

    def _log_unforeseen(self, error: Exception, words: str) -> None:
        """Log with the place in the program, once while it is the same."""
        if self._unforeseen.get(words) != repr(error):
            self._unforeseen[words] = repr(error)
            _log.error(words, self.source, exc_info=error)

    def _main_metrics(self) -> Sequence[Metric]:
        return [
            each
            for each in self._published()
            if not each.labels and each.population is Population.REAL and each.kind is not Kind.HISTOGRAM
        ]

    def _published(self) -> Sequence[Metric]:
        """Return the metrics that may be shown now.

        None before the first catch-up; no live ones of a source that is down, or whose heartbeats have stopped; none
        whose name says another currency than the account's.
        """
        if not self.ready:
            return ()
        book = self._book
        return published(self._system, book, self._instant(book), is_up=self.problem is None)

    def _catch_up(self) -> bool:
        """Take in what is new, for a slice; return whether that was all there is, or all that can be read."""
        began = time.perf_counter()
        is_complete = self._isolated(self._read)
        self._query_seconds = time.perf_counter() - began
        return is_complete

    def _isolated(self, work: Callable[[], bool]) -> bool:
        """Do a piece of work with the source; what goes wrong becomes the problem, and is tried again later."""
        try:
            is_done = work()
        except TradewatchError as error:
            self._note(str(error))
        except Exception as error:  # noqa: BLE001 - the one place that keeps a source nobody foresaw from taking the page down
            self._log_unforeseen(error, "%s cannot be read")
            self._note(
                f"the ledger {self.source} cannot be read ({type(error).__name__}: {error}): run tradewatch verify"
            )
        else:
            self._note(self._feed.problem if self._feed is not None else None)
            return is_done
        return True

    def _read(self) -> bool:
        ledger = self._path if self._feed is None else self._feed.look()
        if ledger is None:
            self._let_go()
            return self._feed is None or self._feed.problem is not None
        follower = self._follower_of(ledger)
        try:
            with undisturbed():
                is_complete = follower.catch_up(self._clock() if self._as_of is AsOf.NOW else None, _SLICE)
            if is_complete and not self.ready:
                self._save()
        finally:
            self.ready = follower.is_complete  # not any more when another ledger took the place and then failed
        return is_complete

    def _follower_of(self, ledger: Path) -> Follower:
        if self._follower is None or self._followed != ledger:
            self._let_go()
            self._follower = Follower(ledger, self._system_name, self._make_book, self._remembered)
            self._followed = ledger
        return self._follower

    def _let_go(self) -> None:
        """Forget the ledger that was read: its numbers are not those of what comes next."""
        if self._follower is not None:
            self._follower.close()
        self._follower, self.ready = None, False

    def _make_book(self, amendments: Amendments) -> Book:
        system = self._system
        return Book(system.kept, amendments, self._profit, system.kept_virtual)

    def _remembered(self, identity: str, system: str) -> Snapshots | None:
        checkpoint = self._checkpoint_of(identity, system)
        return None if checkpoint is None else checkpoint.load()

    def _checkpoint_of(self, identity: str, system: str) -> Checkpoint | None:
        if self._state is None:
            return None
        name = blake2b(repr((str(self._followed), system, self._profit.value)).encode(), digest_size=8).hexdigest()
        subject = f"system {system} of the ledger {identity}, {self._profit.value} P&L"
        return Checkpoint(self._state / "checkpoints" / f"{name}.checkpoint", subject)

    def _save(self) -> None:
        """Write the checkpoint, if there is more to remember than the last time."""
        follower = self._follower
        if follower is None or follower.identity is None or follower.system is None or not follower.is_complete:
            return
        folded = follower.book.intake.total
        if folded != self._saved_facts:
            checkpoint = self._checkpoint_of(follower.identity, follower.system)
            if checkpoint is not None:
                follower.remember()
                checkpoint.save(follower.snapshots)
        self._saved_facts = folded
        self._saved_at = time.monotonic()

    @property
    def _system(self) -> System:
        return system_of(self._system_name if self._follower is None else self._follower.system)

    @property
    def _book(self) -> Book:
        return Book() if self._follower is None else self._follower.book

    def _note(self, problem: str | None) -> None:
        if problem != self.problem:
            if problem is None:
                _log.info("reading %s", self.source)
            else:
                _log.warning("%s", problem)
        self.problem = problem

    def _moment(self) -> Moment:
        book = self._book
        return moment_of(book, self._instant(book), self._query_seconds)

    def _instant(self, book: Book) -> datetime:
        return instant(book, self._clock(), self._as_of)

    def _render(self, wire_format: Format) -> bytes:
        began = time.perf_counter()
        self._catch_up()
        about = About(
            source=self.source,
            is_up=self.problem is None,
            is_ready=self.ready,
            seconds=time.perf_counter() - began,
            refolds=0 if self._follower is None else self._follower.refolds,
            late=0 if self._follower is None else self._follower.late,
        )
        return self._page.render(self._moment(), self._published(), about, wire_format)
