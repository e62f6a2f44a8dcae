"""The trades of a book: which are open, how the closed ones did, by every declared combination of labels."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from tradewatch.book.groups import Groups, Labels
from tradewatch.book.performance import READINGS, TradePerformance
from tradewatch.book.reading import Reading
from tradewatch.book.settled import ProfitSource, SettledTrade, label_of, settle
from tradewatch.catalog import Concept, concepts
from tradewatch.facts import Outcome, TradeClosed, TradeOpened, TradeTerms
from tradewatch.stats import Count

Amendments = Mapping[str, TradeClosed | None]
"""Trade id to how the trade really was; None when it never happened."""


class Trades:
    """Folds openings and closings. Amended trades count as amended, except in the counters of closings told."""

    def __init__(self, combinations: Iterable[Labels], amendments: Amendments, source: ProfitSource) -> None:
        wanted = tuple(combinations)
        self._told = Groups([labels for labels in wanted if "outcome" in labels], Count)
        self._performance = Groups({(), *(labels for labels in wanted if "outcome" not in labels)}, TradePerformance)
        self._label_names = sorted({name for labels in wanted for name in labels} - {"outcome"})
        self._amendments = amendments
        self._source = source
        self._open: dict[str, TradeOpened] = {}

    def open(self, fact: TradeOpened) -> None:
        """Take an opening. Its counters begin at 0 here, so that its closing is a step that can be seen."""
        if fact.trade_id in self._amendments and self._amendments[fact.trade_id] is None:
            return
        self._open[fact.trade_id] = fact
        self._show_counters(self._labels(fact))

    def close(self, time: datetime, fact: TradeClosed) -> SettledTrade | None:
        """Take a closing; return the trade as amended, None when it was voided."""
        self._open.pop(fact.trade_id, None)
        told = settle(fact, self._source)
        labels = self._labels(fact)
        self._show_counters(labels)
        for count in self._told.of(labels | {"outcome": told.outcome.value}):
            count.update(told)
        return self._settle_amended(time, fact)

    def _settle_amended(self, time: datetime, fact: TradeClosed) -> SettledTrade | None:
        amended = self._amendments.get(fact.trade_id, fact)
        if amended is None:
            return None
        settled = settle(amended, self._source)
        for performance in self._performance.of(self._labels(amended)):
            performance.update(settled, time.timestamp())
        return settled

    @property
    def open_count(self) -> int:
        """How many trades are open."""
        return len(self._open)

    def performance(self, labels: Labels) -> Mapping[tuple[str, ...], TradePerformance]:
        """Return the closed trades' statistics by their values of a declared combination of labels."""
        return self._performance.table(labels)

    def readings(self, concept: Concept, labels: Labels) -> Iterator[Reading]:
        """Yield what is defined of a concept, for each combination of label values."""
        if concept is concepts.TRADES_TOLD:
            yield from (Reading(values, count.value) for values, count in self._told.table(labels).items())
            return
        read = READINGS[concept]
        for values, performance in self._performance.table(labels).items():
            value = read(performance)
            if value is not None:
                yield Reading(values, value)

    def _labels(self, terms: TradeTerms) -> dict[str, str]:
        return {name: label_of(terms, name) for name in self._label_names if hasattr(terms, name)}

    def _show_counters(self, labels: Mapping[str, str]) -> None:
        for outcome in Outcome:
            for _ in self._told.of({**labels, "outcome": outcome.value}):
                pass  # asking for a counter makes it
