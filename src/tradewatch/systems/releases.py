"""How a person ends a halt that a system does not end by itself: a fact in the ledger, which the system takes in."""

from datetime import datetime

from tradewatch.facts import Entry, RiskActed, RiskAction

RELEASES = ("guardian/reset/", "guardian/reset0")
"""The ids of releases lie from the first to the second of these; a later one has a greater id."""

LISTENERS = frozenset({"hydra", "velocitytrader"})
"""The systems that take releases in."""

REASON = "reset"


def release(time: datetime, detail: str = "") -> Entry:
    """Return the fact that somebody released the kill switch."""
    fact = RiskActed(action=RiskAction.KILL_SWITCH_OFF, reason=REASON, detail=detail)
    return Entry(time, f"{RELEASES[0]}{time.isoformat(timespec='microseconds')}", fact)


def released_at(fact_id: str) -> datetime:
    """Return when the release with this id was told."""
    return datetime.fromisoformat(fact_id.removeprefix(RELEASES[0]))
