"""What stops all trading: which limits are on, until when, and the facts of their beginnings and ends."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from tradewatch.facts import RiskActed, RiskAction

DAILY_LOSS = "daily_loss"
DAILY_DRAWDOWN = "daily_drawdown"
DRAWDOWN = "drawdown"
LOSSES_IN_A_ROW = "losses_in_a_row"

NEW_DAY = "new_day"
PAUSE_OVER = "pause_over"


class _Kind(NamedTuple):
    begins: RiskAction
    ends: RiskAction
    why_it_ends: str


_KINDS = {
    DAILY_LOSS: _Kind(RiskAction.HALT, RiskAction.RESUME, NEW_DAY),
    DAILY_DRAWDOWN: _Kind(RiskAction.EMERGENCY_ON, RiskAction.EMERGENCY_OFF, PAUSE_OVER),
    DRAWDOWN: _Kind(RiskAction.KILL_SWITCH_ON, RiskAction.KILL_SWITCH_OFF, PAUSE_OVER),
    LOSSES_IN_A_ROW: _Kind(RiskAction.HALT, RiskAction.RESUME, PAUSE_OVER),
}

LIMITS = tuple(_KINDS)
"""The limits of the account, in the order in which they are looked at."""


class Halts:
    """The limits that are on, each until a moment, or until somebody ends it.

    A RESUME says that no halt is left, so it is told with the last one. A halt that is over and at once on again is
    told as another beginning, without an end.
    """

    def __init__(self) -> None:
        self._until: dict[str, datetime | None] = {}

    def __contains__(self, reason: object) -> bool:
        return reason in self._until

    def __bool__(self) -> bool:
        return bool(self._until)

    @property
    def reasons(self) -> list[str]:
        """The limits that are on, in the order of `LIMITS`."""
        return [reason for reason in LIMITS if reason in self._until]

    def begin(self, reason: str, until: datetime | None) -> None:
        """Stop trading until a moment, or until `end`."""
        self._until[reason] = until

    def end(self, reason: str) -> None:
        """Let a limit no longer stop trading."""
        del self._until[reason]

    def over(self, now: datetime) -> list[str]:
        """Return the limits whose time is over."""
        return [reason for reason in self.reasons if (until := self._until[reason]) is not None and until <= now]

    def facts(self, now: datetime, begun: Collection[str], ended: Collection[str]) -> Iterator[RiskActed]:
        """Yield what is to be told of a step in which some limits began and some ended."""
        for reason in [each for each in LIMITS if each in begun]:
            until = self._until[reason]
            seconds = None if until is None else (until - now).total_seconds()
            yield RiskActed(action=_KINDS[reason].begins, reason=reason, seconds=seconds)
        left = {_KINDS[reason].ends for reason in self._until}
        ends = {kind.ends: kind for kind in (_KINDS[reason] for reason in LIMITS if reason in ended)}
        for kind in ends.values():
            if kind.ends not in left:
                yield RiskActed(action=kind.ends, reason=kind.why_it_ends)

    def state(self) -> dict[str, Any]:  # Any: JSON's values
        """Return what `restore` needs."""
        return {reason: None if until is None else until.isoformat() for reason, until in self._until.items()}

    def restore(self, state: Mapping[str, Any]) -> None:  # Any: JSON's values
        """Go on exactly from where ``state`` was taken."""
        self._until = {
            reason: None if until is None else datetime.fromisoformat(until) for reason, until in state.items()
        }
