"""The page of a moment: the system's metrics and the exporter's own, in Prometheus' text formats."""

import platform
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from tradewatch import __version__
from tradewatch.book import PERFORMANCE, TOLD, TRADE_CONCEPTS, Moment, read
from tradewatch.catalog import Metric, Population
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
    """A family and what it was made of: while that is the same, so is the family."""

    made_of: tuple[object, ...]
    family: Family


class Page:
    """Makes pages; families of closed trades are kept while no trade closes."""

    def __init__(self) -> None:
        self._renderer = Renderer()
        self._kept: dict[str, _Kept] = {}

    def render(self, moment: Moment, published: Sequence[Metric], about: About, wire_format: Format) -> bytes:
        """Return the page with these of the system's metrics."""
        families = [
            *_about(moment, published, about),
            *([self._checks(moment)] if about.is_ready else []),
            *(self._family(moment, metric) for metric in published),
        ]
        return self._renderer.render(families, wire_format)

    def _family(self, moment: Moment, metric: Metric) -> Family:
        if metric.concept not in TRADE_CONCEPTS:
            return _family_of(moment, metric)
        account = moment.account
        made_of = (_version_of(moment, metric), account.currency, account.calendar, account.starting_equity)
        return self._kept_family(metric, made_of, lambda: _family_of(moment, metric))

    def _checks(self, moment: Moment) -> Family:
        account = moment.account
        made_of = (_version_of(moment, metrics.RECONCILIATION), account.balance, account.realised.value)
        return self._kept_family(metrics.RECONCILIATION, made_of, lambda: _family_of(moment, metrics.RECONCILIATION))

    def _kept_family(self, metric: Metric, made_of: tuple[object, ...], make: Callable[[], Family]) -> Family:
        kept = self._kept.get(metric.name)
        if kept is None or kept.made_of != made_of:
            kept = self._kept[metric.name] = _Kept(made_of, make())
        return kept.family


def _version_of(moment: Moment, metric: Metric) -> tuple[object, int]:
    """Return what changes whenever the trades that a metric is about may read otherwise."""
    trades = moment.book.trades if metric.population is Population.REAL else moment.book.virtual_trades
    trades.take()
    return trades, trades.version


def _family_of(moment: Moment, metric: Metric) -> Family:
    scale = metric.unit.scale
    samples = [
        Sample(labels, value if scale == 1 else value * scale)
        for labels, value in read(moment, metric.concept, metric.dimensions, metric.population)
    ]
    currency = moment.account.currency or "the account's currency"
    return Family(metric, metric.help.format(currency=currency, days=moment.account.calendar.days_a_year), samples)


def _about(moment: Moment, published: Iterable[Metric], about: About) -> Iterator[Family]:
    source = (about.source,)
    yield _own(metrics.READY, [Sample((), float(about.is_ready))])
    yield _own(metrics.SOURCE_UP, [Sample(source, float(about.is_up))])
    if about.is_ready:
        yield from _intake(moment, about)
        yield _own(metrics.SERIES_DROPPED, list(_dropped(moment, published)))
    yield _own(metrics.SCRAPE_SECONDS, [Sample((), about.seconds)])
    yield _own(metrics.BUILD, [Sample((__version__, platform.python_version()), 1)])
    for metric, number in process.readings():
        yield _own(metric, [Sample((), number)])


def _intake(moment: Moment, about: About) -> Iterator[Family]:
    book = moment.book
    if book.time is not None:
        yield _own(metrics.LAST_FACT, [Sample((about.source,), book.time.timestamp())])
    folded = {kind: book.intake.folded[kind] for kind in KIND_OF.values()}
    yield _own(metrics.FACTS, [Sample((kind,), count) for kind, count in folded.items()])
    yield _own(metrics.REJECTED, [Sample(key, count) for key, count in book.intake.refused.items()])
    yield _own(metrics.DROPPED, [Sample(key, count) for key, count in book.intake.dropped.items()])
    yield _own(metrics.LATE, [Sample((), about.late)])
    yield _own(metrics.REFOLDS, [Sample((), about.refolds)])


def _dropped(moment: Moment, published: Iterable[Metric]) -> Iterator[Sample]:
    for metric in published:
        if metric.labels and (metric.concept in PERFORMANCE or metric.concept in TOLD):
            trades = moment.book.trades if metric.population is Population.REAL else moment.book.virtual_trades
            yield Sample((metric.name,), trades.dropped(metric.dimensions))


def _own(metric: Metric, samples: list[Sample]) -> Family:
    return Family(metric, metric.help, samples)
