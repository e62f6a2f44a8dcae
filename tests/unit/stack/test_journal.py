import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.patience import SECONDS
from tradewatch.stack.journal import Journal, JournalServer, SilenceWatch
from tradewatch.stack.journal.notifications import Alert, notification

BEGIN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PATIENCE = timedelta(minutes=3)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alerts.log"


@pytest.fixture
def journal(path: Path, clock: Clock) -> Journal:
    return Journal(path, clock)


@pytest.fixture
def watch(journal: Journal, clock: Clock) -> SilenceWatch:
    return SilenceWatch(journal, PATIENCE, clock)


@pytest.fixture
def address(journal: Journal, watch: SilenceWatch) -> Iterator[str]:
    with JournalServer("127.0.0.1", 0, journal, watch) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def told(name: str = "HydraDown", status: str = "firing", **labels: str) -> dict[str, Any]:  # Any: JSON
    """Return an alert as Alertmanager posts it, with everything that it posts."""
    return {
        "status": status,
        "labels": {"alertname": name, "severity": "critical", "system": "hydra", **labels},
        "annotations": {"summary": "HYDRA does not run\nfor 90 s", "runbook_url": "http://x/HydraDown.md"},
        "startsAt": "2026-01-02T03:04:00.1Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus/graph",
        "fingerprint": "a1",
    }


def posted(*alerts: dict[str, Any]) -> bytes:
    return json.dumps({"version": "4", "groupKey": "{}", "status": "firing", "alerts": alerts}).encode()


def post(address: str, body: bytes) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data=body), timeout=SECONDS) as answer:  # noqa: S310
            status: int = answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    return status


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=SECONDS) as answer:  # noqa: S310
        text: str = answer.read().decode()
    return text


def test_a_notification_is_a_line_for_each_alert(address: str, path: Path) -> None:
    assert post(address, posted(told(job="hydra", instance="127.0.0.1:9101"), told(status="resolved"))) == 200
    line = "2026-01-02 03:04:05 UTC  FIRING    critical  hydra  HydraDown  HYDRA does not run for 90 s"
    assert path.read_text().splitlines() == [
        f"{line}  (hydra 127.0.0.1:9101)  http://x/HydraDown.md",
        "2026-01-02 03:04:05 UTC  RESOLVED  critical  hydra  HydraDown  HYDRA does not run for 90 s  http://x/HydraDown.md",
    ]
    assert read(f"{address}/") == path.read_text()


def test_lines_are_added_to_what_is_there(journal: Journal, path: Path) -> None:
    path.write_text("of last year\n")
    journal.tell(notification(posted(told())))
    assert path.read_text().startswith("of last year\n2026")


def test_an_empty_journal_says_so(address: str) -> None:
    assert read(f"{address}/") == "nothing was told yet\n"
    assert read(f"{address}/-/healthy") == "healthy\n"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"alerts": [{"status": "maybe", "labels": {}}]}'])
def test_what_is_no_notification_is_refused(address: str, path: Path, body: bytes) -> None:
    assert post(address, body) == 400
    assert not path.exists()


def test_a_journal_that_cannot_be_written_lets_alertmanager_come_again(address: str, path: Path) -> None:
    path.mkdir()
    assert post(address, posted(told())) == 500
    path.rmdir()
    assert post(address, posted(told())) == 200
    assert "HydraDown" in path.read_text()


def test_the_watchdog_is_heard_and_not_written(journal: Journal, path: Path, clock: Clock) -> None:
    clock.now += timedelta(minutes=2)
    journal.tell(notification(posted(told("Watchdog"))))
    assert journal.heard == clock.now
    assert not path.exists()


def test_silence_is_told_once_and_its_end_too(journal: Journal, watch: SilenceWatch, path: Path, clock: Clock) -> None:
    clock.now += PATIENCE
    watch.look()
    assert not path.exists()
    clock.now += timedelta(seconds=1)
    watch.look()
    watch.look()
    journal.tell(notification(posted(told("Watchdog"))))
    watch.look()
    first, second = path.read_text().splitlines()
    assert "FIRING    critical  tradewatch  AlertingIsSilent  no sign of life" in first
    assert "181 s" in first
    assert "RESOLVED  critical  tradewatch  AlertingIsSilent  the watchdog's alert arrives again" in second


def test_a_watchdog_that_alertmanager_misses_is_silence_at_once(
    journal: Journal, watch: SilenceWatch, path: Path
) -> None:
    journal.tell(notification(posted(told("Watchdog", "resolved"))))
    watch.look()
    assert "AlertingIsSilent" in path.read_text()


def test_only_the_newest_lines_are_shown(journal: Journal) -> None:
    journal.write([Alert("firing", {"alertname": f"A{number}"}) for number in range(500)])
    shown = journal.last_lines(3).splitlines()
    assert [line.split()[-1] for line in shown] == ["A497", "A498", "A499"]
