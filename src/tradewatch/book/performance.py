"""The statistics of one group of closed trades: of all that can be known, what is asked for."""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from tradewatch.book.batch import MEASURES, Batch
from tradewatch.catalog import Concept, concepts, distributions
from tradewatch.stats import Histogram, Largest, Mean, Outcomes, PayoffRatio, ProfitFactor, Smallest, Streak

# Any in this file: each statistic has its own kind of observation and value.


class _Kept(NamedTuple):
    """A statistic that a group may keep, and how it takes closed trades."""

    make: Callable[[], Any]
    take: Callable[[Any, Batch], None]


def _observing(name: str, make: Callable[[], Any]) -> _Kept:
    """Return a statistic of a measure."""
    return _Kept(make, lambda statistic, batch: statistic.extend(batch.observed(name)))


def _take_payoff(payoff: PayoffRatio, batch: Batch) -> None:
    """Take wins and losses: a scratch is neither, whatever its P&L."""
    payoff.wins.extend(batch.observed("win"))
    payoff.losses.extend(batch.observed("loss"))


_KEPT: Mapping[str, _Kept] = {
    "outcomes": _Kept(Outcomes, lambda outcomes, batch: outcomes.merge(batch.observed("outcomes"))),
    "profit_factor": _observing("pnl", ProfitFactor),
    "payoff": _Kept(PayoffRatio, _take_payoff),
    "largest_win": _observing("win", Largest),
    "largest_loss": _observing("loss", Smallest),
    "wins_in_a_row": _observing("result", lambda: Streak(1)),
    "losses_in_a_row": _observing("result", lambda: Streak(-1)),
    "last_closed": _observing("closed", Largest),
    **{name: _observing(name, Mean) for name in MEASURES},
}


class _Source(NamedTuple):
    """Which kept statistic a concept is read from, and how; ``n``: how many trades are behind a ratio.

    ``needs``: another kept statistic without whose value the concept is undefined.
    """

    kept: str
    read: Callable[[Any], float | None]
    n: Callable[[Any], int] | None = None
    needs: str | None = None


def _bound(index: int) -> Callable[[Outcomes], float | None]:
    return lambda outcomes: None if outcomes.interval is None else outcomes.interval[index]


_VALUE = attrgetter("value")
_COUNT = attrgetter("count")


def _both(payoff: PayoffRatio) -> int:
    return payoff.wins.count + payoff.losses.count


_SOURCES: Mapping[Concept, _Source] = {
    concepts.CLOSED_TRADES: _Source("outcomes", _COUNT),
    concepts.WINS: _Source("outcomes", attrgetter("wins")),
    concepts.LOSSES: _Source("outcomes", attrgetter("losses")),
    concepts.SCRATCHES: _Source("outcomes", attrgetter("scratches")),
    concepts.WIN_RATE: _Source("outcomes", _VALUE, _COUNT),
    concepts.WIN_RATE_LOWEST: _Source("outcomes", _bound(0), _COUNT),
    concepts.WIN_RATE_HIGHEST: _Source("outcomes", _bound(1), _COUNT),
    concepts.NET_PROFIT: _Source("profit_factor", attrgetter("net_profit")),
    concepts.EXPECTANCY: _Source("profit_factor", attrgetter("expectancy"), _COUNT),
    concepts.GROSS_PROFIT: _Source("profit_factor", attrgetter("gross_profit")),
    concepts.GROSS_LOSS: _Source("profit_factor", attrgetter("gross_loss")),
    concepts.PROFIT_FACTOR: _Source("profit_factor", _VALUE, _COUNT, needs="largest_loss"),
    concepts.AVERAGE_WIN: _Source("payoff", attrgetter("wins.value"), attrgetter("wins.count")),
    concepts.AVERAGE_LOSS: _Source("payoff", attrgetter("losses.value"), attrgetter("losses.count")),
    concepts.PAYOFF_RATIO: _Source("payoff", _VALUE, _both),
    concepts.LARGEST_WIN: _Source("largest_win", _VALUE),
    concepts.LARGEST_LOSS: _Source("largest_loss", _VALUE),
    concepts.LONGEST_WINS: _Source("wins_in_a_row", _VALUE),
    concepts.LONGEST_LOSSES: _Source("losses_in_a_row", _VALUE),
    concepts.CURRENT_WINS: _Source("wins_in_a_row", attrgetter("current")),
    concepts.CURRENT_LOSSES: _Source("losses_in_a_row", attrgetter("current")),
    concepts.EXPECTANCY_R: _Source("r_multiple", _VALUE, _COUNT),
    concepts.MEAN_CONFIDENCE: _Source("confidence", _VALUE, _COUNT),
    concepts.MEAN_DURATION: _Source("duration", _VALUE, _COUNT),
    concepts.FEES: _Source("fees", attrgetter("total")),
    concepts.MEAN_ADVERSE: _Source("adverse", _VALUE, _COUNT),
    concepts.MEAN_FAVOURABLE: _Source("favourable", _VALUE, _COUNT),
    concepts.ENTRY_SLIPPAGE: _Source("entry_slippage", _VALUE, _COUNT),
    concepts.EXIT_SLIPPAGE: _Source("exit_slippage", _VALUE, _COUNT),
    concepts.LAST_TRADE_TIME: _Source("last_closed", _VALUE),
}

PERFORMANCE = _SOURCES.keys()
"""The concepts that can be read of a group of closed trades."""

_MEASURED: Mapping[Concept, str] = {
    distributions.TRADE_PROFIT: "pnl",
    distributions.TRADE_DURATION: "duration",
    distributions.TRADE_SLIPPAGE: "entry_slippage",
}

DISTRIBUTIONS = _MEASURED.keys()
"""The distributions that can be read of a group of closed trades."""


class TradePerformance:
    """What is known of a group of closed trades, for the concepts asked for.

    ``told`` counts closings as they were first told; all else follows corrections.
    """

    __slots__ = ("_kept", "distributions", "told")

    def __init__(self, asked: Collection[Concept]) -> None:
        sources = [_SOURCES[concept] for concept in asked if concept in _SOURCES]
        names = {source.kept for source in sources} | {source.needs for source in sources}
        self.told = Outcomes()
        self.distributions = {
            concept.name: Histogram(distributions.BOUNDS[concept]) for concept in asked if concept in _MEASURED
        }
        self._kept = {name: kept.make() for name, kept in _KEPT.items() if name in names}

    def tell(self, batch: Batch) -> None:
        """Take closings as they were first told."""
        self.told.merge(batch.observed("outcomes"))
        for concept, measure in _MEASURED.items():
            if concept.name in self.distributions:
                self.distributions[concept.name].extend(batch.observed(measure))

    def extend(self, batch: Batch) -> None:
        """Take more closed trades as they really were, in order."""
        for name, statistic in self._kept.items():
            _KEPT[name].take(statistic, batch)

    def read(self, concept: Concept) -> float | None:
        """Return a concept's value, None while it is undefined; raises KeyError on one that was not asked for."""
        return reader_of(concept)(self)

    def kept(self, name: str) -> Any:  # noqa: ANN401 - see above
        """Return a statistic by its name; raises KeyError on one that no concept asked for needs."""
        return self._kept[name]

    def count(self, concept: Concept) -> int | None:
        """Return how many trades are behind a ratio; None for what is no ratio."""
        source = _SOURCES[concept]
        return None if source.n is None else source.n(self._kept[source.kept])


Read = Callable[[TradePerformance], float | None]


@cache
def reader_of(concept: Concept) -> Read:
    """Return what reads a concept's value of a group, None while it is undefined; as `TradePerformance.read`."""
    name, read, _, needs = _SOURCES[concept]
    if needs is None:
        return lambda performance: read(performance.kept(name))
    return lambda performance: None if performance.kept(needs).value is None else read(performance.kept(name))
