"""The exporter without its HTTP: a ledger followed, and the page of the moment."""

import logging
import platform
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from tradewatch import __version__
from tradewatch.book import Book, Follower, Moment, ProfitSource, moment_of, read, value
from tradewatch.catalog import Metric
from tradewatch.errors import TradewatchError
from tradewatch.exporter import metrics, process
from tradewatch.exporter.wire import Family, Format, Renderer, Sample
from tradewatch.facts import KIND_OF
from tradewatch.systems import system_of

_log = logging.getLogger(__name__)


class AsOf(StrEnum):
    """At which moment a ledger is read."""

    AUTO = "auto"
    """``last`` for a ledger all of whose runs have ended, else ``now``."""

    NOW = "now"
    """The clock; facts from the future wait."""

    LAST = "last"
    """The newest fact."""


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
    """One ledger's metrics. Every page takes in what is new first; a ledger that fails is tried again each time."""

    def __init__(
        self,
        path: Path,
        *,
        system: str | None = None,
        as_of: AsOf = AsOf.AUTO,
        profit: ProfitSource = ProfitSource.REPORTED,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.source = str(path)
        self.problem: str | None = "the ledger has not been read yet"
        self.ready = False
        self._system = system_of(system)
        self._as_of = as_of
        self._clock = clock
        kept = self._system.kept
        self._follower = Follower(path, system, lambda amendments: Book(kept, amendments, profit, self._system.kept_virtual))
        self._renderer = Renderer()
        self._lock = threading.Lock()

    def page(self, wire_format: Format) -> bytes:
        """Return the metrics of now."""
        with self._lock:
            return self._renderer.render(self._families(), wire_format)

    def refresh(self) -> bool:
        """Take in what is new; return whether the ledger's whole past has been folded."""
        with self._lock:
            self._catch_up()
            return self.ready

    def overview(self) -> Overview:
        """Take in what is new, and return what a person wants to see first."""
        with self._lock:
            self._catch_up()
            moment = self._moment()
            numbers = [(each, value(moment, each.concept)) for each in self._published() if not each.labels]
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
        """Release the ledger."""
        with self._lock:
            self._follower.close()

    def _published(self) -> Sequence[Metric]:
        """Return the metrics that may be shown now: none before the first catch-up, no live ones of a source down."""
        if not self.ready:
            return ()
        return [metric for metric in self._system.metrics if self.problem is None or not metric.concept.live]

    def _catch_up(self) -> None:
        try:
            self._follower.catch_up(self._clock() if self._as_of is AsOf.NOW else None)
        except TradewatchError as error:
            self._note(str(error))
        except Exception as error:  # noqa: BLE001 - the one place that keeps a ledger nobody foresaw from taking the page down
            _log.exception("%s cannot be read", self.source)
            self._note(
                f"the ledger {self.source} cannot be read ({type(error).__name__}: {error}): run tradewatch verify"
            )
        else:
            self._note(None)
            self.ready = True

    def _note(self, problem: str | None) -> None:
        if problem != self.problem:
            if problem is None:
                _log.info("reading %s", self.source)
            else:
                _log.warning("%s", problem)
        self.problem = problem

    def _moment(self) -> Moment:
        book = self._follower.book
        return moment_of(book, self._instant(book))

    def _instant(self, book: Book) -> datetime:
        now = self._clock()
        if book.time is None or self._as_of is AsOf.NOW:
            return now
        if self._as_of is AsOf.LAST or book.activity.is_over:
            return book.time
        return max(now, book.time)

    def _families(self) -> Iterator[Family]:
        began = time.perf_counter()
        self._catch_up()
        moment = self._moment()
        families = list(self._system_families(moment))
        yield from self._own_families(moment, time.perf_counter() - began)
        yield from families

    def _system_families(self, moment: Moment) -> Iterator[Family]:
        currency = moment.account.currency or "the account's currency"
        days = moment.account.calendar.days_a_year
        for metric in self._published():
            scale = metric.unit.scale
            samples = [
                Sample(labels, value if scale == 1 else value * scale)
                for labels, value in read(moment, metric.concept, metric.labels)
            ]
            yield Family(metric, metric.help.format(currency=currency, days=days), samples)

    def _own_families(self, moment: Moment, seconds: float) -> Iterator[Family]:
        source = (self.source,)
        yield _family(metrics.READY, [Sample((), float(self.ready))])
        yield _family(metrics.SOURCE_UP, [Sample(source, float(self.problem is None))])
        if self.ready:
            yield from self._intake_families(moment)
        yield _family(metrics.SCRAPE_SECONDS, [Sample((), seconds)])
        yield _family(metrics.BUILD, [Sample((__version__, platform.python_version()), 1)])
        for metric, number in process.readings():
            yield _family(metric, [Sample((), number)])

    def _intake_families(self, moment: Moment) -> Iterator[Family]:
        book = moment.book
        if book.time is not None:
            yield _family(metrics.LAST_FACT, [Sample((self.source,), book.time.timestamp())])
        folded = {kind: book.intake.folded[kind] for kind in KIND_OF.values()}
        yield _family(metrics.FACTS, [Sample((kind,), count) for kind, count in folded.items()])
        yield _family(metrics.REJECTED, [Sample(key, count) for key, count in book.intake.refused.items()])
        yield _family(metrics.DROPPED, [Sample(key, count) for key, count in book.intake.dropped.items()])
        yield _family(metrics.REFOLDS, [Sample((), self._follower.refolds)])
        errors = read(moment, metrics.RECONCILIATION.concept, metrics.RECONCILIATION.labels)
        yield _family(metrics.RECONCILIATION, [Sample(*error) for error in errors])


def _family(metric: Metric, samples: Iterable[Sample]) -> Family:
    return Family(metric, metric.help, list(samples))
