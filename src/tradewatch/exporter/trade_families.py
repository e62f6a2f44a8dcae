"""What a page says of closed trades, group by group: of what did not change nothing is read again."""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from tradewatch.book import Moment, Trades, read, without_outcome
from tradewatch.catalog import Metric, Population
from tradewatch.exporter.wire import Family, Sample
from tradewatch.exporter.wording import help_of

Values = tuple[str, ...]


class Shown(NamedTuple):
    """The closed trades of a population at a moment, and what else is told with them. What waited is taken."""

    moment: Moment
    trades: Trades
    version: int
    terms: tuple[object, ...]

    @classmethod
    def of(cls, moment: Moment, population: Population) -> "Shown":
        """Return what is shown of a population."""
        trades, account = moment.book.trades_of(population), moment.account
        trades.take()
        terms = (trades, account.currency, account.calendar, account.starting_equity)
        return cls(moment, trades, trades.version, terms)


class TradeFamily:
    """The family of one metric of closed trades; it stays the same object while nothing changes in it."""

    def __init__(self, metric: Metric) -> None:
        self._metric = metric
        self._labels = without_outcome(metric.dimensions)
        self._samples: dict[Values, Sequence[Sample]] = {}
        self._terms: tuple[object, ...] = ()
        self._version = -1
        self._help = ""
        self._family = Family(metric, "", ())

    def shown(self, shown: Shown) -> Family:
        """Return the family of a moment."""
        if shown.terms != self._terms:
            self._begin(shown)
        elif shown.version != self._version:
            self._go_on(shown)
        return self._family

    def _begin(self, shown: Shown) -> None:
        self._help = help_of(self._metric, shown.moment)
        self._samples = self._read(shown, list(shown.trades.of(self._labels)))
        self._terms = shown.terms
        self._finish(shown)

    def _go_on(self, shown: Shown) -> None:
        """Read the groups that changed; new ones stand where they stand on a page that is made anew."""
        changed = shown.trades.changed(self._labels, self._version)
        fresh = self._read(shown, changed)
        if fresh.keys() <= self._samples.keys():
            self._samples.update(fresh)
        else:
            both = self._samples | fresh
            self._samples = {values: both[values] for values in shown.trades.of(self._labels)}
        self._finish(shown)

    def _read(self, shown: Shown, among: Sequence[Values]) -> dict[Values, Sequence[Sample]]:
        """Return the samples of groups; none of what is undefined."""
        metric, scale, width = self._metric, self._metric.unit.scale, len(self._labels)
        found: Sequence[Sample] = read(shown.moment, metric.concept, metric.dimensions, metric.population, among)
        if scale != 1:
            found = [Sample(labels, value * scale) for labels, value in found]
        samples: dict[Values, Sequence[Sample]] = dict.fromkeys(among, ())
        for sample in found:
            values = sample.labels[:width]
            samples[values] = (*samples[values], sample)
        return samples

    def _finish(self, shown: Shown) -> None:
        self._version = shown.version
        self._family = Family(self._metric, self._help, list(chain.from_iterable(self._samples.values())))
