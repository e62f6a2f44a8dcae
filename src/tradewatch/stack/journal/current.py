"""What Alertmanager knows now, with what it holds back: its API v2, GET /api/v2/alerts."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from tradewatch.stack import loopback
from tradewatch.stack.journal.journal import Journal
from tradewatch.stack.journal.notifications import Alert

EVERY_SECONDS = 5.0
"""Between two questions. An alert lasts for an evaluation at least, fifteen seconds as committed."""

_LIST = "/api/v2/alerts?active=true&inhibited=true&silenced=true&unprocessed=true"
_BY_HAND = "a person"


class _Status(msgspec.Struct, frozen=True, rename="camel"):
    inhibited_by: list[str] = []
    silenced_by: list[str] = []


class _Listed(msgspec.Struct, frozen=True):
    labels: dict[str, str]
    fingerprint: str
    annotations: dict[str, str] = {}
    status: _Status = _Status()


class AlertmanagerWatch:
    """Tells the journal of the alerts that the Alertmanager at ``address`` holds back, and of their end."""

    def __init__(self, journal: Journal, address: str, ticks: Callable[[], float]) -> None:
        self._journal = journal
        self._address = address
        self._ticks = ticks
        self._due = ticks()

    def look(self) -> None:
        """Ask, if it is time again; raises OSError when the journal cannot be written."""
        if self._ticks() >= self._due:
            self._due = self._ticks() + EVERY_SECONDS
            self._journal.look_through(current_alerts(self._address))


def current_alerts(alertmanager: str) -> Sequence[Alert] | None:
    """Return the alerts that fire, as the Alertmanager at this address knows them; None when it does not say."""
    body = loopback.fetch(f"{alertmanager}{_LIST}")
    if body is None:
        return None
    try:
        return listed(body)
    except msgspec.DecodeError:  # something else listens there
        return None


def listed(body: bytes) -> Sequence[Alert]:
    """Return the alerts of an answer; raises msgspec.DecodeError when it is no such answer."""
    found = msgspec.json.decode(body, type=list[_Listed])
    names = {each.fingerprint: each.labels.get("alertname", "an alert") for each in found}
    return [
        Alert(
            "firing",
            each.labels,
            each.annotations,
            fingerprint=each.fingerprint,
            silenced_by=_silenced_by(each.status, names),
        )
        for each in found
    ]


def _silenced_by(status: _Status, names: Mapping[str, str]) -> str:
    """Return who holds an alert back: other alerts by their names, or a person."""
    others = {names.get(fingerprint, "another alert") for fingerprint in status.inhibited_by}
    return ", ".join(sorted(others)) or (_BY_HAND if status.silenced_by else "")
