"""The equity curve of a book: peaks, falls, days."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from tradewatch.book.periods import Days
from tradewatch.book.unix_time import DAY, from_unix
from tradewatch.facts import Calendar
from tradewatch.stats import Drawdown, LargestFall, TimeBelowPeak

_ROUNDING = 1e-12
"""An account in which a withdrawal leaves this share of it is emptied: the rest is rounding."""


class Step(NamedTuple):
    """The end of a step, in account currency.

    ``balance`` and ``equity``: before the cash flow that ends the step; ``after``: equity after it. ``earned``: what
    equity would be if there had never been a flow.
    """

    time: datetime
    balance: float
    equity: float
    earned: float
    flow: float
    after: float


class EquityCurve:
    """Takes the end of each step. Amounts in account currency.

    ``is_ruined``: equity was once 0 or less, and not because all of it was withdrawn; ratios of returns are undefined
    from then on.
    """

    def __init__(self, time: datetime, equity: float, calendar: Calendar) -> None:
        self.drawdown = Drawdown()
        self.fall = LargestFall()
        self.below_peak = TimeBelowPeak()
        self.is_ruined = False
        self._days = Days(calendar)
        self._dust = 0.0  # how much of an emptied account is rounding; 0 of any other
        self._day = _Day(time, equity, equity)
        self._days.start(time, equity)
        self._observe(Step(time, equity, equity, equity, 0.0, equity))

    def take(self, steps: Sequence[Step]) -> None:
        """Take the ends of steps, of which the last one alone may have a cash flow."""
        lowest = min([step.equity for step in steps])
        quiet = 0 if self._dust or lowest <= 0 else len(steps) - bool(steps[-1].flow)
        if quiet:
            times, _, equities, earned, _, _ = zip(*steps[:quiet], strict=True)
            self._take_quiet([time.timestamp() for time in times], equities, earned)
        for step in steps[quiet:]:
            self._take_one(step)

    def take_quiet(self, times: Sequence[float], equities: Sequence[float], earned: Sequence[float]) -> None:
        """Take the ends of many steps without a cash flow: times (Unix), and of each its equity and what was earned."""
        if self._dust or min(equities) <= 0:
            for time, equity, amount in zip(map(from_unix, times), equities, earned, strict=True):
                self._take_one(Step(time, equity, equity, amount, 0.0, equity))
        else:
            self._take_quiet(times, equities, earned)

    def _take_quiet(self, times: Sequence[float], equities: Sequence[float], earned: Sequence[float]) -> None:
        """Take steps of an account that is neither empty nor ruined by them."""
        for begin, end in _days_of(times):
            first = from_unix(times[begin])
            self._day = self._day.on(first)
            if not self.is_ruined:
                self._days.step(first, equities[end - 1], equities[end - 1])
            self._day.extend(equities[begin:end], earned[end - 1])
        at_peak = self.drawdown.extend(equities)
        self.fall.extend(earned)
        self.below_peak.extend(zip(times, at_peak, strict=True))

    def _take_one(self, step: Step) -> None:
        if step.flow or self._dust:
            step = self._without_dust(step)
        self._day = self._day.on(step.time)
        if not self.is_ruined:
            self._days.step(step.time, step.equity, step.after)
        self._observe(step)
        self._day.take(step)
        if step.flow:
            self.drawdown.flow(step.after - step.equity)
            self._dust = _ROUNDING * abs(step.flow) if step.after == 0 else 0.0

    def close(self, newest: datetime, at: datetime) -> None:
        """Count the days up to the newest fact, and turn to the day of a moment; neither is before the last step."""
        self._days.close(newest)
        self._day = self._day.on(at)

    @property
    def days(self) -> Days:
        """The curve cut into days."""
        return self._days

    @property
    def today(self) -> "_Day":
        """The day of the last step, or of the moment given to `close`."""
        return self._day

    def _without_dust(self, step: Step) -> Step:
        """Return a step in which what is left of an emptied account is exactly 0."""
        equity = 0.0 if abs(step.equity) <= self._dust else step.equity
        if not step.flow:
            return step._replace(equity=equity, after=equity)
        return step._replace(equity=equity, after=0.0 if abs(step.after) <= _ROUNDING * abs(step.flow) else step.after)

    def _observe(self, step: Step) -> None:
        is_emptied = self._dust > 0 and step.equity == 0
        self.is_ruined = self.is_ruined or (step.equity <= 0 and not is_emptied) or step.after < 0
        self.drawdown.update(step.equity)
        self.fall.update(step.earned)
        self.below_peak.update((step.time.timestamp(), not self.drawdown.current))


def _days_of(times: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Yield where each UTC day that has some of these times begins and ends."""
    begin = 0
    while begin < len(times):
        end = bisect_left(times, (times[begin] // DAY + 1) * DAY, begin)
        yield begin, end
        begin = end


class _Day:
    """One UTC day of an account: its equity at 00:00, what it earned since, its own drawdown."""

    def __init__(self, time: datetime, equity: float, earned: float) -> None:
        self.start = equity
        self._date = time.date()
        self._equity = equity
        self._earned_before = self._earned = earned
        self._drawdown = Drawdown()
        self._drawdown.update(equity)

    def on(self, time: datetime) -> "_Day":
        """Return the day of a later moment: this one, or a new one that begins with the equity of now."""
        return self if time.date() == self._date else _Day(time, self._equity, self._earned)

    def take(self, step: Step) -> None:
        """Take the end of a step of this day."""
        self.extend([step.equity], step.earned)
        if step.flow:
            self._drawdown.flow(step.after - step.equity)
            self._equity = step.after

    def extend(self, equities: Sequence[float], earned: float) -> None:
        """Take equity at the end of steps of this day without a cash flow, and what was earned up to the last one."""
        self._drawdown.extend(equities)
        self._equity = equities[-1]
        self._earned = earned

    @property
    def profit(self) -> float:
        """Equity - equity at 00:00 UTC - today's flows."""
        return self._earned - self._earned_before

    @property
    def drawdown(self) -> float | None:
        """1 - equity / the day's running peak, which begins with the equity at 00:00 UTC."""
        return self._drawdown.current
