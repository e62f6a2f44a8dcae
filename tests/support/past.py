"""What a page showed at moments of the past, made anew for each of them, to be compared with a history."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tests.support.pages import Series, parsed
from tradewatch.book import Book, moment_of
from tradewatch.catalog import conduct
from tradewatch.exporter import Format, Service, metrics
from tradewatch.exporter.as_of import instant, published
from tradewatch.exporter.page import Page
from tradewatch.exporter.wire import Renderer
from tradewatch.facts import Entry, TradeClosed, TradeCorrected, TradeVoided
from tradewatch.ledger import SqliteAppender, SqliteReader, entry_of
from tradewatch.systems import SYSTEMS, system_of

SOURCE = "a ledger"
OF_THE_PROCESS = frozenset(
    [metrics.READY.name, metrics.SOURCE_UP.name, metrics.SCRAPE_SECONDS.name, metrics.BUILD.name]
    + [metrics.CPU_SECONDS.name, metrics.START_SECONDS.name, metrics.RESIDENT_BYTES.name]
    + [metrics.OPEN_DESCRIPTORS.name, metrics.THREADS.name, metrics.LATE.name, metrics.REFOLDS.name]
    + [each.name for system in SYSTEMS for each in system.metrics if each.concept is conduct.QUERY_SECONDS]
)
"""What is true of an exporter and not of the facts, and so is no history."""


def facts_of(path: Path, system: str) -> list[Entry]:
    """Return a ledger's facts in event order."""
    with closing(SqliteReader(path)) as reader:
        return [entry_of(row) for row in reader.in_event_order(system, reader.last_sequence())]


def folded(entries: Sequence[Entry], system: str, moments: Sequence[int]) -> Mapping[int, Series]:
    """Return the page of each moment (Unix), folded one fact after the other from the very first."""
    return {seconds: _folded(entries, system, seconds) for seconds in moments}


def _folded(entries: Sequence[Entry], name: str, seconds: int) -> Series:
    now, system = datetime.fromtimestamp(seconds, UTC), system_of(name)
    known = [entry for entry in entries if entry.time <= now]
    book = Book(system.kept, _amended(known), kept_virtual=system.kept_virtual)
    for entry in known:
        book.fold(entry)
    at = instant(book, now)
    families = Page().of_facts(moment_of(book, at), published(system, book, at), SOURCE)
    return compared(parsed(Renderer().render(families, Format.TEXT), Format.TEXT))


def _amended(entries: Sequence[Entry]) -> Mapping[str, TradeClosed | None]:
    facts = [entry.fact for entry in entries]
    corrected = sorted((fact for fact in facts if isinstance(fact, TradeCorrected)), key=lambda fact: fact.revision)
    voided = {fact.trade_id: None for fact in facts if isinstance(fact, TradeVoided)}
    return {fact.trade_id: fact.replacement for fact in corrected} | voided


def served(entries: Sequence[Entry], system: str, moments: Sequence[int], ledger: Path) -> Mapping[int, Series]:
    """Return what an exporter serves whose clock stands at each moment, of a ledger that has the facts up to then."""
    pages, told = {}, 0
    for seconds in sorted(moments):
        now = datetime.fromtimestamp(seconds, UTC)
        due = sum(entry.time <= now for entry in entries)
        with closing(SqliteAppender(ledger)) as appender:
            appender.append(entries[told:due], system)
        told = due
        pages[seconds] = _served(ledger, system, now)
    return pages


def _served(ledger: Path, system: str, now: datetime) -> Series:
    with closing(Service(ledger, system=system, clock=lambda: now)) as service:
        while not service.refresh():
            assert service.problem is None, service.problem
        page = parsed(service.page(Format.TEXT), Format.TEXT)
    return compared({key: value for key, value in page.items() if key[0] not in OF_THE_PROCESS})


_RENAMED = {"velocitytrader_uptime_seconds_total": "velocitytrader_uptime_seconds"}
"""The client library's parser gives every counter this ending; Prometheus takes the name as it stands."""


def compared(series: Series) -> Series:
    """Return series without empty labels, which no server keeps, and without the ledger's path."""
    return {
        (
            _RENAMED.get(name, name),
            frozenset((label, value) for label, value in labels if value and label != "source"),
        ): value
        for (name, labels), value in series.items()
    }


def differences(
    found: Mapping[int, Series], expected: Mapping[int, Series], digits: float = 0.0
) -> list[tuple[int, str, float | None, float | None]]:
    """Return where two sets of pages differ, by more than this share: moment, series, what was found, what was not."""
    return [
        (at, f"{key[0]} {sorted(key[1])}", page.get(key), expected[at].get(key))
        for at, page in found.items()
        for key in sorted(page.keys() | expected[at].keys(), key=str)
        if not _is_same(page.get(key), expected[at].get(key), digits)
    ]


def _is_same(found: float | None, expected: float | None, share: float) -> bool:
    if found is None or expected is None:
        return found is expected
    return abs(found - expected) <= share * abs(expected)
