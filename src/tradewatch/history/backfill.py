"""Writing a ledger's history: the server is asked first, then comes the newest day; what was stopped goes on."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from math import ceil
from pathlib import Path
from typing import NamedTuple

import msgspec

from tradewatch.exporter.garbage import undisturbed
from tradewatch.history.at_hand import one_at_a_time, require_data, sent_since
from tradewatch.history.checkpoints import FACTS_APART, DayCheckpoints
from tradewatch.history.columns import Columns
from tradewatch.history.days import Span, by_day, without
from tradewatch.history.destinations import SAMPLES_TOGETHER, Blocks, Destination, Requests
from tradewatch.history.encoding import framed
from tradewatch.history.limits import BYTES_A_SAMPLE, BYTES_IN_A_BLOCK, require_reach, require_room
from tradewatch.history.order import Opened, Order, opened
from tradewatch.history.pages import Pages
from tradewatch.history.record import Record, Subject
from tradewatch.history.refusals import explained
from tradewatch.history.remote import Address, RefusedError, RemoteWrite
from tradewatch.history.server import Labels, Limits, Server
from tradewatch.history.spans import before_scrapes, beginning, shown, span_of
from tradewatch.history.targets import target_of
from tradewatch.ledger import Place, SqliteReader


class Progress(NamedTuple):
    """How far a piece of work is: what it is, how many of how many moments, and how many samples they had."""

    work: str
    done: int
    total: int
    samples: int = 0


class Result(NamedTuple):
    """What was written by one call: its moments, the first and the last of them, and samples."""

    moments: int = 0
    samples: int = 0
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a backfill needs of the world. ``state``: a folder for checkpoints and the record of what was written.

    ``facts_apart``: of two checkpoints, at least. ``samples_together``: in a request, about.
    """

    state: Path
    facts_apart: int = FACTS_APART
    samples_together: int = SAMPLES_TOGETHER
    report: Callable[[Progress], None] = lambda _: None
    note: Callable[[str], None] = lambda _: None
    clock: Callable[[], float] = time.time
    pause: Callable[[float], None] = time.sleep


def backfill(order: Order, around: Surroundings) -> Result:
    """Write what is asked for and was not written yet, the newest day first; return what this call wrote.

    Raises `ConfigurationError` where something is set wrong: then nothing was written; and `TargetError` when the
    server cannot be used now: then the same call goes on later.
    """
    address = Address.parse(order.url)
    with closing(SqliteReader(order.ledger)) as reader, closing(RemoteWrite(address, around.pause)) as remote:
        source = opened(order, reader)
        try:
            return _Backfill(order, around, source, address, remote).run()
        except RefusedError as error:
            raise explained(address, error) from error


class _Backfill:
    """One call of `backfill`."""

    def __init__(
        self, order: Order, around: Surroundings, source: Opened, address: Address, remote: RemoteWrite
    ) -> None:
        self._order = order
        self._around = around
        self._source = source
        self._address = address
        self._remote = remote
        self._checkpoints = _checkpoints(order, source, around)
        self._moments = self._samples = self._total = 0

    def run(self) -> Result:
        """Ask, then write."""
        self._remote.greet(framed(b""))  # a server that takes no remote write says so
        server = Server(self._address)
        limits = server.limits()
        require_reach(limits, beginning(self._order, self._source), self._around.clock(), self._address)
        if self._order.blocks is not None:
            require_data(self._order.blocks, limits, self._address)
        labels = target_of(self._order, self._source, server)
        span = self._span(server, labels)
        if span is None:
            return Result()
        record = self._record(server, labels)
        left = [
            day for each in without(span, record.written, self._order.step) for day in by_day(each, self._order.step)
        ]
        left.sort(reverse=True)
        if left:
            self._prepare(left, labels, limits, record)
            self._write(left, labels, record, server)
        return Result(self._moments, self._samples, Span(left[-1].first, left[0].last) if left else None)

    def _span(self, server: Server, labels: Labels) -> Span | None:
        """Return what is to be there when all is done."""
        is_over = self._remember_days()
        span = span_of(self._order, self._source, self._around.clock(), is_over=is_over)
        if not server.answers and self._order.end is None:
            self._around.note(
                f"{self._address} takes what is written and answers no questions: if that server scrapes this "
                "ledger, too, say with --to where its scrapes begin"
            )
        return before_scrapes(self._order, span, server, labels)

    def _remember_days(self) -> bool:
        """Make what checkpoints are missing; return whether all runs have ended."""
        past, total = self._source.past(self._checkpoints.before), self._source.days
        is_over = False
        for done, book in enumerate(self._checkpoints.remember_days(past, self._order.step)):
            is_over = book.activity.is_over
            self._around.report(Progress("reading the ledger's days", min(done, total), total))
        return is_over

    def _record(self, server: Server, labels: Labels) -> Record:
        """Return what was written before and is still there."""
        order, source = self._order, self._source
        subject = Subject(
            ledger=source.identity,
            system=source.name,
            profit=order.profit.value,
            metrics=order.metrics,
            url=str(self._address),
            step=order.step,
            labels=dict(labels),
        )
        name = blake2b(msgspec.json.encode(subject), digest_size=8).hexdigest()
        record = Record(self._around.state / "history" / f"{name}.json", subject)
        if server.answers and not self._may_not_be_found_yet(record):
            lost = [span for span in record.written if not server.holds(labels, span.last)]
            record.forget(lost)
        self._tell_of_changes(record)
        return record

    def _may_not_be_found_yet(self, record: Record) -> bool:
        """Whether blocks were made so shortly ago that the server may not know of them."""
        data = self._order.blocks
        return data is not None and record.is_fresh(self._around.clock()) and any(data.glob("*/meta.json"))

    def _tell_of_changes(self, record: Record) -> None:
        """Say so when facts came later that belong into what was written already."""
        if record.written:
            place = Place(record.written[-1].last * 1_000_000, record.sequence)
            if not self._source.reader.is_undisturbed(self._source.name, place):
                until = shown(record.written[-1].last)
                self._around.note(
                    f"facts came late, or were corrected: what was written up to {until} stays as it was known then, "
                    "because a server takes one number for a moment"
                )

    def _prepare(self, days: Sequence[Span], labels: Labels, limits: Limits, record: Record) -> None:
        """See whether a server takes what is left, as far as that can be known."""
        self._total = sum(len(day.steps(self._order.step)) for day in days)
        each = BYTES_A_SAMPLE if self._order.blocks is None else BYTES_IN_A_BLOCK
        require_room(limits, self._total * self._page_size(days[0].last), self._address, each)
        if limits.window is None:
            self._try([days[0].last, days[-1].first], labels, self._requests(record))

    def _write(self, days: Sequence[Span], labels: Labels, record: Record, server: Server) -> None:
        """Write days, the newest first: send them, or what is newer than blocks may be, and then make blocks."""
        data, step = self._order.blocks, self._order.step
        if data is None:
            self._write_days(days, labels, self._requests(record))
            return
        with one_at_a_time(data):  # what somebody else sends must be there before it is asked how far blocks may reach
            since = ceil(sent_since(server, self._around.clock, self._around.pause) / step) * step
            sent = [day._replace(first=max(day.first, since)) for day in days if day.last >= since]
            self._write_days(sent, labels, self._requests(record))
        packed = [day._replace(last=min(day.last, since - step)) for day in days if day.first < since]
        self._write_days(packed, labels, Blocks(data, step, record, self._source.last, self._around.clock))

    def _write_days(self, days: Sequence[Span], labels: Labels, destination: Destination) -> None:
        for day in days:
            for part in self._parts(day, labels, destination):
                work = f"writing {shown(part.last)[:10]}"
                self._around.report(Progress(work, self._moments, self._total, self._samples))
            destination.finish()

    def _requests(self, record: Record) -> Requests:
        return Requests(self._remote, record, self._source.last, self._around.samples_together)

    def _parts(self, day: Span, labels: Labels, destination: Destination) -> Iterator[Span]:
        """Write a day; yield each part of it that was written."""
        step, first = self._order.step, day.first
        pages, columns = self._pages(), Columns(labels)
        if first >= step:
            columns.see(pages.at(first - step))
        for seconds in day.steps(step):
            with undisturbed():
                columns.add(seconds * 1_000, pages.at(seconds))
            if destination.is_enough(columns) or seconds == day.last:
                part, first = Span(first, seconds), seconds + step
                self._moments += len(part.steps(step))
                self._samples += columns.samples
                destination.write(part, columns.take())
                yield part

    def _page_size(self, seconds: int) -> int:
        return sum(len(family.samples) for family in self._pages().at(seconds))

    def _try(self, moments: Sequence[int], labels: Labels, requests: Requests) -> None:
        """Write single moments, to see whether a server that does not tell its settings takes them."""
        for seconds in moments:
            columns = Columns(labels)
            columns.add(seconds * 1_000, self._pages().at(seconds))
            for request in requests.encoded(columns.take()):
                self._remote.send(request)
                self._remote.finish()

    def _pages(self) -> Pages:
        past = self._source.past(self._checkpoints.before)
        return Pages(past, self._source.system, str(self._order.ledger), self._order.metrics)


def _checkpoints(order: Order, source: Opened, around: Surroundings) -> DayCheckpoints:
    subject = f"days of system {source.name} of the ledger {source.identity}, {order.profit.value} P&L"
    name = blake2b(subject.encode(), digest_size=8).hexdigest()
    return DayCheckpoints(around.state / "history" / name, subject, source, around.facts_apart)
