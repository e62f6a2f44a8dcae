"""The risk manager: limits that halt an agent, a day or everything; every halt and its end is a fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tradewatch.facts import Entry, RiskActed, RiskAction
from tradewatch.systems.running.limits import checked

ACCOUNT = "account"

DAILY_LOSS = "daily_loss"
DRAWDOWN = "drawdown"
LOSSES_IN_A_ROW = "losses_in_a_row"
NEW_DAY = "new_day"
PAUSE_OVER = "pause_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When trading stops. Shares are 0 to 1; a limit trips when it is reached.

    ``daily_loss``: of the equity at 00:00 UTC; no new trades until the next day. ``drawdown``: from the peak of equity;
    no new trades until somebody says so. ``losses_in_a_row``: of an agent, which then pauses for ``pause``.

    Raises `ConfigurationError` for limits that make no sense.
    """

    daily_loss: float = 0.05
    drawdown: float = 0.30
    losses_in_a_row: int = 5
    pause: timedelta = timedelta(hours=4)

    def __post_init__(self) -> None:
        checked(self)


class RiskManager:
    """Watches equity and every real trade; halts new trades, never touches open ones. Cash flows are no profit."""

    def __init__(self, equity: float, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._peak = equity
        self._day: date | None = None
        self._day_start = equity
        self._is_day_over = False
        self._killed_at: datetime | None = None
        self._losses: dict[str, int] = {}
        self._paused: dict[str, datetime] = {}
        self._told = 0

    def allows(self, agent: str) -> bool:
        """Whether an agent may open trades."""
        return not (self._is_day_over or self._killed_at or agent in self._paused)

    def watch(self, now: datetime, equity: float) -> list[Entry]:
        """Take the account's equity, and what time brings: a new day, the end of a pause. Return what it did."""
        return [*self._begin_day(now, equity), *self._end_pauses(now), *self._check(now, equity)]

    def settle(self, now: datetime, agent: str, *, won: bool, lost: bool) -> list[Entry]:
        """Take the end of an agent's real trade, which neither won nor lost if it is a scratch; return what it did."""
        if won:
            self._losses[agent] = 0
        if not lost:
            return []
        self._losses[agent] = self._losses.get(agent, 0) + 1
        if self._losses[agent] < self.limits.losses_in_a_row or agent in self._paused:
            return []
        self._losses[agent] = 0
        self._paused[agent] = now + self.limits.pause
        seconds = self.limits.pause.total_seconds()
        return [self._act(now, RiskAction.HALT, LOSSES_IN_A_ROW, agent, seconds=seconds)]

    def flow(self, amount: float, equity: float) -> None:
        """Take a deposit or a withdrawal at an equity before it: the peak and the day's start move with it."""
        if equity > 0:
            self._peak *= (equity + amount) / equity
        self._day_start += amount

    def release(self, time: datetime, equity: float) -> None:
        """End the halt of the drawdown, as somebody said and is recorded already; the peak starts anew.

        ``time``: when it was said. A halt that came later stays: nobody had seen it.
        """
        if self._killed_at is not None and time >= self._killed_at:
            self._killed_at, self._peak = None, equity

    def state(self) -> dict[str, Any]:  # Any: JSON's values
        """Return what `restore` needs."""
        return {
            "peak": self._peak,
            "day": None if self._day is None else self._day.isoformat(),
            "day_start": self._day_start,
            "is_day_over": self._is_day_over,
            "killed_at": None if self._killed_at is None else self._killed_at.isoformat(),
            "losses": dict(self._losses),
            "paused": {agent: until.isoformat() for agent, until in self._paused.items()},
            "told": self._told,
        }

    def restore(self, state: Mapping[str, Any]) -> None:  # Any: JSON's values
        """Go on from where ``state`` was taken."""
        self._peak, self._day_start = state["peak"], state["day_start"]
        self._day = None if state["day"] is None else date.fromisoformat(state["day"])
        self._is_day_over = state["is_day_over"]
        self._killed_at = None if state["killed_at"] is None else datetime.fromisoformat(state["killed_at"])
        self._losses = dict(state["losses"])
        self._paused = {agent: datetime.fromisoformat(until) for agent, until in state["paused"].items()}
        self._told = state["told"]

    def _begin_day(self, now: datetime, equity: float) -> list[Entry]:
        if now.date() == self._day:
            return []
        self._day, self._day_start = now.date(), equity
        was_over, self._is_day_over = self._is_day_over, False
        return [self._act(now, RiskAction.RESUME, NEW_DAY)] if was_over else []

    def _end_pauses(self, now: datetime) -> list[Entry]:
        over = [agent for agent, until in self._paused.items() if until <= now]
        for agent in over:
            del self._paused[agent]
        return [self._act(now, RiskAction.RESUME, PAUSE_OVER, agent) for agent in over]

    def _check(self, now: datetime, equity: float) -> list[Entry]:
        acted = []
        self._peak = max(self._peak, equity)
        if not self._is_day_over and self._day_start - equity >= self.limits.daily_loss * self._day_start:
            self._is_day_over = True
            seconds = (_next_midnight(now) - now).total_seconds()
            acted.append(self._act(now, RiskAction.HALT, DAILY_LOSS, seconds=seconds))
        if self._killed_at is None and self._peak - equity >= self.limits.drawdown * self._peak:
            self._killed_at = now
            acted.append(self._act(now, RiskAction.KILL_SWITCH_ON, DRAWDOWN))
        return acted

    def _act(
        self, now: datetime, action: RiskAction, reason: str, scope: str = ACCOUNT, *, seconds: float | None = None
    ) -> Entry:
        self._told += 1
        fact = RiskActed(action=action, reason=reason, scope=scope, seconds=seconds)
        return Entry(now, f"risk/{self._told}", fact)


def _next_midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
