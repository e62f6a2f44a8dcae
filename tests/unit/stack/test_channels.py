from collections.abc import Callable
from pathlib import Path

import pytest

from tradewatch.stack import settings
from tradewatch.stack.channels import KINDS, Channels, channels

Set = Callable[[str], Channels]


@pytest.fixture
def set_(tmp_path: Path) -> Set:
    """Return how to set a file's text; beside it lie ``address`` and ``key`` with something in them."""
    (tmp_path / "address").write_text("https://hooks.example.com/T0/B0\n")
    (tmp_path / "key").write_text("hunter2\n")

    def made(text: str) -> Channels:
        file = tmp_path / "tradewatch.toml"
        file.write_text(text)
        return channels(settings.load(file, {}))

    return made


def test_nothing_set_is_nothing_configured(set_: Set) -> None:
    found = set_("")
    assert (found.configured, found.problems) == ({}, [])


def test_secrets_stay_in_their_files_where_alertmanager_reads_files(set_: Set, tmp_path: Path) -> None:
    found = set_(
        """
        [alerts.slack]
        webhook_file = "address"
        channel = "#risk"
        [alerts.email]
        to = "a@example.com, b@example.com"
        from = "tradewatch@example.com"
        smarthost = "mail.example.com:587"
        username = "tradewatch"
        password_file = "key"
        [alerts.pagerduty]
        routing_key_file = "key"
        """
    )
    assert found.problems == []
    slack, email, pagerduty = (found.configured[name][1] for name in ("slack", "email", "pagerduty"))
    assert (slack["api_url_file"], slack["channel"]) == (str(tmp_path / "address"), "#risk")
    assert email["auth_password_file"] == str(tmp_path / "key")
    assert pagerduty["routing_key_file"] == str(tmp_path / "key")
    assert "hunter2" not in str(found.configured)


def test_a_webhooks_address_is_read_because_alertmanager_does_not(set_: Set) -> None:
    kind, words = set_("[alerts.webhook]\nurl_file = 'address'").configured["webhook"]
    assert (kind, words["url"]) == ("webhook_configs", "https://hooks.example.com/T0/B0")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[alerts.slack]\nchannel = '#x'", "alerts.slack.webhook_file is missing"),
        ("[alerts.slack]\nwebhook_file = 'none'", "none, which cannot be read (No such file or directory)"),
        ("[alerts.slack]\nwebhook_file = 'empty'", "empty, which is empty"),
        ("[alerts.slack]\nwebhook_file = 'key'", "key, which holds no address"),
        ("[alerts.webhook]\nurl_file = 'key'", "alerts.webhook.url_file names"),
        ("[alerts.email]\nto = 'nobody'", "alerts.email.to = 'nobody' is wrong: give an address"),
        (
            "[alerts.email]\nto = 'a@b.c'\nfrom = 'a@b.c'\nsmarthost = 'host'",
            "alerts.email.smarthost = 'host' is wrong",
        ),
        ("[alerts.pagerduty]\nurl = 'x'", "alerts.pagerduty.routing_key_file is missing"),
        ("[alerts.watchdog]\nurl_file = '.'", "cannot be read (Is a directory)"),
    ],
)
def test_what_is_wrong_names_the_field_and_the_file_and_leaves_the_others(
    set_: Set, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "empty").touch()
    good = "" if "alerts.webhook" in text else "\n[alerts.webhook]\nurl_file = 'address'"
    found = set_(text + good)
    (problem,) = found.problems
    assert said in problem
    assert str(tmp_path / "tradewatch.toml") in problem
    assert list(found.configured) == (["webhook"] if good else [])


def test_every_kind_has_settings() -> None:
    tables = {name.split(".")[1] for name in settings.KEYS if name.startswith("alerts.")}
    assert tables == set(KINDS)
