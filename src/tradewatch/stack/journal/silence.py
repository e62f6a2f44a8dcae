"""A dead man's switch: when the alert that always fires does not come, alerting itself is broken."""

from collections.abc import Callable
from datetime import datetime, timedelta

from tradewatch.stack.journal.journal import Journal
from tradewatch.stack.journal.notifications import Alert

PATIENCE_SECONDS = 180.0
"""Alertmanager repeats the watchdog every half a minute."""


class SilenceWatch:
    """Writes into the journal when nothing was heard of the watchdog for ``patience``, or Alertmanager misses it."""

    def __init__(self, journal: Journal, patience: timedelta, clock: Callable[[], datetime]) -> None:
        self._journal = journal
        self._patience = patience
        self._clock = clock
        self._has_told = False

    def look(self) -> None:
        """Say once that there is silence, and once that it is over; raises OSError when that cannot be written."""
        silent_for = self._clock() - self._journal.heard
        is_silent = self._journal.is_silent or silent_for > self._patience
        if is_silent != self._has_told:
            self._journal.write([_alert(silent_for, is_silent=is_silent)])
            self._has_told = is_silent


def _alert(silent_for: timedelta, *, is_silent: bool) -> Alert:
    labels = {"alertname": "AlertingIsSilent", "severity": "critical", "system": "tradewatch"}
    if not is_silent:
        return Alert("resolved", labels, {"summary": "the watchdog's alert arrives again"})
    summary = (
        f"no sign of life from Prometheus through Alertmanager for {silent_for.total_seconds():.0f} s: "
        "no alert would arrive; see `tradewatch status`"
    )
    return Alert("firing", labels, {"summary": summary})
