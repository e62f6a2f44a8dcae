"""Which alerts the journal has told of, so that it tells of the silenced ones too, and of each of them once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from tradewatch.stack.journal.notifications import Alert

GONE = timedelta(seconds=90)
"""So long an alert is missing from Alertmanager's list before it counts as over: an Alertmanager that began anew has an
empty list until Prometheus has repeated everything, which takes half a minute."""

FORGOTTEN = timedelta(hours=1)
"""So long an alert that is over is remembered, for the notification of its end that may still come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An alert as it was told last. ``is_from_list``: no notification said so; ``missing_since``: from the list."""

    alert: Alert
    is_from_list: bool
    missing_since: datetime | None = None


class Memory:
    """What is known of alerts. Questions change nothing: what was told is remembered when it is on the disk."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}

    def is_news(self, alert: Alert) -> bool:
        """Return whether a notification of ``alert`` is to be told: not, when the list has told the same before."""
        known = self._known.get(alert.key)
        return known is None or not known.is_from_list or known.alert.status != alert.status

    def was_notified(self, alert: Alert) -> None:
        """Remember a notification, which Alertmanager repeats only when the alert is to be told again."""
        self._known[alert.key] = Known(alert=alert, is_from_list=False)

    def news_of_list(self, alerts: Iterable[Alert], now: datetime) -> Sequence[Alert]:
        """Return what a list of all alerts that fire tells of those of which no notification comes.

        These are the silenced ones that began, and those that have been missing for so long that they are over.
        """
        found = {alert.key: alert for alert in alerts}
        began = [alert for alert in found.values() if alert.silenced_by and not self._fires(alert)]
        over = [
            msgspec.structs.replace(known.alert, status="resolved")
            for key, known in self._known.items()
            if key not in found and known.alert.is_firing and _is_older(known.missing_since, GONE, now)
        ]
        return [*began, *over]

    def was_listed(self, alerts: Iterable[Alert], told: Iterable[Alert], now: datetime) -> None:
        """Remember a list, and what was told because of it."""
        found = {alert.key: alert for alert in alerts}
        for alert in told:
            self._known[alert.key] = Known(alert=alert, is_from_list=True)
        for key, alert in found.items():
            known = self._known.get(key)
            if known is None or not known.alert.is_firing:
                self._known[key] = Known(alert=alert, is_from_list=False)
        self._known = {
            key: replace(known, missing_since=None if key in found else known.missing_since or now)
            for key, known in self._known.items()
            if key in found or known.alert.is_firing or not _is_older(known.missing_since, FORGOTTEN, now)
        }

    def lost_sight(self) -> None:
        """Forget since when alerts are missing, because there was no list."""
        self._known = {key: replace(known, missing_since=None) for key, known in self._known.items()}

    def _fires(self, alert: Alert) -> bool:
        known = self._known.get(alert.key)
        return known is not None and known.alert.is_firing


def _is_older(moment: datetime | None, age: timedelta, now: datetime) -> bool:
    return moment is not None and now - moment >= age
