"""Alerts on their whole way: a real Alertmanager with the committed routes, and a server for each kind of channel."""

import json
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.patience import SECONDS
from tests.support.projects import Project, free_ports, project_in
from tests.support.receivers import MailReceiver, WebReceiver, mail_receiver, text_of, web_receiver
from tradewatch.stack.waiting import wait_until

SUMMARY = "the account lost 6.25 % of its peak"
RUNBOOK = "http://localhost:3000/public/runbooks/HydraDrawdownReached.md"

# Quiet hours would keep a warning back, depending on when this runs.
NO_QUIET_HOURS = ("22:00", "00:01"), ("24:00", "00:02"), ("07:00", "00:02"), ("00:00", "00:01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """A stack that runs with every channel set, and what they were told."""

    project: Project
    web: WebReceiver
    mail: MailReceiver

    def alert(self, name: str = "HydraDrawdownReached", severity: str = "critical", **labels: str) -> None:
        """Tell Alertmanager of an alert, as Prometheus does."""
        told = {
            "labels": {
                "alertname": name,
                "severity": severity,
                "system": "hydra",
                "family": "hydra-drawdown",
                **labels,
            },
            "annotations": {"summary": SUMMARY, "runbook_url": RUNBOOK},
            "startsAt": datetime.now(UTC).isoformat(),
        }
        address = f"{self.project.ports.address('alertmanager')}/api/v2/alerts"
        request = urllib.request.Request(  # noqa: S310
            address, data=json.dumps([told]).encode(), headers={"Content-Type": "application/json"}
        )
        urllib.request.urlopen(request, timeout=SECONDS).close()  # noqa: S310

    def posted(self, path: str) -> str:
        """Return all that was posted to a path, as text."""
        return json.dumps([told.body for told in self.web.told if told.path == path])

    def mailed(self) -> str:
        return "\n".join(f"{mail['Subject']}\n{text_of(mail)}" for mail in self.mail.mails)


def settings_of(folder: Path, web: WebReceiver, mail: MailReceiver) -> Mapping[str, str]:
    """Write secrets into files and return the variables that name them."""
    secrets = {
        "slack": web.address("/slack"),
        "mail": "hunter2",
        "pagerduty": "an-integration-key",
        "webhook": web.address("/webhook"),
        "alive": web.address("/alive"),
    }
    for name, secret in secrets.items():
        (folder / name).write_text(f"{secret}\n")
    return {
        "TRADEWATCH_ALERTS_SLACK_WEBHOOK_FILE": str(folder / "slack"),
        "TRADEWATCH_ALERTS_SLACK_CHANNEL": "#risk",
        "TRADEWATCH_ALERTS_EMAIL_TO": "trader@example.com",
        "TRADEWATCH_ALERTS_EMAIL_FROM": "tradewatch@example.com",
        "TRADEWATCH_ALERTS_EMAIL_SMARTHOST": f"localhost:{mail.port}",
        "TRADEWATCH_ALERTS_EMAIL_USERNAME": "tradewatch",
        "TRADEWATCH_ALERTS_EMAIL_PASSWORD_FILE": str(folder / "mail"),
        "TRADEWATCH_ALERTS_EMAIL_REQUIRE_TLS": "false",
        "TRADEWATCH_ALERTS_PAGERDUTY_ROUTING_KEY_FILE": str(folder / "pagerduty"),
        "TRADEWATCH_ALERTS_PAGERDUTY_URL": web.address("/enqueue"),
        "TRADEWATCH_ALERTS_WEBHOOK_URL_FILE": str(folder / "webhook"),
        "TRADEWATCH_ALERTS_WATCHDOG_URL_FILE": str(folder / "alive"),
    }


@contextmanager
def running(folder: Path, settings: Mapping[str, str]) -> Iterator[tuple[Project, subprocess.CompletedProcess[str]]]:
    with project_in(folder / "project", free_ports(), interval="1s", settings=settings) as project:
        routes = project.places.alertmanager_configuration
        text = routes.read_text()
        for committed, never in NO_QUIET_HOURS:
            text = text.replace(f'"{committed}"', f'"{never}"')
        routes.write_text(text)
        started = project.up("--systems", "bot", "--days", "1")
        assert started.returncode == 0, started.stderr
        yield project, started


@pytest.fixture
def channels(tmp_path: Path) -> Iterator[Channels]:
    with (
        web_receiver() as web,
        mail_receiver() as mail,
        running(tmp_path, settings_of(tmp_path, web, mail)) as (project, _),
    ):
        yield Channels(project=project, web=web, mail=mail)


def names_alert_value_and_runbook(text: str) -> bool:
    return all(word in text for word in ("HydraDrawdownReached", SUMMARY, RUNBOOK))


def test_a_critical_alert_arrives_everywhere_with_its_value_and_what_to_do(channels: Channels) -> None:
    channels.alert()
    assert names_alert_value_and_runbook(channels.project.told("HydraDrawdownReached"))
    for path in ("/slack", "/enqueue", "/webhook"):
        assert wait_until(lambda path=path: names_alert_value_and_runbook(channels.posted(path)), seconds=SECONDS), path  # type: ignore[misc]  # a default binds the path
    assert wait_until(lambda: names_alert_value_and_runbook(channels.mailed()), seconds=SECONDS)
    assert '"channel": "#risk"' in channels.posted("/slack")
    assert "an-integration-key" in channels.posted("/enqueue")
    assert channels.mail.recipients == ["trader@example.com"]
    assert channels.mail.logins


def test_a_warning_wakes_nobody_by_pager(channels: Channels) -> None:
    channels.alert("HydraDrawdownNear", "warning")
    assert wait_until(lambda: "HydraDrawdownNear" in channels.posted("/slack"), seconds=SECONDS)
    assert wait_until(lambda: "HydraDrawdownNear" in channels.mailed(), seconds=SECONDS)
    assert "/enqueue" not in {told.path for told in channels.web.told}


def test_a_critical_alert_silences_its_own_warning_and_no_other(channels: Channels) -> None:
    channels.alert()
    channels.project.told("HydraDrawdownReached")
    channels.alert("HydraDrawdownNear", "warning")
    channels.alert("HydraDrawdownNear", "warning", asset="BTC-USD")
    channels.alert("HydraFeedStale", "warning", family="hydra-feed")
    channels.project.told("HydraFeedStale")
    channels.project.told("HydraDrawdownNear")
    near = [line for line in channels.project.journal() if "HydraDrawdownNear" in line]
    assert len(near) == 1, "the one of an asset is another thing"


def test_the_test_alert_says_what_was_delivered(channels: Channels) -> None:
    tested = channels.project.run("notify", "test", "--wait", f"{SECONDS:.0f}")
    assert tested.returncode == 0, tested.stdout + tested.stderr
    said = {line.split()[0]: line.split()[1] for line in tested.stdout.splitlines()}
    assert said == {
        "journal": "delivered,",
        "slack": "delivered",
        "email": "delivered",
        "pagerduty": "delivered",
        "webhook": "delivered",
    }
    assert "TradewatchNotifyTest" in channels.posted("/slack")
    assert "TradewatchNotifyTest" in channels.mailed()
    assert "TradewatchNotifyTest" not in channels.posted("/alive")


def test_a_channel_that_takes_nothing_is_named_and_the_journal_is_told(channels: Channels) -> None:
    channels.web.status = 403
    tested = channels.project.run("notify", "test", "--wait", "20")
    assert tested.returncode == 1
    said = {line.split()[0]: line for line in tested.stdout.splitlines()}
    for name in ("slack", "pagerduty", "webhook"):
        assert "refused or out of reach" in said[name]
    assert "delivered" in said["journal"]
    assert said["email"].split()[1] == "delivered"


def test_secrets_are_in_no_file_of_the_project_and_gone_after_it(channels: Channels) -> None:
    private = channels.project.places.private_alertmanager
    assert channels.web.address("/webhook") in private.read_text()
    assert private.stat().st_mode & 0o777 == 0o600
    ours = [path for path in channels.project.places.home.rglob("*") if path.is_file()]
    secrets = [b"hunter2", channels.web.address("/webhook").encode(), b"an-integration-key"]
    assert [path for path in ours if any(secret in path.read_bytes() for secret in secrets)] == []
    channels.project.run("down")
    assert not private.exists()


def test_what_is_set_wrongly_is_named_and_the_journal_is_told(tmp_path: Path) -> None:
    settings = {
        "TRADEWATCH_ALERTS_SLACK_WEBHOOK_FILE": str(tmp_path / "no-such-file"),
        "TRADEWATCH_ALERTS_EMAIL_TO": "trader@example.com",
    }
    with running(tmp_path, settings) as (project, started):
        for said in (started.stderr, project.run("notify", "test").stderr, project.run("config", "show").stderr):
            assert f"alerts.slack.webhook_file names {tmp_path / 'no-such-file'}, which cannot be read" in said
            assert "alerts.email.from is missing" in said
            assert len(said.splitlines()) == 2
        assert "TradewatchNotifyTest" in project.journal()[-1]


def test_an_unknown_receiver_is_named_with_its_file(tmp_path: Path) -> None:
    with project_in(tmp_path / "project", free_ports()) as project:
        project.places.settings.write_text('[alerts.telegram]\nchat = "me"\n')
        shown = project.run("config", "show")
    assert f"{project.places.settings}: alerts.telegram.chat is not known" in shown.stderr
