"""The account of a book: balance, equity, drawdown, step by step."""

from copy import deepcopy
from datetime import datetime
from math import fsum

from tradewatch.facts import CashFlowed, EquityMarked, RunStarted
from tradewatch.stats import Drawdown, ExactSum


class Account:
    """Folds money. Facts of one instant are one step: first its P&L, then its mark, then its cash flow.

    Amounts are in the account's currency. Everything is None while the starting equity is unknown: until a run or the
    first mark tells it.
    """

    def __init__(self) -> None:
        self.starting_equity: float | None = None
        self.currency: str | None = None
        self.drawdown = Drawdown()
        self._money = ExactSum()  # starting equity, realised P&L, booked fees, cash flows
        self._booked: dict[str, float] = {}  # trade id to what an open trade has already moved
        self._unrealised: dict[str, float] = {}  # trade id to its unrealised P&L at the last mark
        self._unattributed = 0.0  # unrealised P&L at the last mark that no trade accounts for
        self._step: datetime | None = None
        self._mark: EquityMarked | None = None
        self._flows: list[float] = []

    def begin(self, time: datetime, fact: RunStarted) -> None:
        """Take the start of a run; the first one that names them settles starting equity and currency."""
        self._enter_step(time)
        self.currency = self.currency or fact.currency
        if self.starting_equity is None and fact.starting_equity is not None:
            self._start(fact.starting_equity)

    def book(self, time: datetime, trade_id: str, amount: float) -> None:
        """Take money an open trade has moved: fees paid, a part's P&L."""
        self._enter_step(time)
        self._money.update(amount)
        self._booked[trade_id] = self._booked.get(trade_id, 0.0) + amount

    def settle(self, time: datetime, trade_id: str, pnl: float, *, still_open: int) -> None:
        """Take a closed trade's whole P&L, of which some may be booked already; ``still_open``: trades that remain."""
        self._enter_step(time)
        self._money.update(pnl)
        self._money.update(-self._booked.pop(trade_id, 0.0))
        self._unrealised.pop(trade_id, None)
        if not still_open:
            self._unattributed = 0.0

    def mark(self, time: datetime, fact: EquityMarked) -> None:
        """Take a valuation of the account; the last one of an instant counts."""
        self._enter_step(time)
        self._mark = fact

    def flow(self, time: datetime, fact: CashFlowed) -> None:
        """Take a deposit or withdrawal; it applies last in its instant."""
        self._enter_step(time)
        self._flows.append(fact.amount)

    def settled(self) -> "Account":
        """Return a copy in which the step is complete; more facts of the same instant may still come to this one."""
        view = deepcopy(self)
        view._end_step()  # noqa: SLF001 - its own copy
        return view

    @property
    def balance(self) -> float | None:
        """Starting equity + cash flows + realised P&L."""
        return None if self.starting_equity is None else self._balance()

    @property
    def equity(self) -> float | None:
        """Balance + unrealised P&L at the last mark."""
        return None if self.starting_equity is None else self._balance() + self._open_profit()

    def _start(self, equity: float) -> None:
        self.starting_equity = equity
        self._money.update(equity)
        self.drawdown.update(equity)

    def _enter_step(self, time: datetime) -> None:
        if self._step != time:
            self._end_step()
            self._step = time

    def _end_step(self) -> None:
        mark, self._mark = self._mark, None
        if mark is not None:
            self._value_at(mark)
        if self.starting_equity is not None:
            self.drawdown.update(self._balance() + self._open_profit())
        if self._flows:
            self._apply_flows()

    def _apply_flows(self) -> None:
        flow = fsum(self._flows)
        self._flows.clear()
        self._money.update(flow)
        self.drawdown.flow(flow)

    def _value_at(self, mark: EquityMarked) -> None:
        self._unrealised = dict(mark.unrealised)
        if self.starting_equity is None:
            balance = mark.equity - fsum(self._unrealised.values()) if mark.balance is None else mark.balance
            self._start(balance - self._money.value)
        self._unattributed = mark.equity - self._balance() - fsum(self._unrealised.values())

    def _balance(self) -> float:
        return self._money.value

    def _open_profit(self) -> float:
        return self._unattributed + (fsum(self._unrealised.values()) if self._unrealised else 0.0)
