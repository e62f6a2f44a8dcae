"""What Alertmanager posts to a webhook, version 4: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config."""

from datetime import datetime
from typing import Literal

import msgspec

from tradewatch.errors import SourceError

WATCHDOG = "Watchdog"


class Alert(msgspec.Struct, frozen=True, rename="camel"):
    """An alert of a notification. ``silenced_by``: why nobody else is told of it; empty when others are."""

    status: Literal["firing", "resolved"]
    labels: dict[str, str]
    annotations: dict[str, str] = {}
    starts_at: datetime | None = None
    fingerprint: str = ""
    silenced_by: str = ""

    @property
    def key(self) -> str:
        """What tells it from all others: the same in a notification and in Alertmanager's list."""
        return self.fingerprint or repr(sorted(self.labels.items()))

    @property
    def is_firing(self) -> bool:
        """Whether it has not ended."""
        return self.status == "firing"

    @property
    def name(self) -> str:
        """The rule's name."""
        return self.labels.get("alertname", "an alert without a name")

    @property
    def is_watchdog(self) -> bool:
        """Whether it only says that alerting works."""
        return self.name == WATCHDOG


class Notification(msgspec.Struct, frozen=True):
    """What is told at once."""

    alerts: list[Alert]


def notification(body: bytes) -> Notification:
    """Return what was posted; raises SourceError for what is no notification."""
    try:
        return msgspec.json.decode(body, type=Notification)
    except msgspec.DecodeError as error:
        message = f"this is no notification of Alertmanager ({error})"
        raise SourceError(message) from error


def line(alert: Alert, now: datetime) -> str:
    """Return an alert as a line: when, how it is, how bad, whose, which, the number, where, and what to do.

    >>> labels = {"alertname": "HydraDown", "severity": "critical", "system": "hydra"}
    >>> told = Alert("firing", labels, {"summary": "it is"})
    >>> line(told, datetime(2026, 1, 2, 3, 4, 5))
    '2026-01-02 03:04:05 UTC  FIRING    critical  hydra  HydraDown  it is'
    """
    place = " ".join(filter(None, (alert.labels.get("job"), alert.labels.get("instance"))))
    words = (
        f"{now:%Y-%m-%d %H:%M:%S} UTC",
        f"{alert.status.upper():8}",
        f"{alert.labels.get('severity', '-'):8}",
        alert.labels.get("system", ""),
        alert.name,
        alert.annotations.get("summary", ""),
        f"({place})" if place else "",
        f"(told only here: silenced by {alert.silenced_by})" if alert.silenced_by else "",
        alert.annotations.get("runbook_url", ""),
    )
    return "  ".join(" ".join(word.split("\n")) for word in words if word)
