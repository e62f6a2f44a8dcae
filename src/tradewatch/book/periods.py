"""Daily returns of an equity curve, and the ratios made of them."""

from datetime import date, datetime, timedelta

from tradewatch.facts import Calendar
from tradewatch.stats import CompoundGrowth, ProbabilisticSharpeRatio, SharpeRatio, SortinoRatio, ValueAtRisk

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_LARGEST_RETURN = 1e60
"""Beyond any account, and small enough for its fourth power to be a float."""


class PeriodRatios:
    """The statistics of daily returns, ratios; N days a year.

    ``is_defined``: every return was one that a statistic can be made of; an account that multiplies by more than 1e60
    in a day (from next to nothing) leaves the ratios undefined.
    """

    def __init__(self, days_a_year: int) -> None:
        self.days = 0
        self.is_defined = True
        self.sharpe = SharpeRatio(days_a_year)
        self.sortino = SortinoRatio(days_a_year)
        self.growth = CompoundGrowth(days_a_year)
        self.certainty = ProbabilisticSharpeRatio()
        self.risk = ValueAtRisk(days_a_year)

    def update(self, daily_return: float) -> None:
        """Take one day's return."""
        self.days += 1
        self.is_defined = self.is_defined and abs(daily_return) <= _LARGEST_RETURN
        if not self.is_defined:
            return
        for statistic in (self.sharpe, self.sortino, self.growth, self.certainty, self.risk):
            statistic.update(daily_return)


class Days:
    """Cuts an equity curve into UTC days: the product of the sub-period returns between flows, minus 1.

    A day without facts is a return of 0. With `Calendar.WEEKDAYS`, what a weekend brings becomes part of Monday's.
    """

    def __init__(self, calendar: Calendar) -> None:
        self.ratios = PeriodRatios(calendar.days_a_year)
        self.months: dict[tuple[int, int], float] = {}
        """The growth of each month, by year and month."""

        self._calendar = calendar
        self._day: date | None = None
        self._reference = 0.0  # equity after the last flow
        self._growth = 1.0  # of the day so far, up to the reference
        self._equity = 0.0
        self._weekend = 1.0  # growth that waits for Monday

    def start(self, time: datetime, equity: float) -> None:
        """Take the equity with which the account begins."""
        self._day = time.date()
        self._reference = self._equity = equity

    def step(self, time: datetime, equity: float, after: float) -> None:
        """Take equity at the end of a step, and what its flow leaves."""
        self._go_to(time.date())
        self._equity = equity
        if after != equity:
            self._growth *= _growth(self._reference, equity)
            self._reference = self._equity = after

    def close(self, newest: datetime) -> None:
        """Count the days up to the newest fact's, that one as far as it has come; nothing may follow."""
        if self._day is not None:
            self._go_to(newest.date())
            self._end_day(is_last=True)

    def _go_to(self, day: date) -> None:
        while self._day is not None and self._day < day:
            self._end_day()
            self._day += _ONE_DAY

    def _end_day(self, *, is_last: bool = False) -> None:
        growth = self._growth * _growth(self._reference, self._equity)
        self._growth, self._reference = 1.0, self._equity
        is_weekend = self._day is not None and self._day.weekday() >= _SATURDAY
        if self._calendar is Calendar.WEEKDAYS and is_weekend and not is_last:
            self._weekend *= growth
            return
        growth *= self._weekend
        self.ratios.update(growth - 1)
        if self._day is not None:
            month = self._day.year, self._day.month
            self.months[month] = self.months.get(month, 1.0) * growth
        self._weekend = 1.0


def _growth(start: float, end: float) -> float:
    """Return the growth of a sub-period; 1 of an account that was empty."""
    return end / start if start > 0 else 1.0
