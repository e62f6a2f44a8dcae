"""The equity curve of a book: peaks, falls, days."""

from datetime import datetime

from tradewatch.book.periods import Days
from tradewatch.facts import Calendar
from tradewatch.stats import Drawdown, LargestFall, TimeBelowPeak


class EquityCurve:
    """Takes equity at the end of each step, and the step's cash flow. Amounts in account currency.

    ``is_ruined``: equity was once 0 or less by trading; ratios of returns are undefined from then on.
    """

    def __init__(self, time: datetime, equity: float, calendar: Calendar) -> None:
        self.drawdown = Drawdown()
        self.fall = LargestFall()
        self.below_peak = TimeBelowPeak()
        self.is_ruined = False
        self._days = Days(calendar)
        self._flows = 0.0
        self._day = _Day(time, equity)
        self._days.start(time, equity)
        self._observe(time, equity)

    def step(self, time: datetime, equity: float, flow: float) -> None:
        """Take equity at the end of a step, before the flow that ends it."""
        self._day = self._day.on(time)
        if not self.is_ruined:
            self._days.step(time, equity, flow)
        self._observe(time, equity)
        self._day.step(equity, flow)
        if flow:
            self._flows += flow
            self.drawdown.flow(flow)

    def close(self, at: datetime) -> None:
        """Count the day under way, and turn to the day of a moment that is not before the last step."""
        self._days.close()
        self._day = self._day.on(at)

    @property
    def days(self) -> Days:
        """The curve cut into days."""
        return self._days

    @property
    def today(self) -> "_Day":
        """The day of the last step, or of the moment given to `close`."""
        return self._day

    def _observe(self, time: datetime, equity: float) -> None:
        self.is_ruined = self.is_ruined or equity <= 0
        self.drawdown.update(equity)
        self.fall.update(equity - self._flows)
        self.below_peak.update((time.timestamp(), not self.drawdown.current))


class _Day:
    """One UTC day of an account: its equity at 00:00, its flows, its own drawdown."""

    def __init__(self, time: datetime, equity: float) -> None:
        self.start = equity
        self._date = time.date()
        self._equity = equity
        self._flows = 0.0
        self._drawdown = Drawdown()
        self._drawdown.update(equity)

    def on(self, time: datetime) -> "_Day":
        """Return the day of a later moment: this one, or a new one that begins with the equity of now."""
        return self if time.date() == self._date else _Day(time, self._equity)

    def step(self, equity: float, flow: float) -> None:
        """Take equity at the end of a step, before the flow that ends it."""
        self._drawdown.update(equity)
        self._equity = equity + flow
        if flow:
            self._flows += flow
            self._drawdown.flow(flow)

    @property
    def profit(self) -> float:
        """Equity - equity at 00:00 UTC - today's flows."""
        return self._equity - self.start - self._flows

    @property
    def drawdown(self) -> float | None:
        """1 - equity / the day's running peak, which begins with the equity at 00:00 UTC."""
        return self._drawdown.current
