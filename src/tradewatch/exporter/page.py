"""The page of a moment: the system's metrics and the exporter's own, in Prometheus' text formats."""

import platform
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from tradewatch import __version__
from tradewatch.book import PERFORMANCE, TOLD, TRADE_CONCEPTS, Basis, Moment, read
from tradewatch.catalog import Metric, Population
from tradewatch.exporter import metrics, process
from tradewatch.exporter.trade_families import Shown, TradeFamily
from tradewatch.exporter.wire import Family, Format, Renderer, Sample
from tradewatch.exporter.wording import help_of
from tradewatch.facts import KIND_OF


class About(NamedTuple):
    """What the exporter says about itself and its source. ``seconds``: what reading new facts took."""

    source: str
    is_up: bool
    is_ready: bool
    seconds: float
    refolds: int
    late: int


class _Read(NamedTuple):
    """What a page says of something else, and what it was read of."""

    basis: Basis | None
    families: Sequence[Family]


class Page:
    """Makes pages; what is said is kept while nothing changes in what it is said of: it stays the same object."""

    def __init__(self) -> None:
        self._renderer = Renderer()
        self._trades: dict[str, TradeFamily] = {}
        self._read: dict[str, _Read] = {}
        self._checks: tuple[tuple[object, ...], Family] | None = None
        self._dropped: tuple[tuple[object, ...], Family] | None = None

    def render(self, moment: Moment, published: Sequence[Metric], about: About, wire_format: Format) -> bytes:
        """Return the page with these of the system's metrics."""
        families = [
            *self._about(moment, published, about),
            *([self._checks_of(moment)] if about.is_ready else []),
            *self._families(moment, published),
        ]
        return self._renderer.render(families, wire_format)

    def of_facts(self, moment: Moment, published: Sequence[Metric], source: str) -> Sequence[Family]:
        """Return what a page says that follows from facts and the moment alone: nothing about the exporter itself."""
        return [
            *self._intake(moment, source),
            self._dropped_of(moment, published),
            self._checks_of(moment),
            *self._families(moment, published),
        ]

    def _families(self, moment: Moment, published: Sequence[Metric]) -> Iterator[Family]:
        """Yield the families of a system's metrics."""
        shown = {population: Shown.of(moment, population) for population in Population}
        for metric in published:
            if metric.concept in TRADE_CONCEPTS:
                kept = self._trades.get(metric.name)
                if kept is None:
                    kept = self._trades[metric.name] = TradeFamily(metric)
                yield kept.shown(shown[metric.population])
            else:
                yield from self._read_once(moment, metric.name, partial(_family_of, metric))

    def _intake(self, moment: Moment, source: str) -> Sequence[Family]:
        return self._read_once(moment, f"{metrics.FACTS.name} of {source}", partial(_intake, source))

    def _read_once(self, moment: Moment, name: str, make: Callable[[Moment], Iterable[Family]]) -> Sequence[Family]:
        """Return what is read of a moment, or what was when it was made of the same."""
        kept = self._read.get(name)
        if kept is not None and moment.has(kept.basis):
            return kept.families
        moment.begin()
        families = tuple(make(moment))
        self._read[name] = _Read(moment.basis, families)
        return families

    def _checks_of(self, moment: Moment) -> Family:
        account, trades = moment.account, moment.book.trades
        trades.take()
        made_of = (trades, trades.version, account.balance, account.realised.value)
        if self._checks is None or self._checks[0] != made_of:
            (family,) = _family_of(metrics.RECONCILIATION, moment)
            self._checks = made_of, family
        return self._checks[1]

    def _dropped_of(self, moment: Moment, published: Sequence[Metric]) -> Family:
        """Return how many closings have lost their label values: few ever do."""
        trades, virtual = moment.book.trades, moment.book.virtual_trades
        dropped = [each.dropped(labels) for each in (trades, virtual) for labels in each.combinations()]
        made_of = (trades, virtual, dropped, published)
        if self._dropped is None or self._dropped[0] != made_of:
            self._dropped = made_of, _own(metrics.SERIES_DROPPED, list(_dropped(moment, published)))
        return self._dropped[1]

    def _about(self, moment: Moment, published: Sequence[Metric], about: About) -> Iterator[Family]:
        source = (about.source,)
        yield _own(metrics.READY, [Sample((), float(about.is_ready))])
        yield _own(metrics.SOURCE_UP, [Sample(source, float(about.is_up))])
        if about.is_ready:
            yield from self._intake(moment, about.source)
            yield _own(metrics.LATE, [Sample((), about.late)])
            yield _own(metrics.REFOLDS, [Sample((), about.refolds)])
            yield self._dropped_of(moment, published)
        yield _own(metrics.SCRAPE_SECONDS, [Sample((), about.seconds)])
        yield _own(metrics.BUILD, [Sample((__version__, platform.python_version()), 1)])
        for metric, number in process.readings():
            yield _own(metric, [Sample((), number)])


def _family_of(metric: Metric, moment: Moment) -> Sequence[Family]:
    """Return the family of a metric, alone."""
    found, scale = read(moment, metric.concept, metric.dimensions, metric.population), metric.unit.scale
    samples = found if scale == 1 else [Sample(labels, value * scale) for labels, value in found]
    return (Family(metric, help_of(metric, moment), samples),)


def _intake(source: str, moment: Moment) -> Iterator[Family]:
    book = moment.book
    if book.time is not None:
        yield _own(metrics.LAST_FACT, [Sample((source,), book.time.timestamp())])
    folded = {kind: book.intake.folded[kind] for kind in KIND_OF.values()}
    yield _own(metrics.FACTS, [Sample((kind,), count) for kind, count in folded.items()])
    yield _own(metrics.REJECTED, [Sample(key, count) for key, count in book.intake.refused.items()])
    yield _own(metrics.DROPPED, [Sample(key, count) for key, count in book.intake.dropped.items()])


def _dropped(moment: Moment, published: Iterable[Metric]) -> Iterator[Sample]:
    for metric in published:
        if metric.labels and (metric.concept in PERFORMANCE or metric.concept in TOLD):
            dropped = moment.book.trades_of(metric.population).dropped(metric.dimensions)
            yield Sample((metric.name,), dropped)


def _own(metric: Metric, samples: list[Sample]) -> Family:
    return Family(metric, metric.help, samples)
