"""The file of notifications."""

import os
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from tradewatch.stack.journal.memory import Memory
from tradewatch.stack.journal.notifications import Alert, Notification, line

Clock = Callable[[], datetime]


class Journal:
    """Writes each alert it is told of as a line, on the disk when `tell` returns; a `Watchdog` only moves ``heard``.

    ``heard``: when the last sign of life came; in the beginning, now.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self.heard = clock()
        self.is_silent = False
        self._path = path
        self._clock = clock
        self._memory = Memory()
        self._lock = threading.Lock()

    def tell(self, notification: Notification) -> None:
        """Write the alerts down; raises OSError when that cannot be done."""
        alerts = [alert for alert in notification.alerts if not alert.is_watchdog]
        with self._lock:
            self._append([alert for alert in alerts if self._memory.is_news(alert)])
            for alert in alerts:
                self._memory.was_notified(alert)
        for alert in notification.alerts:
            if alert.is_watchdog:
                self.is_silent = alert.status == "resolved"
                self.heard = self._clock()

    def look_through(self, current: Sequence[Alert] | None) -> None:
        """Write down what begins and ends among all alerts that fire without a notification: the silenced ones.

        ``current``: None when Alertmanager did not say. Raises OSError.
        """
        with self._lock:
            if current is None:
                self._memory.lost_sight()
                return
            now = self._clock()
            alerts = [alert for alert in current if not alert.is_watchdog]
            news = self._memory.news_of_list(alerts, now)
            self._append(news)
            self._memory.was_listed(alerts, news, now)

    def write(self, alerts: Sequence[Alert]) -> None:
        """Append the alerts, with the time they were told; raises OSError."""
        with self._lock:
            self._append(alerts)

    def _append(self, alerts: Sequence[Alert]) -> None:
        if not alerts:
            return
        now = self._clock()
        text = "".join(f"{line(alert, now)}\n" for alert in alerts)
        with self._path.open("a") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    def last_lines(self, count: int = 200) -> str:
        """Return the newest lines, the newest last."""
        if not self._path.exists():
            return ""
        with self._path.open("rb") as file:
            file.seek(max(0, self._path.stat().st_size - count * _LONGEST))
            lines = file.read().decode(errors="replace").splitlines()
        return "".join(f"{each}\n" for each in lines[-count:])


_LONGEST = 600
"""Bytes that a line rarely exceeds."""
