"""The book: facts folded, in event order, into everything that can be read of one system."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from tradewatch.book.account import Account
from tradewatch.book.activity import Activity
from tradewatch.book.intake import Intake
from tradewatch.book.positions import Positions
from tradewatch.book.reported_profit import ReportedProfit
from tradewatch.book.settled import ProfitSource
from tradewatch.book.trades import Amendments, Trades
from tradewatch.book.wanted import Wanted, wanted
from tradewatch.facts import (
    KIND_OF,
    BarClosed,
    CashFlowed,
    Entry,
    EquityMarked,
    ErrorOccurred,
    FactsDropped,
    FactsRefused,
    Heartbeat,
    RegimeEntered,
    RunEnded,
    RunStarted,
    TradeClosed,
    TradeOpened,
    TradePartlyClosed,
    TradeTerms,
)


class Book:
    """Fold entries in event order, then read. The same entries always give the same readings.

    ``kept``: the concepts of closed trades that are kept, by label combination (`wanted`). ``amendments``: how amended
    trades really were, known beforehand, because nothing is ever subtracted. ``profit``: which P&L of a trade counts.
    """

    def __init__(
        self,
        kept: Wanted | None = None,
        amendments: Amendments | None = None,
        profit: ProfitSource = ProfitSource.REPORTED,
    ) -> None:
        self.trades = Trades(kept or wanted(()), amendments or {}, profit)
        self.positions = Positions()
        self.account = Account()
        self.activity = Activity()
        self.intake = Intake()
        self.reported_profit = ReportedProfit()
        self.time: datetime | None = None
        self._regimes: dict[str, str] = {}
        # Any: each fold takes the class of fact under which it stands.
        self._folds: Mapping[type, Callable[[datetime, Any], None]] = {
            RunStarted: self._run_started,
            RunEnded: lambda _, fact: self.activity.end(fact),
            TradeOpened: self._trade_opened,
            TradePartlyClosed: self._trade_partly_closed,
            TradeClosed: self._trade_closed,
            EquityMarked: self.account.mark,
            CashFlowed: self.account.flow,
            BarClosed: lambda _, fact: self.positions.price(fact),
            RegimeEntered: lambda _, fact: self._regimes.update({fact.asset: fact.regime}),
            Heartbeat: self.activity.beat,
            ErrorOccurred: lambda _, fact: self.activity.fail(fact),
            FactsRefused: lambda _, fact: self.intake.refuse(fact),
            FactsDropped: lambda _, fact: self.intake.drop(fact),
        }

    def fold(self, entry: Entry) -> None:
        """Take the next entry; its time must not be before the last one's. One that contradicts its run is refused."""
        kind = type(entry.fact)
        self.time = entry.time
        self.intake.folded[KIND_OF[kind]] += 1
        fold = self._folds.get(kind)
        if fold is None:
            return
        if isinstance(entry.fact, TradeTerms) and (reason := self._contradiction(entry.fact)):
            self.intake.refused[KIND_OF[kind], reason] += 1
            return
        fold(entry.time, entry.fact)

    def _contradiction(self, fact: TradeTerms) -> str | None:
        if fact.currency is not None and self.account.currency not in {None, fact.currency}:
            return "other_currency"
        return "unknown_asset" if self.activity.assets and fact.asset not in self.activity.assets else None

    def _run_started(self, time: datetime, fact: RunStarted) -> None:
        self.activity.begin(fact)
        self.account.begin(time, fact)

    def _trade_opened(self, time: datetime, fact: TradeOpened) -> None:
        self.trades.open(fact, self._regimes.get(fact.asset))
        if not self.trades.is_voided(fact.trade_id):
            self.positions.open(fact)
        if fact.fees:
            self.account.book(time, fact.trade_id, -fact.fees)

    def _trade_partly_closed(self, time: datetime, fact: TradePartlyClosed) -> None:
        self.positions.reduce(fact)
        self.account.book(time, fact.trade_id, fact.pnl)

    def _trade_closed(self, time: datetime, fact: TradeClosed) -> None:
        self.positions.close(fact.trade_id)
        settled = self.trades.close(time, fact)
        if settled is not None:
            self.reported_profit.update(settled.fact)
        pnl = 0.0 if settled is None else settled.pnl
        self.account.settle(time, fact.trade_id, pnl, still_open=self.positions.count)
