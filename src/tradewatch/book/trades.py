"""The closed trades of a book, by every combination of labels that is wanted."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from tradewatch.book.batch import Batch, Labels
from tradewatch.book.groups import Groups, Values
from tradewatch.book.last_day import LastDay
from tradewatch.book.performance import PERFORMANCE, TradePerformance, reader_of
from tradewatch.book.reading import Reading, distributed
from tradewatch.book.settled import OpenedTrade, ProfitSource, SettledTrade, profit_of, settled
from tradewatch.book.wanted import Wanted, without_outcome
from tradewatch.catalog import Concept, concepts
from tradewatch.facts import Outcome, TradeClosed, TradeOpened
from tradewatch.stats import Outcomes

Amendments = Mapping[str, TradeClosed | None]
"""Trade id to how the trade really was; None when it never happened."""

_AT_A_TIME = 8_000
"""Trades that wait to be taken together: many at once cost each a fraction of one alone."""


class TradesState(NamedTuple):
    """All that `Trades` remembers apart from what it was made with."""

    voided: int
    groups: Mapping[Labels, Mapping[Values, TradePerformance]]
    dropped: Mapping[Labels, int]
    last_day: LastDay
    regimes: dict[str, str]


class Trades:
    """Folds openings and closings. Amended trades count as amended, except in the counters of closings told.

    ``version`` changes whenever what can be read may have changed.
    """

    def __init__(self, wanted: Wanted, amendments: Amendments, source: ProfitSource) -> None:
        self.voided = 0
        self.version = 0
        self._groups = {labels: Groups(labels, asked) for labels, asked in wanted.items()}
        self._last_day = LastDay()
        self._amendments = amendments
        self._source = source
        self._regimes: dict[str, str] = {}
        # What waits, in order: trades that begin groups, closings as told and as they count.
        self._arrived: list[OpenedTrade | SettledTrade] = []
        self._told: list[SettledTrade] = []
        self._counted: list[SettledTrade] = self._told  # the same list until they differ

    def learn(self, amendments: Amendments) -> None:
        """Know of more amendments, none of which is of a trade that was told already."""
        self._amendments = amendments

    def begin(self, assets: Sequence[str]) -> None:
        """Take the assets a run says it trades: their counters begin at 0 here."""
        self.take()
        self.version += 1
        for groups in self._groups.values():
            groups.begin(assets)

    def is_voided(self, trade_id: str) -> bool:
        """Whether a trade will turn out never to have happened."""
        return self._amendments.get(trade_id, _STANDS) is None

    def open(self, fact: TradeOpened, regime: str | None) -> None:
        """Take an opening in a regime. Its counters begin at 0 here, so that its closing is a step that can be seen."""
        if regime is not None:
            self._regimes[fact.trade_id] = regime
        if len(self._arrived) >= _AT_A_TIME:
            self.take()
        self._arrived.append(OpenedTrade(fact, regime))

    def close(self, time: datetime, fact: TradeClosed) -> SettledTrade | None:
        """Take a closing; return the trade as amended, None when it was voided."""
        regime = self._regimes.pop(fact.trade_id, None) if self._regimes else None
        if len(self._arrived) >= _AT_A_TIME:
            self.take()
        told = settled(time.timestamp(), fact, profit_of(fact, self._source), regime)
        self._arrived.append(told)
        if fact.trade_id in self._amendments:
            return self._close_amended(told)
        self._told.append(told)
        if self._counted is not self._told:
            self._counted.append(told)
        return told

    def profits(self, facts: Sequence[TradeClosed]) -> Sequence[float] | None:
        """Return the P&L that counts of closings none of which was amended; None when one was."""
        if self._amendments and not self._amendments.keys().isdisjoint([fact.trade_id for fact in facts]):
            return None
        return [profit_of(fact, self._source) for fact in facts]

    def close_many(self, times: Sequence[float], facts: Sequence[TradeClosed], profits: Sequence[float]) -> None:
        """Take closings at Unix times, none of which was amended, with their P&L."""
        if len(self._arrived) >= _AT_A_TIME:
            self.take()
        regimes = self._regimes
        trades = [
            settled(closed, fact, pnl, regimes.pop(fact.trade_id, None) if regimes else None)
            for closed, fact, pnl in zip(times, facts, profits, strict=True)
        ]
        self._arrived += trades
        self._told += trades
        if self._counted is not self._told:
            self._counted += trades

    def _close_amended(self, told: SettledTrade) -> SettledTrade | None:
        if self._counted is self._told:
            self._counted = list(self._told)
        self._told.append(told)
        amended = self._amendments[told.fact.trade_id]
        if amended is None:
            self.voided += 1
            return None
        trade = settled(told.closed, amended, profit_of(amended, self._source), told.regime)
        self._arrived.append(trade)
        self._counted.append(trade)
        return trade

    def take(self) -> None:
        """Take what waits into the statistics."""
        if not self._arrived:
            return
        self.version += 1
        told = Batch(self._told)
        counted = told if self._counted is self._told else Batch(self._counted)
        arrived = self._told if len(self._arrived) == len(self._told) and counted is told else self._arrived
        for groups in self._groups.values():
            groups.take(arrived, told, counted)
        self._last_day.extend(counted.observed("closed"), counted.observed("result"))
        self._arrived, self._told = [], []
        self._counted = self._told

    @property
    def whole(self) -> TradePerformance:
        """The statistics of all closed trades together."""
        return self.of(())[()]

    def of(self, labels: Labels) -> Mapping[Values, TradePerformance]:
        """Return the statistics by the values of a wanted combination of labels; raises KeyError on another one."""
        self.take()
        return self._groups[labels].groups

    def combinations(self) -> Iterator[Labels]:
        """Yield the combinations of labels that are kept, the whole included."""
        yield from self._groups

    def dropped(self, labels: Labels) -> int:
        """Return how many closings went to `OTHER`, because there were too many values of these labels."""
        self.take()
        return self._groups[without_outcome(labels)].dropped

    def admitted(self, labels: Labels, values: Values) -> Values:
        """Return the values of the group that trades with these values belong to."""
        self.take()
        return self._groups[labels].admitted(values)

    def last_day(self, at: datetime) -> Outcomes:
        """Return the outcomes of the 24 hours before a moment that is not before the newest closing."""
        self.take()
        return self._last_day.at(at.timestamp())

    def changed(self, labels: Labels, since: int) -> Sequence[Values]:
        """Return which groups began or changed after a version."""
        self.take()
        return self._groups[without_outcome(labels)].changed(since)

    def profits_by(self, labels: Labels) -> Iterable[float]:
        """Return the net profit of each group."""
        self.take()
        return self._groups[labels].profits()

    def readings(self, concept: Concept, labels: Labels, among: Iterable[Values] | None = None) -> Sequence[Reading]:
        """Return what is defined of a concept, for each combination of label values, or only those ``among`` them."""
        groups = self.of(without_outcome(labels))
        asked = groups.items() if among is None else [(values, groups[values]) for values in among]
        if concept in PERFORMANCE:
            return _defined(concept, asked)
        if concept in _TOLD:
            return [Reading(values, _TOLD[concept](performance.told)) for values, performance in asked]
        parts = _by_outcome if concept is concepts.TRADES_TOLD_BY_OUTCOME else _spread(concept)
        return [reading for values, performance in asked for reading in parts(values, performance)]

    @property
    def state(self) -> TradesState:
        """What is remembered, to be restored into trades made with the same arguments."""
        self.take()
        groups = {labels: groups.groups for labels, groups in self._groups.items()}
        dropped = {labels: groups.dropped for labels, groups in self._groups.items()}
        return TradesState(self.voided, groups, dropped, self._last_day, self._regimes)

    def restore(self, state: TradesState) -> None:
        """Become what was remembered."""
        self.voided, self._last_day, self._regimes = state.voided, state.last_day, state.regimes
        for labels, groups in self._groups.items():
            groups.restore(state.groups[labels], state.dropped[labels])


_STANDS = object()


_TOLD: Mapping[Concept, Callable[[Outcomes], int]] = {
    concepts.TRADES_TOLD: lambda told: told.count,
    concepts.WINS_TOLD: lambda told: told.wins,
    concepts.LOSSES_TOLD: lambda told: told.losses,
}


_Group = tuple[Values, TradePerformance]


def _defined(concept: Concept, groups: Iterable[_Group]) -> Sequence[Reading]:
    read = reader_of(concept)
    found = [(values, read(performance)) for values, performance in groups]
    return [Reading(values, value) for values, value in found if value is not None]


def _spread(concept: Concept) -> Callable[[Values, TradePerformance], Iterable[Reading]]:
    def readings(values: Values, performance: TradePerformance) -> Iterable[Reading]:
        spread = performance.distributions[concept.name]
        is_told = spread.value or not performance.told.count  # else these trades do not tell it
        return distributed(values, spread) if is_told else ()

    return readings


def _by_outcome(values: Values, performance: TradePerformance) -> Iterator[Reading]:
    told = performance.told
    yield Reading((*values, Outcome.WIN.value), told.wins)
    yield Reading((*values, Outcome.LOSS.value), told.losses)
    yield Reading((*values, Outcome.SCRATCH.value), told.scratches)
