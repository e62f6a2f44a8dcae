"""The closed trades of a book, by every combination of labels that is wanted."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from tradewatch.book.groups import Groups, Labels, Values
from tradewatch.book.performance import TradePerformance
from tradewatch.book.reading import Reading
from tradewatch.book.settled import ProfitSource, SettledTrade, settle
from tradewatch.book.wanted import Wanted, without_outcome
from tradewatch.catalog import Concept, concepts
from tradewatch.facts import Outcome, TradeClosed, TradeOpened, TradeTerms
from tradewatch.stats import Outcomes, Window

UNKNOWN = "UNKNOWN"
"""The label value of a trade that does not say: sums include it."""

Amendments = Mapping[str, TradeClosed | None]
"""Trade id to how the trade really was; None when it never happened."""

_DAY = 24 * 60 * 60


class Trades:
    """Folds openings and closings. Amended trades count as amended, except in the counters of closings told."""

    def __init__(self, wanted: Wanted, amendments: Amendments, source: ProfitSource) -> None:
        self.voided = 0
        self._groups = Groups(wanted, lambda labels: TradePerformance(wanted[labels]))
        self._last_day = Window(Outcomes, _DAY)
        self._amendments = amendments
        self._source = source
        self._regimes: dict[str, str] = {}

    def is_voided(self, trade_id: str) -> bool:
        """Whether a trade will turn out never to have happened."""
        return self._amendments.get(trade_id, _STANDS) is None

    def open(self, fact: TradeOpened, regime: str | None) -> None:
        """Take an opening in a regime. Its counters begin at 0 here, so that its closing is a step that can be seen."""
        if regime is not None:
            self._regimes[fact.trade_id] = regime
        self._groups.of(self._values(fact, regime))

    def close(self, time: datetime, fact: TradeClosed) -> SettledTrade | None:
        """Take a closing; return the trade as amended, None when it was voided."""
        told = settle(time, fact, self._source)
        regime = self._regimes.pop(fact.trade_id, None)
        groups = self._groups.of(self._values(fact, regime))
        for performance in groups:
            performance.told.update(told.result)
        if fact.trade_id not in self._amendments:
            return self._take(told, groups)
        amended = self._amendments[fact.trade_id]
        if amended is None:
            self.voided += 1
            return None
        return self._take(settle(time, amended, self._source), self._groups.of(self._values(amended, regime)))

    def _take(self, trade: SettledTrade, groups: list[TradePerformance]) -> SettledTrade:
        for performance in groups:
            performance.update(trade)
        outcome = Outcomes()
        outcome.update(trade.result)
        self._last_day.add(trade.closed, outcome)
        return trade

    @property
    def whole(self) -> TradePerformance:
        """The statistics of all closed trades together."""
        return self._groups.table(())[()]

    def of(self, labels: Labels) -> Mapping[Values, TradePerformance]:
        """Return the statistics by the values of a wanted combination of labels."""
        return self._groups.table(labels)

    def combinations(self) -> Iterator[Labels]:
        """Yield the combinations of labels that are kept, the whole included."""
        return self._groups.combinations()

    def last_day(self, at: datetime) -> Outcomes:
        """Return the outcomes of the 24 hours before a moment that is not before the newest closing."""
        return self._last_day.at(at.timestamp())

    def readings(self, concept: Concept, labels: Labels) -> Iterator[Reading]:
        """Yield what is defined of a concept, for each combination of label values."""
        for values, performance in self._groups.table(without_outcome(labels)).items():
            if concept is concepts.TRADES_TOLD:
                yield from _by_outcome(values, performance.told)
            elif (value := performance.read(concept)) is not None:
                yield Reading(values, value)

    def _values(self, terms: TradeTerms, regime: str | None) -> tuple[str | None, ...]:
        return tuple([_value(terms, name, regime) for name in self._groups.names])


_STANDS = object()
_NOT_A_TERM = "\0"


def _value(terms: TradeTerms, name: str, regime: str | None) -> str | None:
    """Return a term as a label value; None for a term that this kind of fact does not have."""
    value: str | None = regime if name == "regime" else getattr(terms, name, _NOT_A_TERM)
    if value is _NOT_A_TERM:
        return None
    return value or UNKNOWN


def _by_outcome(values: Values, told: Outcomes) -> Iterator[Reading]:
    yield Reading((*values, Outcome.WIN.value), told.wins)
    yield Reading((*values, Outcome.LOSS.value), told.losses)
    yield Reading((*values, Outcome.SCRATCH.value), told.scratches)
