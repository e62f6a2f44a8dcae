"""The guardian: limits that stop all trading, block an asset or make positions smaller. Everything it does is a fact.

It forbids new trades and never touches open ones.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any

from tradewatch.facts import Entry, RiskActed, RiskAction, TradeClosed
from tradewatch.systems.hydra.guardian import halts
from tradewatch.systems.hydra.guardian.account_watch import AccountWatch
from tradewatch.systems.hydra.guardian.choppiness import Choppiness
from tradewatch.systems.hydra.guardian.circuit_breaker import CircuitBreaker
from tradewatch.systems.hydra.guardian.correlations import Correlations
from tradewatch.systems.hydra.guardian.halts import Halts
from tradewatch.systems.hydra.guardian.limits import GuardianLimits
from tradewatch.systems.hydra.guardian.order_check import (
    CORRELATION,
    NO_SIZE,
    RISK_PER_TRADE,
    Cut,
    Holding,
    Request,
    Verdict,
    allowed_size,
    cut_entry,
    is_alike,
    refusals,
    refused,
)
from tradewatch.systems.hydra.results import outcome_of

# Any in this file: a state is what `state` of the same version returned, in JSON's values.

CHOPPY = "choppy"
NO_LONGER_CHOPPY = "no_longer_choppy"
ROW_BROKEN = "row_broken"

_ROUNDING = 1e-12
"""A limit is reached if only rounding is missing."""


class GuardianLevel(IntEnum):
    """How much the guardian has to do, as `hydra_guardian_status` says it."""

    NOT_RUNNING = 0
    NORMAL = 1
    WARNING = 2
    """A limit of the account is used by 80 % or more, or sizes are reduced."""

    CRITICAL = 3
    """All trading is stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """All that happened in one instant; amounts in account currency.

    ``equity``, ``balance``: at its end, with what ``closed`` made, before ``flows`` (a withdrawal is negative).
    ``closed``: trades in the order in which they ended. ``regimes``: of assets, changed or not. ``closes``: their
    newest prices.
    """

    time: datetime
    equity: float
    balance: float
    closed: Sequence[TradeClosed] = ()
    flows: Sequence[float] = ()
    regimes: Mapping[str, str] = field(default_factory=dict)
    closes: Mapping[str, float] = field(default_factory=dict)


class Guardian:
    """Takes one step per instant, then answers whether a trade may be opened; ``equity``, ``balance``: to begin with.

    A limit trips when it is reached, but for the two that say "more than": CHOPPY and the correlation.
    """

    def __init__(self, equity: float, limits: GuardianLimits | None = None, *, balance: float | None = None) -> None:
        self.limits = limits or GuardianLimits()
        self.correlations = Correlations()
        self._account = AccountWatch(equity, equity if balance is None else balance)
        self._breaker = CircuitBreaker(
            self.limits.losses_to_reduce, self.limits.losses_to_pause, self.limits.reduced_size
        )
        self._choppiness = Choppiness(self.limits.choppy)
        self._halts = Halts()
        self._warnings: set[str] = set()
        self._time: datetime | None = None
        self._killed_at: datetime | None = None

    def take(self, step: Step) -> list[Entry]:
        """Take all of one instant; return what the guardian did. Raises ValueError unless it is after the last one."""
        now = step.time.astimezone(UTC)
        if self._time is not None and now <= self._time:
            message = f"the guardian was told of {self._time} and then of {now}: an instant is one step"
            raise ValueError(message)
        self._time = now
        self._account.observe(now, step.equity, step.balance)
        self.correlations.observe(now, step.closes)
        facts = [*self._judge(now, step), *self._block(now, step.regimes)]
        self._account.flow(step.flows)
        return [_entry(now, fact) for fact in facts]

    def release(self, time: datetime) -> None:
        """End the kill switch, as a person said and is recorded already; the peak starts anew. Else nothing.

        ``time``: when it was said. A kill switch that came later stays: nobody had seen it.
        """
        if self._killed_at is not None and time >= self._killed_at:
            self._end(halts.DRAWDOWN)

    def check(self, request: Request, held: Sequence[Holding]) -> Verdict:
        """Return whether a trade may be opened, and the size it must have. Changes nothing.

        ``held``: every position that is open and every order that still waits for its price.
        """
        forbidden = [*self._halts.reasons, *self._blocks(request), *refusals(request, held, self.limits)]
        if forbidden or request.risk_per_unit is None:
            return refused(*forbidden)
        budget = self.limits.risk_per_trade * self._account.equity
        largest = allowed_size(request.quantity, request.risk_per_unit, budget)
        return self._smaller(request, largest, held)

    @property
    def halts(self) -> list[str]:
        """The limits that stop all trading, in their order."""
        return self._halts.reasons

    @property
    def is_trading_allowed(self) -> bool:
        """Whether nothing stops all trading; a single asset may be blocked nevertheless."""
        return not self._halts

    @property
    def level(self) -> GuardianLevel:
        """How much it has to do. A blocked asset is no matter of the account and leaves it alone."""
        if self._time is None:
            return GuardianLevel.NOT_RUNNING
        if self._halts:
            return GuardianLevel.CRITICAL
        is_reduced = self._breaker.size_multiplier < 1
        return GuardianLevel.WARNING if self._warnings or is_reduced else GuardianLevel.NORMAL

    @property
    def loss_budget_used_ratio(self) -> float | None:
        """Today's loss as a share of the daily loss limit, 0 for a gain, above 1 beyond it; None without equity."""
        loss = self._account.daily_loss
        return None if loss is None else max(0.0, loss) / self.limits.daily_loss

    def get_status(self) -> dict[str, Any]:
        """Return what the guardian knows: amounts in account currency, shares 0 to 1, None where undefined.

        ``drawdown`` is from the peak that the kill switch looks at, which a release sets anew. ``kill_switch``: on by
        the drawdown limit or an emergency.
        """
        account = self._account
        is_emergency = halts.DAILY_DRAWDOWN in self._halts
        return {
            "account_balance": account.balance.amount,
            "peak_balance": account.balance.value,
            "equity": account.equity,
            "daily_pnl": account.daily_pnl,
            "daily_loss": account.daily_loss,
            "daily_drawdown": account.today.fall,
            "drawdown": account.total.fall,
            "loss_budget_used_ratio": self.loss_budget_used_ratio,
            "consecutive_losses": self._breaker.losses,
            "circuit_breaker": self._breaker.is_active,
            "kill_switch": halts.DRAWDOWN in self._halts or is_emergency,
            "emergency": is_emergency,
            "trading_allowed": self.is_trading_allowed,
            "position_size_multiplier": self._breaker.size_multiplier,
            "guardian_status": self.level.value,
            "halts": self.halts,
            "warnings": sorted(self._warnings),
            "blocked_assets": sorted(self._choppiness.blocked),
        }

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs."""
        return {
            "time": None if self._time is None else self._time.isoformat(),
            "account": self._account.state(),
            "breaker": self._breaker.state(),
            "choppiness": self._choppiness.state(),
            "correlations": self.correlations.state(),
            "halts": self._halts.state(),
            "warnings": sorted(self._warnings),
            "killed_at": None if self._killed_at is None else self._killed_at.isoformat(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on exactly from where ``state`` was taken, with the same limits."""
        self._time = None if state["time"] is None else datetime.fromisoformat(state["time"])
        self._account.restore(state["account"])
        self._breaker.restore(state["breaker"])
        self._choppiness.restore(state["choppiness"])
        self.correlations.restore(state["correlations"])
        self._halts.restore(state["halts"])
        self._warnings = set(state["warnings"])
        self._killed_at = None if state["killed_at"] is None else datetime.fromisoformat(state["killed_at"])

    def _judge(self, now: datetime, step: Step) -> list[RiskActed]:
        """End what is over, count the trades, then look at every limit once."""
        multiplier = self._breaker.size_multiplier
        ended = self._halts.over(now)
        for reason in ended:
            self._end(reason)
        for trade in step.closed:
            self._breaker.settle(outcome_of(trade))
        used = self._used()
        begun = [reason for reason in halts.LIMITS if reason not in self._halts and used[reason] >= 1 - _ROUNDING]
        for reason in begun:
            self._begin(now, reason)
        resized = self._resized(multiplier, ended)
        return [*self._halts.facts(now, begun, ended), *resized, *self._warn(used)]

    def _used(self) -> dict[str, float]:
        """Return how much of each limit of the account is used; 1 is reached, an empty account uses none."""
        return {
            halts.DAILY_LOSS: (self._account.daily_loss or 0.0) / self.limits.daily_loss,
            halts.DAILY_DRAWDOWN: (self._account.today.fall or 0.0) / self.limits.daily_drawdown,
            halts.DRAWDOWN: (self._account.total.fall or 0.0) / self.limits.drawdown,
            halts.LOSSES_IN_A_ROW: self._breaker.used,
        }

    def _begin(self, now: datetime, reason: str) -> None:
        lasts = {
            halts.DAILY_LOSS: _next_midnight(now) - now,
            halts.DAILY_DRAWDOWN: self.limits.emergency,
            halts.DRAWDOWN: self.limits.kill_switch_pause,
            halts.LOSSES_IN_A_ROW: self.limits.pause,
        }[reason]
        self._halts.begin(reason, None if lasts is None else now + lasts)
        if reason == halts.LOSSES_IN_A_ROW:
            self._breaker.is_paused = True
        elif reason == halts.DRAWDOWN:
            self._killed_at = now

    def _end(self, reason: str) -> None:
        self._halts.end(reason)
        if reason == halts.LOSSES_IN_A_ROW:
            self._breaker.start_over()
        elif reason == halts.DRAWDOWN:
            self._killed_at = None
            self._account.total.restart()

    def _resized(self, before: float, ended: Collection[str]) -> Iterator[RiskActed]:
        after = self._breaker.size_multiplier
        if after < before:
            yield RiskActed(action=RiskAction.REDUCE_SIZE, reason=halts.LOSSES_IN_A_ROW, size_multiplier=after)
        elif after > before:
            reason = halts.PAUSE_OVER if halts.LOSSES_IN_A_ROW in ended else ROW_BROKEN
            yield RiskActed(action=RiskAction.RESTORE_SIZE, reason=reason, size_multiplier=after)

    def _warn(self, used: Mapping[str, float]) -> Iterator[RiskActed]:
        before = self._warnings
        self._warnings = {reason for reason, share in used.items() if share >= self.limits.warning - _ROUNDING}
        for reason in sorted(self._warnings - before):
            yield RiskActed(action=RiskAction.WARN, reason=reason, detail=f"{used[reason]:.0%} of the limit is used")
        for reason in sorted(before - self._warnings):
            yield RiskActed(action=RiskAction.WARNING_OVER, reason=reason)

    def _block(self, now: datetime, regimes: Mapping[str, str]) -> Iterator[RiskActed]:
        blocked, freed = self._choppiness.observe(now, regimes)
        for asset in blocked:
            yield RiskActed(action=RiskAction.HALT, reason=CHOPPY, scope=asset)
        for asset in freed:
            yield RiskActed(action=RiskAction.RESUME, reason=NO_LONGER_CHOPPY, scope=asset)

    def _blocks(self, request: Request) -> list[str]:
        return [CHOPPY] if request.asset in self._choppiness.blocked else []

    def _smaller(self, request: Request, largest: float, held: Sequence[Holding]) -> Verdict:
        """Return the verdict on a trade that is allowed: the size its stop allows, times the factor of every cut."""
        cuts = []
        if largest < request.quantity:
            cuts.append(Cut(RISK_PER_TRADE, largest / request.quantity))
        if is_alike(request, held, self.correlations.between, self.limits.correlation):
            cuts.append(Cut(CORRELATION, self.limits.correlated_size))
            largest *= self.limits.correlated_size
        entries = tuple(cut_entry(request, cut) for cut in cuts)
        reasons = [cut.reason for cut in cuts]
        if self._breaker.size_multiplier < 1:  # told when it began
            reasons.append(halts.LOSSES_IN_A_ROW)
        size = largest * self._breaker.size_multiplier
        return (
            Verdict(allowed=True, size=size, reasons=tuple(reasons), entries=entries) if size > 0 else refused(NO_SIZE)
        )


def _entry(now: datetime, fact: RiskActed) -> Entry:
    return Entry(now, f"guardian/{now.isoformat()}/{fact.action.value}/{fact.reason}/{fact.scope}", fact)


def _next_midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
