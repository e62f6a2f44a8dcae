"""The book: facts folded, in event order, into everything that can be read of one system."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from tradewatch.book.account import Account
from tradewatch.book.activity import Activity
from tradewatch.book.conduct import Conduct
from tradewatch.book.engines import Engines
from tradewatch.book.groups import LARGEST
from tradewatch.book.intake import Intake
from tradewatch.book.market import Market
from tradewatch.book.positions import Positions
from tradewatch.book.reported_profit import ReportedProfit
from tradewatch.book.settled import ProfitSource, SettledTrade
from tradewatch.book.trades import Amendments, Trades, TradesState
from tradewatch.book.unix_time import from_unix
from tradewatch.book.wanted import Wanted, wanted
from tradewatch.catalog import Population
from tradewatch.facts import (
    KIND_OF,
    VIRTUAL,
    BarClosed,
    CallTimed,
    CashFlowed,
    ConnectionChanged,
    Entry,
    EquityMarked,
    ErrorOccurred,
    Fact,
    FactsDropped,
    FactsRefused,
    Heartbeat,
    LearningStepped,
    OrderRefused,
    QuotesRefused,
    RegimeEntered,
    RiskActed,
    RunEnded,
    RunStarted,
    SignalGiven,
    TradeClosed,
    TradeOpened,
    TradePartlyClosed,
    TradeTerms,
    VotesCast,
    VotesScored,
)


class Undecodable(Fact, frozen=True, kw_only=True):
    """Stands for a row of a ledger that holds no known fact, so that it is counted in its turn, and nothing else."""

    row_kind: str


class BookState(NamedTuple):
    """All that a `Book` remembers apart from what it was made with."""

    time: datetime | None
    reached: datetime | None
    trades: Mapping[Population, TradesState]
    positions: Positions
    account: Account
    activity: Activity
    intake: Intake
    reported_profit: ReportedProfit | None
    market: Market
    conduct: Conduct
    engines: Engines
    learning: dict[str, LearningStepped]
    virtual_and_open: set[str]


class Book:
    """Fold entries in event order, then read. The same entries always give the same readings.

    ``kept``: the concepts of closed trades that are kept, by label combination (`wanted`); ``kept_virtual``: of virtual
    trades, which count for nothing else. ``amendments``: how amended trades really were, known beforehand, because
    nothing is ever subtracted. ``profit``: which P&L of a trade counts.
    ``time`` is that of the newest fact, ``reached`` that of the newest row, of which no fact may be known.
    ``compares_parts``: whether reported P&L is compared with what its parts make, which takes time.
    ``version`` changes whenever what can be read may have changed.
    """

    def __init__(
        self,
        kept: Wanted | None = None,
        amendments: Amendments | None = None,
        profit: ProfitSource = ProfitSource.REPORTED,
        kept_virtual: Wanted | None = None,
        *,
        compares_parts: bool = False,
    ) -> None:
        nothing = wanted(())
        self.trades = Trades(kept or nothing, amendments or {}, profit)
        self.virtual_trades = Trades(kept_virtual or nothing, amendments or {}, profit)
        self.positions = Positions()
        self.account = Account()
        self.activity = Activity()
        self.market = Market()
        self.conduct = Conduct()
        self.engines = Engines(shares_profit=any("engine" in labels for labels in kept or ()))
        self.learning: dict[str, LearningStepped] = {}  # agent to its newest step
        self.intake = Intake()
        self.reported_profit = ReportedProfit() if compares_parts else None
        self.time: datetime | None = None
        self.reached: datetime | None = None
        self.version = 0
        self._virtual_and_open: set[str] = set()
        self._account_seen: tuple[tuple[object, ...], Account] | None = None

    def fold(self, entry: Entry) -> None:
        """Take the next entry; its time must not be before the last one's. One that contradicts its run is refused."""
        time, _, fact = entry
        kind = type(fact)
        self.reached = time
        self.version += 1
        if isinstance(fact, Undecodable):
            self.intake.refused[fact.row_kind, "undecodable"] += 1
            return
        self.time = time
        self.intake.folded[KIND_OF[kind]] += 1
        fold = _FOLDS.get(kind)
        if fold is None:
            return
        if isinstance(fact, TradeTerms) and (reason := self._contradiction(fact)):
            self.intake.refused[KIND_OF[kind], reason] += 1
            return
        fold(self, time, fact)

    def fold_many(self, entries: Sequence[Entry]) -> None:
        """Take many entries in event order, as `fold` takes each; a row of closings takes a fraction of the time."""
        for is_closing, group in groupby(entries, lambda entry: type(entry.fact) is TradeClosed):
            several = list(group)
            times = [entry.time.timestamp() for entry in several] if is_closing else []
            if not (times and self.close_many(times, [entry.fact for entry in several])):
                for entry in several:
                    self.fold(entry)

    def close_many(self, times: Sequence[float], facts: Sequence[Fact]) -> bool:
        """Take facts of these times (Unix) in event order, if all close real trades and nothing speaks against it.

        Return whether that is so; else none is taken.
        """
        closings: Any = facts  # Any: closings, once that is known
        if set(map(type, facts)) != {TradeClosed} or not self._lets_close(closings):
            return False
        profits = self.trades.profits(closings)
        if profits is None or not self.account.settle_many(times, profits):
            return False
        self.trades.close_many(times, closings, profits)
        if self.engines.shares_profit:
            for fact, pnl in zip(closings, profits, strict=True):
                self.engines.earn(fact, pnl)
        self.time = self.reached = from_unix(times[-1])
        self.version += 1
        self.intake.folded[KIND_OF[TradeClosed]] += len(facts)
        return True

    def _lets_close(self, facts: Sequence[TradeClosed]) -> bool:
        """Whether closings concern neither what is open nor a contradiction."""
        if self.positions.count or self.activity.assets or self.reported_profit is not None:
            return False
        currencies = {fact.currency for fact in facts} - {None, self.account.currency}
        return not currencies and VIRTUAL not in {fact.mode for fact in facts}

    def account_at(self, at: datetime) -> Account:
        """Return the account as it reads at a moment that is not before the newest fact. It is not to be changed.

        It is the same one until money or the day is another.
        """
        newest = self.time or at
        made_of = (self.account, self.account.version, newest.date(), at.date())
        if self._account_seen is None or self._account_seen[0] != made_of:
            self._account_seen = made_of, self.account.settled(newest, at)
        return self._account_seen[1]

    def learn(self, amendments: Amendments) -> None:
        """Know of more amendments than at the beginning, none of which is of a trade that was told already."""
        self.trades.learn(amendments)
        self.virtual_trades.learn(amendments)

    def trades_of(self, population: Population) -> Trades:
        """Return the closed trades of a population."""
        return self.trades if population is Population.REAL else self.virtual_trades

    @property
    def state(self) -> BookState:
        """What is remembered, to be restored into a book made with the same arguments."""
        return BookState(
            time=self.time,
            reached=self.reached,
            trades={Population.REAL: self.trades.state, Population.VIRTUAL: self.virtual_trades.state},
            positions=self.positions,
            account=self.account,
            activity=self.activity,
            intake=self.intake,
            reported_profit=self.reported_profit,
            market=self.market,
            conduct=self.conduct,
            engines=self.engines,
            learning=self.learning,
            virtual_and_open=self._virtual_and_open,
        )

    def restore(self, state: BookState) -> None:
        """Become what was remembered."""
        self.version += 1
        self.trades.restore(state.trades[Population.REAL])
        self.virtual_trades.restore(state.trades[Population.VIRTUAL])
        self.time, self.reached = state.time, state.reached
        self.market, self.conduct, self.learning = state.market, state.conduct, state.learning
        self.engines, self._virtual_and_open = state.engines, state.virtual_and_open
        self.positions, self.account, self.activity = state.positions, state.account, state.activity
        self.intake, self.reported_profit = state.intake, state.reported_profit

    def _contradiction(self, fact: TradeTerms) -> str | None:
        if fact.currency is not None and self.account.currency not in {None, fact.currency}:
            return "other_currency"
        return "unknown_asset" if self.activity.assets and fact.asset not in self.activity.assets else None

    def _run_started(self, time: datetime, fact: RunStarted) -> None:
        self.activity.begin(time, fact)
        self.account.begin(time, fact)
        self.engines.begin(fact.engines)
        if fact.assets:
            self.trades.begin(fact.assets)

    def _bar_closed(self, time: datetime, fact: BarClosed) -> None:
        self.market.is_counted = self.account.starting_equity is not None
        self.market.bar(time, fact)
        self.positions.price(fact)

    def _learning_stepped(self, _: datetime, fact: LearningStepped) -> None:
        if fact.agent in self.learning or len(self.learning) < LARGEST:
            self.learning[fact.agent] = fact

    def _trade_opened(self, time: datetime, fact: TradeOpened) -> None:
        regime = self.market.regime_of(fact.asset)
        if fact.mode == VIRTUAL:
            self.virtual_trades.open(fact, regime)
            self._virtual_and_open.add(fact.trade_id)
            return
        self.trades.open(fact, regime)
        if self.trades.is_voided(fact.trade_id):
            self.engines.forget(fact.trade_id)
        else:
            self.positions.open(fact)
            self.engines.open(fact.trade_id)
        if fact.fees:
            self.account.book(time, fact.trade_id, -fact.fees)

    def _trade_partly_closed(self, time: datetime, fact: TradePartlyClosed) -> None:
        if fact.trade_id not in self._virtual_and_open:
            self.positions.reduce(fact)
            self.account.book(time, fact.trade_id, fact.pnl)

    def _trade_closed(self, time: datetime, fact: TradeClosed) -> None:
        if fact.mode == VIRTUAL:
            self.virtual_trades.close(time, fact)
            self._virtual_and_open.discard(fact.trade_id)
            return
        self.positions.close(fact.trade_id)
        settled = self.trades.close(time, fact)
        if settled is not None and self.reported_profit is not None:
            self.reported_profit.update(settled.fact)
        if self.engines.shares_profit:
            self._share(fact, settled)
        pnl = 0.0 if settled is None else settled.pnl
        self.account.settle(time, fact.trade_id, pnl, still_open=self.positions.count)

    def _share(self, fact: TradeClosed, settled: SettledTrade | None) -> None:
        if settled is None:
            self.engines.forget(fact.trade_id)
        else:
            self.engines.earn(settled.fact, settled.pnl)


# Any: each fold takes the class of fact under which it stands.
_FOLDS: Mapping[type[Fact], Callable[[Book, datetime, Any], None]] = {
    RunStarted: Book._run_started,  # noqa: SLF001 - the class's own folds, by the class of fact
    RunEnded: lambda book, _, fact: book.activity.end(fact),
    TradeOpened: Book._trade_opened,  # noqa: SLF001
    TradePartlyClosed: Book._trade_partly_closed,  # noqa: SLF001
    TradeClosed: Book._trade_closed,  # noqa: SLF001
    EquityMarked: lambda book, time, fact: book.account.mark(time, fact),
    CashFlowed: lambda book, time, fact: book.account.flow(time, fact),
    BarClosed: Book._bar_closed,  # noqa: SLF001
    RegimeEntered: lambda book, time, fact: book.market.regime(time, fact),
    QuotesRefused: lambda book, _, fact: book.market.refuse(fact),
    VotesCast: lambda book, _, fact: book.engines.cast(fact),
    VotesScored: lambda book, _, fact: book.engines.score(fact),
    SignalGiven: lambda book, _, fact: book.conduct.signal(fact),
    OrderRefused: lambda book, _, fact: book.conduct.refuse(fact),
    RiskActed: lambda book, _, fact: book.conduct.act(fact),
    LearningStepped: Book._learning_stepped,  # noqa: SLF001
    ConnectionChanged: lambda book, _, fact: book.activity.connect(fact),
    CallTimed: lambda book, _, fact: book.activity.call(fact),
    Heartbeat: lambda book, time, fact: book.activity.beat(time, fact),
    ErrorOccurred: lambda book, _, fact: book.activity.fail(fact),
    FactsRefused: lambda book, _, fact: book.intake.refuse(fact),
    FactsDropped: lambda book, _, fact: book.intake.drop(fact),
}
