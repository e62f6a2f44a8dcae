"""The page of a moment: the system's metrics and the exporter's own, in Prometheus' text formats."""

import platform
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from tradewatch import __version__
from tradewatch.book import PERFORMANCE, TOLD, TRADE_CONCEPTS, Moment, read, without_outcome
from tradewatch.catalog import Metric
from tradewatch.exporter import metrics, process
from tradewatch.exporter.wire import Family, Format, Renderer, Sample
from tradewatch.facts import KIND_OF


class About(NamedTuple):
    """What the exporter says about itself and its source. ``seconds``: what reading new facts took."""

    source: str
    is_up: bool
    is_ready: bool
    seconds: float
    refolds: int
    late: int


class _Kept(NamedTuple):
    """A family of closed trades: what else it was made of, of which version of them, and its samples by group."""

    made_of: tuple[object, ...]
    version: int
    samples: dict[tuple[str, ...], list[Sample]]
    family: Family


class Page:
    """Makes pages; what is said of groups of closed trades is kept while nothing changes in them."""

    def __init__(self) -> None:
        self._renderer = Renderer()
        self._kept: dict[str, _Kept] = {}
        self._checks: tuple[tuple[object, ...], Family] | None = None
        self._dropped: tuple[tuple[object, ...], Family] | None = None

    def render(self, moment: Moment, published: Sequence[Metric], about: About, wire_format: Format) -> bytes:
        """Return the page with these of the system's metrics."""
        families = [
            *self._about(moment, published, about),
            *([self._checks_of(moment)] if about.is_ready else []),
            *(self._family(moment, metric) for metric in published),
        ]
        return self._renderer.render(families, wire_format)

    def of_facts(self, moment: Moment, published: Sequence[Metric], source: str) -> Sequence[Family]:
        """Return what a page says that follows from facts and the moment alone: nothing about the exporter itself."""
        return [
            *_intake(moment, source),
            self._dropped_of(moment, published),
            self._checks_of(moment),
            *(self._family(moment, metric) for metric in published),
        ]

    def _family(self, moment: Moment, metric: Metric) -> Family:
        if metric.concept not in TRADE_CONCEPTS:
            return _family_of(moment, metric)
        account, trades = moment.account, moment.book.trades_of(metric.population)
        trades.take()
        made_of = (trades, account.currency, account.calendar, account.starting_equity)
        kept = self._kept.get(metric.name)
        if kept is None or kept.made_of != made_of:
            kept = None
        elif kept.version == trades.version:
            return kept.family
        samples = _samples_by_group(moment, metric, kept)
        family = _family_with(moment, metric, list(chain.from_iterable(samples.values())))
        self._kept[metric.name] = _Kept(made_of, trades.version, samples, family)
        return family

    def _checks_of(self, moment: Moment) -> Family:
        account, trades = moment.account, moment.book.trades
        trades.take()
        made_of = (trades, trades.version, account.balance, account.realised.value)
        if self._checks is None or self._checks[0] != made_of:
            self._checks = made_of, _family_of(moment, metrics.RECONCILIATION)
        return self._checks[1]

    def _dropped_of(self, moment: Moment, published: Sequence[Metric]) -> Family:
        """Return how many closings have lost their label values, which only closings change."""
        trades, virtual = moment.book.trades, moment.book.virtual_trades
        for each in (trades, virtual):
            each.take()
        made_of = (trades, trades.version, virtual, virtual.version, published)
        if self._dropped is None or self._dropped[0] != made_of:
            self._dropped = made_of, _own(metrics.SERIES_DROPPED, list(_dropped(moment, published)))
        return self._dropped[1]

    def _about(self, moment: Moment, published: Sequence[Metric], about: About) -> Iterator[Family]:
        source = (about.source,)
        yield _own(metrics.READY, [Sample((), float(about.is_ready))])
        yield _own(metrics.SOURCE_UP, [Sample(source, float(about.is_up))])
        if about.is_ready:
            yield from _intake(moment, about.source)
            yield _own(metrics.LATE, [Sample((), about.late)])
            yield _own(metrics.REFOLDS, [Sample((), about.refolds)])
            yield self._dropped_of(moment, published)
        yield _own(metrics.SCRAPE_SECONDS, [Sample((), about.seconds)])
        yield _own(metrics.BUILD, [Sample((__version__, platform.python_version()), 1)])
        for metric, number in process.readings():
            yield _own(metric, [Sample((), number)])


def _samples_by_group(moment: Moment, metric: Metric, kept: _Kept | None) -> dict[tuple[str, ...], list[Sample]]:
    """Return the samples of a metric of closed trades, those of unchanged groups as they are kept."""
    samples, changed = {} if kept is None else kept.samples, None
    if kept is not None:
        trades = moment.book.trades_of(metric.population)
        changed = trades.changed(metric.dimensions, kept.version)
        if not samples.keys() >= set(changed):  # new ones stand where they stand on a page that is made anew
            samples = {values: samples.get(values, []) for values in trades.of(without_outcome(metric.dimensions))}
        samples.update({values: [] for values in changed})
    labels = len(without_outcome(metric.dimensions))
    for sample in _samples(moment, metric, changed):
        samples.setdefault(sample.labels[:labels], []).append(sample)
    return samples


def _samples(moment: Moment, metric: Metric, among: Iterable[tuple[str, ...]] | None = None) -> list[Sample]:
    found = read(moment, metric.concept, metric.dimensions, metric.population, among)
    scale = metric.unit.scale
    return list(found) if scale == 1 else [Sample(labels, value * scale) for labels, value in found]


def _family_of(moment: Moment, metric: Metric) -> Family:
    return _family_with(moment, metric, _samples(moment, metric))


def _family_with(moment: Moment, metric: Metric, samples: list[Sample]) -> Family:
    return Family(metric, _help(metric.help, moment.account.currency, moment.account.calendar.days_a_year), samples)


@lru_cache(maxsize=4_096)
def _help(words: str, currency: str | None, days: int) -> str:
    return words.format(currency=currency or "the account's currency", days=days)


def _intake(moment: Moment, source: str) -> Iterator[Family]:
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
