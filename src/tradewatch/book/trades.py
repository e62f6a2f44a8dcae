"""The trades of a book: which are open, how the closed ones did, by every declared combination of labels."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from tradewatch.book.groups import Groups, Labels
from tradewatch.book.performance import READINGS, TradePerformance
from tradewatch.book.reading import Reading
from tradewatch.book.settled import ProfitSource, SettledTrade, settle
from tradewatch.catalog import Concept, concepts
from tradewatch.facts import Outcome, TradeClosed, TradeOpened, TradeTerms

UNKNOWN = "UNKNOWN"
"""The label value of a trade that does not say: sums include it."""

OUTCOME = "outcome"
"""The label that counters of closings have last: its values are known beforehand."""

Amendments = Mapping[str, TradeClosed | None]
"""Trade id to how the trade really was; None when it never happened."""


class Trades:
    """Folds openings and closings. Amended trades count as amended, except in the counters of closings told.

    ``combinations``: the labels, terms of a trade each, by which its statistics are kept; `OUTCOME` may be the last.
    """

    def __init__(self, combinations: Iterable[Labels], amendments: Amendments, source: ProfitSource) -> None:
        kept = {_without_outcome(labels) for labels in combinations}
        self._groups = Groups(sorted({(), *kept}), TradePerformance)
        self._amendments = amendments
        self._source = source
        self._open: dict[str, TradeOpened] = {}

    def open(self, fact: TradeOpened) -> None:
        """Take an opening. Its counters begin at 0 here, so that its closing is a step that can be seen."""
        if self._amendments.get(fact.trade_id, fact) is not None:
            self._open[fact.trade_id] = fact
        self._groups.of(self._values(fact))

    def close(self, time: datetime, fact: TradeClosed) -> SettledTrade | None:
        """Take a closing; return the trade as amended, None when it was voided."""
        self._open.pop(fact.trade_id, None)
        told = settle(fact, self._source)
        groups = self._groups.of(self._values(fact))
        for performance in groups:
            performance.told.update(told.result)
        if fact.trade_id in self._amendments:
            return self._close_amended(time, self._amendments[fact.trade_id])
        _update(groups, told, time)
        return told

    def _close_amended(self, time: datetime, amended: TradeClosed | None) -> SettledTrade | None:
        if amended is None:
            return None
        settled = settle(amended, self._source)
        _update(self._groups.of(self._values(amended)), settled, time)
        return settled

    @property
    def open_count(self) -> int:
        """How many trades are open."""
        return len(self._open)

    def performance(self, labels: Labels) -> Mapping[tuple[str, ...], TradePerformance]:
        """Return the closed trades' statistics by their values of a declared combination of labels."""
        return self._groups.table(labels)

    def readings(self, concept: Concept, labels: Labels) -> Iterator[Reading]:
        """Yield what is defined of a concept, for each combination of label values."""
        table = self._groups.table(_without_outcome(labels))
        if concept is concepts.TRADES_TOLD:
            for values, performance in table.items():
                yield from _by_outcome(values, performance)
            return
        read = READINGS[concept]
        for values, performance in table.items():
            value = read(performance)
            if value is not None:
                yield Reading(values, value)

    def _values(self, terms: TradeTerms) -> tuple[str | None, ...]:
        return tuple([_value(terms, name) for name in self._groups.names])


def _value(terms: TradeTerms, name: str) -> str | None:
    """Return a term as a label value; None for a term that this kind of fact does not have."""
    value: str | None = getattr(terms, name, _NOT_A_TERM)
    if value is _NOT_A_TERM:
        return None
    return value or UNKNOWN


_NOT_A_TERM = "\0"


def _without_outcome(labels: Labels) -> Labels:
    return labels[:-1] if labels[-1:] == (OUTCOME,) else labels


def _by_outcome(values: tuple[str, ...], performance: TradePerformance) -> Iterator[Reading]:
    told = performance.told
    yield Reading((*values, Outcome.WIN.value), told.wins)
    yield Reading((*values, Outcome.LOSS.value), told.losses)
    yield Reading((*values, Outcome.SCRATCH.value), told.scratches)


def _update(groups: Iterable[TradePerformance], trade: SettledTrade, time: datetime) -> None:
    closed = time.timestamp()
    for performance in groups:
        performance.update(trade, closed)
