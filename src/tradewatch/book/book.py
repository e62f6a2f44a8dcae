"""The book: facts folded, in event order, into everything that can be read of one system."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from tradewatch.book.account import Account
from tradewatch.book.activity import Activity
from tradewatch.book.groups import Labels
from tradewatch.book.intake import Intake
from tradewatch.book.reconciliation import Reconciliation
from tradewatch.book.settled import ProfitSource
from tradewatch.book.trades import Amendments, Trades
from tradewatch.facts import (
    KIND_OF,
    CashFlowed,
    Entry,
    EquityMarked,
    ErrorOccurred,
    FactsDropped,
    FactsRefused,
    Heartbeat,
    RunEnded,
    RunStarted,
    TradeClosed,
    TradeOpened,
    TradePartlyClosed,
)


class Book:
    """Fold entries in event order, then read. The same entries always give the same readings.

    ``combinations``: the label combinations that are kept. ``amendments``: how amended trades really were, known
    beforehand, because nothing is ever subtracted. ``profit``: which P&L of a trade counts.
    """

    def __init__(
        self,
        combinations: Iterable[Labels] = (),
        amendments: Amendments | None = None,
        profit: ProfitSource = ProfitSource.REPORTED,
    ) -> None:
        self.trades = Trades(combinations, amendments or {}, profit)
        self.account = Account()
        self.activity = Activity()
        self.intake = Intake()
        self.reconciliation = Reconciliation()
        self.time: datetime | None = None
        # Any: each fold takes the class of fact under which it stands.
        self._folds: Mapping[type, Callable[[datetime, Any], None]] = {
            RunStarted: self._run_started,
            RunEnded: lambda _, fact: self.activity.end(fact),
            TradeOpened: self._trade_opened,
            TradePartlyClosed: self._trade_partly_closed,
            TradeClosed: self._trade_closed,
            EquityMarked: self.account.mark,
            CashFlowed: self.account.flow,
            Heartbeat: self.activity.beat,
            ErrorOccurred: lambda _, fact: self.activity.fail(fact),
            FactsRefused: lambda _, fact: self.intake.refuse(fact),
            FactsDropped: lambda _, fact: self.intake.drop(fact),
        }

    def fold(self, entry: Entry) -> None:
        """Take the next entry; its time must not be before the last one's."""
        kind = type(entry.fact)
        self.time = entry.time
        self.intake.folded[KIND_OF[kind]] += 1
        fold = self._folds.get(kind)
        if fold is not None:
            fold(entry.time, entry.fact)

    def _run_started(self, time: datetime, fact: RunStarted) -> None:
        self.activity.begin(fact)
        self.account.begin(time, fact)

    def _trade_opened(self, time: datetime, fact: TradeOpened) -> None:
        self.trades.open(fact)
        if fact.fees:
            self.account.book(time, fact.trade_id, -fact.fees)

    def _trade_partly_closed(self, time: datetime, fact: TradePartlyClosed) -> None:
        self.account.book(time, fact.trade_id, fact.pnl)

    def _trade_closed(self, time: datetime, fact: TradeClosed) -> None:
        settled = self.trades.close(time, fact)
        if settled is not None:
            self.reconciliation.update(settled.fact)
        pnl = 0.0 if settled is None else settled.pnl
        self.account.settle(time, fact.trade_id, pnl, still_open=self.trades.open_count)
