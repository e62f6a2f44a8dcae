"""The account of a book: balance and equity, step by step."""

import pickle
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import compress
from math import fsum
from operator import ne

from tradewatch.book.curve import EquityCurve, Step
from tradewatch.book.unix_time import from_unix
from tradewatch.facts import Calendar, CashFlowed, EquityMarked, RunStarted
from tradewatch.stats import Drawdown, ExactSum


class Account:
    """Folds money. Facts of one instant are one step: first its P&L, then its mark, then its cash flow.

    Amounts are in the account's currency. Everything is None while the starting equity is unknown: until a run or the
    first mark tells it. ``version`` changes with whatever is taken.
    """

    def __init__(self) -> None:
        self.version = 0
        self.starting_equity: float | None = None
        self.currency: str | None = None
        self.curve: EquityCurve | None = None
        self.realised = ExactSum()
        self.flows = ExactSum()
        self._calendar: Calendar | None = None
        self._money = ExactSum()  # starting equity, realised P&L, booked fees, cash flows
        self._earned = ExactSum()  # the same without cash flows, from the first flow on
        self._balance_peak = Drawdown()
        self._booked: dict[str, float] = {}  # trade id to what an open trade has already moved
        self._unrealised: dict[str, float] = {}  # trade id to its unrealised P&L at the last mark
        self._unattributed = 0.0  # unrealised P&L at the last mark that no trade accounts for
        self._step: datetime | None = None
        self._mark: EquityMarked | None = None
        self._step_flows: list[float] = []
        self._has_flowed = False
        self._steps: list[Step] = []  # ends of steps that wait to be taken together

    @property
    def calendar(self) -> Calendar:
        """Which days count when returns are taken by the day."""
        return self._calendar or Calendar.EVERY_DAY

    def begin(self, time: datetime, fact: RunStarted) -> None:
        """Take the start of a run; the first one to name them settles starting equity, currency and calendar.

        A calendar that is named after the account has begun comes too late: its days are being counted.
        """
        self._enter_step(time)
        self.currency = self.currency or fact.currency
        self._calendar = self._calendar or fact.calendar
        if self.starting_equity is None and fact.starting_equity is not None:
            self._start(time, fact.starting_equity)

    def book(self, time: datetime, trade_id: str, amount: float) -> None:
        """Take money an open trade has moved: fees paid, a part's P&L."""
        self._enter_step(time)
        self._realise(amount)
        self._booked[trade_id] = self._booked.get(trade_id, 0.0) + amount

    def settle(self, time: datetime, trade_id: str, pnl: float, *, still_open: int) -> None:
        """Take a closed trade's whole P&L, of which some may be booked already; ``still_open``: trades that remain."""
        self._enter_step(time)
        self._realise(pnl)
        if trade_id in self._booked:
            self._realise(-self._booked.pop(trade_id))
        if self._unrealised:
            self._unrealised.pop(trade_id, None)
        if not still_open:
            self._unattributed = 0.0

    def settle_many(self, times: Sequence[float], profits: Sequence[float]) -> bool:
        """Take many closed trades in order of time (Unix); return whether that could be done at once, else take none.

        It cannot before the starting equity is known, and while something is open, valued or flows.
        """
        self._enter_step(from_unix(times[0]))  # first: a mark that waited may value what is open
        if self.curve is None or self._booked or self._unrealised or self._unattributed:
            return False
        if self._mark is not None or self._step_flows:
            return False
        self._take_steps()
        last = bisect_left(times, times[-1])  # where the last step begins, which may not be over
        if last:
            self._settle_steps(self.curve, times[: last + 1], profits[:last])
        self._step = from_unix(times[-1])
        for profit in profits[last:]:
            self._realise(profit)
        return True

    def _settle_steps(self, curve: EquityCurve, times: Sequence[float], profits: Sequence[float]) -> None:
        """Take closed trades of whole steps; the last of ``times`` is that of the next step."""
        self.realised.extend(profits)
        equities = self._money.running(profits)
        earned = self._earned.running(profits) if self._has_flowed else equities
        is_end = list(map(ne, times, times[1:]))
        if not all(is_end):
            equities, earned = list(compress(equities, is_end)), list(compress(earned, is_end))
        self._balance_peak.extend(equities)
        curve.take_quiet(list(compress(times, is_end)), equities, earned)

    def mark(self, time: datetime, fact: EquityMarked) -> None:
        """Take a valuation of the account; the last one of an instant counts."""
        self._enter_step(time)
        self._mark = fact

    def flow(self, time: datetime, fact: CashFlowed) -> None:
        """Take a deposit or withdrawal; it applies last in its instant."""
        self._enter_step(time)
        self._step_flows.append(fact.amount)

    def settled(self, newest: datetime, at: datetime) -> "Account":
        """Return a copy as it reads at a moment: its step and day complete; this one can still take more of both.

        ``newest``: the time of the system's newest fact, of whatever kind. Daily returns reach up to it.
        """
        self._take_steps()
        view: Account = pickle.loads(pickle.dumps(self, _QUICKEST))  # noqa: S301 - its own bytes: a quick deep copy
        view._end_step()
        view._take_steps()
        if view.curve is not None:
            view.curve.close(newest, at)
        return view

    @property
    def balance(self) -> float | None:
        """Starting equity + cash flows + realised P&L."""
        return None if self.starting_equity is None else self._money.value

    @property
    def peak_balance(self) -> float | None:
        """The running peak of balance; cash flows scale it."""
        return None if self.starting_equity is None else self._balance_peak.peak

    @property
    def equity(self) -> float | None:
        """Balance + unrealised P&L at the last mark."""
        return None if self.starting_equity is None else self._money.value + self._open_profit()

    def _realise(self, amount: float) -> None:
        self._money.update(amount)
        self.realised.update(amount)
        if self._has_flowed:
            self._earned.update(amount)

    def _start(self, time: datetime, equity: float) -> None:
        self.starting_equity = equity
        self._money.update(equity)
        if self._has_flowed:
            self._earned.update(equity)
        self._balance_peak.update(self._money.value)
        self._calendar = self.calendar
        self.curve = EquityCurve(time, equity, self._calendar)

    def _enter_step(self, time: datetime) -> None:
        self.version += 1
        if self._step != time:
            self._end_step()
            self._step = time

    def _end_step(self) -> None:
        if self._step is None:
            return
        if self._mark is not None:
            self._value_at(self._step, self._mark)
            self._mark = None
        balance, flow = self._money.value, self._flow()
        if self.curve is not None:
            self._steps.append(self._valued(self._step, balance, flow))
            if len(self._steps) >= _AT_A_TIME:
                self._take_steps()

    def _take_steps(self) -> None:
        """Take the steps that wait into peaks, falls and days."""
        if self.curve is None or not self._steps:
            return
        for steps in _up_to_flows(self._steps):
            self._balance_peak.extend([step.balance for step in steps])
            if flow := steps[-1].flow:
                self._balance_peak.flow(flow)
            self.curve.take(steps)
        self._steps.clear()

    def _flow(self) -> float:
        """Move the step's cash flows, and return their sum."""
        if not self._step_flows:
            return 0.0
        flow = fsum(self._step_flows)
        self._step_flows.clear()
        if not self._has_flowed:
            self._has_flowed = True
            self._earned.merge(self._money)
        self._money.update(flow)
        self.flows.update(flow)
        return flow

    def _valued(self, time: datetime, balance: float, flow: float) -> Step:
        """Return the end of a step. What a flow leaves is the very number the next step finds: no rounding between."""
        open_profit = self._open_profit()
        equity = balance + open_profit
        earned = self._earned.value + open_profit if self._has_flowed else equity
        return Step(time, balance, equity, earned, flow, self._money.value + open_profit if flow else equity)

    def _value_at(self, time: datetime, mark: EquityMarked) -> None:
        self._unrealised = dict(mark.unrealised)
        if self.starting_equity is None:
            balance = mark.equity - fsum(self._unrealised.values()) if mark.balance is None else mark.balance
            self._start(time, balance - self._money.value)
        self._unattributed = mark.equity - self._money.value - fsum(self._unrealised.values())

    def _open_profit(self) -> float:
        return self._unattributed + (fsum(self._unrealised.values()) if self._unrealised else 0.0)


_QUICKEST = pickle.HIGHEST_PROTOCOL

_AT_A_TIME = 4_000
"""Steps that wait to be taken together: many at once cost each a fraction of one alone."""


def _up_to_flows(steps: Sequence[Step]) -> Iterator[Sequence[Step]]:
    """Yield the steps in parts that have a cash flow at their end only."""
    begin = 0
    for end, step in enumerate(steps, start=1):
        if step.flow:
            yield steps[begin:end]
            begin = end
    if begin < len(steps):
        yield steps[begin:]
