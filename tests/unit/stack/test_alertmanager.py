import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tradewatch.errors import ConfigurationError
from tradewatch.stack import alertmanager
from tradewatch.stack.channels import Channels, Words
from tradewatch.stack.places import Places, find_places
from tradewatch.stack.ports import Ports
from tradewatch.stack.servers import locate

WEBHOOK: dict[str, tuple[str, Words]] = {
    "webhook": ("webhook_configs", {"url": "https://example.com/secret", "send_resolved": True})
}
EVERY: dict[str, tuple[str, Words]] = {
    "slack": ("slack_configs", {"api_url_file": "/s", "title": "x", "text": '{{ template "tradewatch.text" . }}'}),
    "email": ("email_configs", {"to": "a@b.c", "from": "a@b.c", "smarthost": "localhost:25"}),
    "pagerduty": ("pagerduty_configs", {"routing_key_file": "/p"}),
    "watchdog": ("webhook_configs", {"url": "https://example.com/alive"}),
    **WEBHOOK,
}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(root=find_places().root, home=tmp_path / "home", private=tmp_path / "private")


@pytest.fixture
def amtool() -> Path:
    return locate("amtool")


def configured(channels: Channels, places: Places, amtool: Path, ports: Ports | None = None) -> alertmanager.Configured:
    return alertmanager.configuration_for(ports or Ports(), channels, places, amtool)


def test_with_nothing_set_the_committed_file_runs(places: Places, amtool: Path) -> None:
    assert configured(Channels(), places, amtool).file == places.alertmanager_configuration
    assert not places.home.exists()


def test_other_ports_are_in_a_copy(places: Places, amtool: Path) -> None:
    copy = configured(Channels(), places, amtool, Ports(journal=19095)).file
    assert copy.is_relative_to(places.home)
    assert "http://127.0.0.1:19095/" in copy.read_text()


def test_what_has_secrets_is_the_owners_alone_and_goes_when_nothing_is_set_any_more(
    places: Places, amtool: Path
) -> None:
    copy = configured(Channels(configured=WEBHOOK), places, amtool).file
    assert copy.is_relative_to(places.private)
    assert "https://example.com/secret" in copy.read_text()
    assert copy.stat().st_mode & 0o777 == 0o600
    assert copy.parent.stat().st_mode & 0o777 == 0o700
    configured(Channels(), places, amtool)
    assert not copy.exists()


def test_alertmanager_takes_every_kind_of_channel(places: Places, amtool: Path) -> None:
    found = configured(Channels(configured=EVERY), places, amtool)
    assert found.problems == []
    checked = subprocess.run([amtool, "check-config", found.file], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "6 receivers" in checked.stdout


def test_what_alertmanager_refuses_is_left_out_and_said(places: Places, amtool: Path) -> None:
    found = configured(Channels(configured={"slack": ("slack_configs", {"colour": "red"})}), places, amtool)
    assert found.file == places.alertmanager_configuration
    (problem,) = found.problems
    assert "Alertmanager refuses what is set under alerts" in problem
    assert "colour" in problem


def edited(places: Places, tmp_path: Path, was: str, becomes: str) -> Places:
    """Return places of a project in which the first of these words of alertmanager.yml was edited."""
    folder = places.alertmanager_configuration.parent
    root = tmp_path / "edited"
    shutil.copytree(folder, root / "monitoring" / "prometheus")
    mine = replace(places, root=root)
    text = mine.alertmanager_configuration.read_text()
    assert was in text
    mine.alertmanager_configuration.write_text(text.replace(was, becomes, 1))
    return mine


@pytest.mark.parametrize(
    ("was", "becomes", "why"),
    [
        ("receiver: slack", "receiver: telegram", 'undefined receiver "telegram" used in route'),
        (
            "    # webhook_configs:\n    #   - url: https://example.com",
            "    webhook_configs: [{url: example}]\n#",
            "URL",
        ),
        ("route:", "route: [", "yaml"),
    ],
)
@pytest.mark.parametrize("channels", [Channels(), Channels(configured=WEBHOOK)])
def test_a_committed_file_that_is_refused_is_named_and_the_journal_hears_all_the_same(  # noqa: PLR0913, PLR0917 - its cases
    was: str, becomes: str, why: str, channels: Channels, places: Places, amtool: Path, tmp_path: Path
) -> None:
    mine = edited(places, tmp_path, was, becomes)
    found = configured(channels, mine, amtool, Ports(journal=19095))
    (problem,) = found.problems
    assert problem.startswith(f"{mine.alertmanager_configuration} is refused by Alertmanager (")
    assert why in problem
    assert "http://127.0.0.1:19095/" in found.file.read_text()
    asked = [str(amtool), "config", "routes", "test", f"--config.file={found.file}"]
    for alert in ("Watchdog", "HydraDown"):
        said = subprocess.run([*asked, f"alertname={alert}"], capture_output=True, text=True, check=True)
        assert said.stdout.strip() == "journal"


def test_a_channel_whose_receiver_was_edited_away_is_named_and_the_others_are_told(
    places: Places, amtool: Path, tmp_path: Path
) -> None:
    mine = edited(places, tmp_path, "  - name: webhook\n", "  - name: mine\n")
    text = mine.alertmanager_configuration.read_text().replace("receiver: webhook", "receiver: mine")
    mine.alertmanager_configuration.write_text(text)
    found = configured(Channels(configured=WEBHOOK), mine, amtool)
    (problem,) = found.problems
    assert "has no receiver called webhook" in problem
    assert found.file == mine.alertmanager_configuration


def test_a_secret_that_is_not_there_is_named_with_its_field_and_file(
    places: Places, amtool: Path, tmp_path: Path
) -> None:
    mine = edited(
        places, tmp_path, "    # slack_configs:\n    #   - api_url_file", "    slack_configs:\n      - api_url_file"
    )
    found = configured(Channels(), mine, amtool)
    assert found.file == mine.alertmanager_configuration
    (problem,) = found.problems
    assert problem.startswith(
        f"{mine.alertmanager_configuration}: api_url_file names secrets/slack, which is not there"
    )
    (mine.secrets / "slack").write_text("https://example.com")
    assert configured(Channels(), mine, amtool).problems == []


def test_a_receiver_that_was_edited_away_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"has no receiver called webhook.*put back the line"):
        alertmanager.render("receivers: []", WEBHOOK, Path("/project"))


def test_backslashes_of_an_address_stay() -> None:
    words = {"webhook": ("webhook_configs", {"url": r"http://x/\1\g<0>"})}
    assert r"\\1\\g<0>" in alertmanager.render("  - name: webhook\n", words, Path("/"))


ROUTES = [
    ("HydraDown", "critical", "journal,pagerduty,slack,email,webhook"),
    ("HydraFeedStale", "warning", "journal,slack,email,webhook"),
    ("Something", "info", "journal,slack"),
    ("Watchdog", "info", "journal,watchdog"),
    ("TradewatchNotifyTest", "info", "journal,slack,email,pagerduty,webhook"),
    ("Mine", "unheard-of", "journal"),
]


@pytest.mark.parametrize(("alert", "severity", "receivers"), ROUTES)
def test_every_alert_takes_its_way(alert: str, severity: str, receivers: str, places: Places, amtool: Path) -> None:
    file = f"--config.file={places.alertmanager_configuration}"
    asked = [str(amtool), "config", "routes", "test", file, f"alertname={alert}", f"severity={severity}"]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip() == receivers
