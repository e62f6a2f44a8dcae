from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.facts import at, closed
from tradewatch.errors import ConfigurationError
from tradewatch.ledger import SqliteAppender
from tradewatch.stack import plan, settings
from tradewatch.stack.places import Places, find_places
from tradewatch.stack.plan import Shown, Wanted
from tradewatch.stack.service import Service
from tradewatch.stack.settings import Settings

NOW = datetime(2026, 3, 31, 12, 30, 15, tzinfo=UTC)
PORTS = {"ports.bot": 19102, "ports.prometheus": 19091, "ports.hydra": 19101}


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """Return places of a project like this one, with servers that are installed."""
    for name in ("prometheus", "prometheus-alertmanager", "amtool"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    root = tmp_path / "project"
    committed = find_places()
    for file in (committed.configuration, committed.alertmanager_configuration):
        copy = root / file.relative_to(committed.root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(file.read_text())
    return Places(root=root, home=root / "home", private=tmp_path / "private")


def found(**flags: object) -> Settings:
    return settings.load(Path("/nowhere/tradewatch.toml"), {}, PORTS | flags)


def wanted(shown: list[Shown], last_seen: datetime | None = None, history: str = "demo") -> Wanted:
    return Wanted(shown=shown, history=history, settings=found(), now=NOW, last_seen=last_seen)


def services(wanted: Wanted, places: Places) -> Mapping[str, Service]:
    return {service.name: service for service in plan.planned(wanted, places).plan.services}


def demo(places: Places) -> list[Shown]:
    return list(plan.demo(found(), places, NOW))


def test_the_demo_has_both_systems_and_a_sample_bot_and_calls_them_simulated(places: Places) -> None:
    planned = plan.planned(wanted(demo(places)), places).plan
    assert planned.subject == "HYDRA (simulated), VelocityPTrader (simulated), a sample bot (simulated)"
    names = [service.name for service in planned.services]
    assert names[:3] == ["journal", "alertmanager", "prometheus"]
    assert {"hydra", "velocitytrader", "bot", "hydra-exporter", "velocitytrader-exporter", "bot-exporter"} < set(names)


def test_a_first_run_begins_thirty_days_ago_with_a_fixed_seed(places: Places) -> None:
    command = services(wanted(demo(places)), places)["velocitytrader"].command
    ledger = str(places.root / "trading_logs.db")
    assert command[1:] == (
        *("run", "velocitytrader", "--ledger", ledger),
        *("--seed", "7", "--start=2026-03-01T12:30:00"),
    )


def test_an_exporter_waits_until_its_run_has_reached_the_present(places: Places) -> None:
    planned = services(wanted(demo(places)), places)
    assert planned["hydra-exporter"].after == ("hydra",)
    reaching = planned["hydra"].reaching
    assert reaching is not None
    assert (reaching.ledger, reaching.system) == (places.ledgers / "hydra.db", "hydra")


def test_the_velocitytrader_exporter_is_where_the_document_says() -> None:
    assert settings.load(Path("/nowhere"), {}).ports.velocitytrader == 9090


def test_only_the_systems_that_are_asked_for_run(places: Places) -> None:
    shown = plan.demo(found(**{"demo.systems": "hydra"}), places, NOW)
    assert [each.system for each in shown] == ["hydra"]


def test_somebody_elses_trading_log_is_refused(places: Places) -> None:
    with closing(SqliteAppender(places.trading_logs)) as appender:
        appender.append([at(0, closed("1"))], "velocitytrader")
    with pytest.raises(ConfigurationError, match=r"trading_logs\.db is not the demo's: it holds no simulated run"):
        plan.demo(found(), places, NOW)


def test_what_is_no_ledger_at_all_is_refused(places: Places) -> None:
    places.trading_logs.write_text("an account")
    with pytest.raises(ConfigurationError, match=r"is not the demo's"):
        plan.demo(found(), places, NOW)
    assert places.trading_logs.read_text() == "an account"


def test_trades_of_a_file_are_imported_before_anything_runs(places: Places, tmp_path: Path) -> None:
    shown = plan.imported(tmp_path / "my.csv", "10000", places)
    assert shown.subject == "trades of my.csv"
    assert shown.import_command is not None
    assert shown.import_command[1:] == (
        *("import", str(tmp_path / "my.csv")),
        *("--starting-equity", "10000"),
        *("--ledger", str(shown.ledger)),
    )
    planned = services(wanted([shown]), places)
    assert "bot" not in planned
    assert planned["bot-exporter"].after == ()
    assert planned["bot-exporter"].is_needed


def test_without_a_starting_equity_none_is_named(places: Places) -> None:
    shown = plan.imported(Path("my.csv"), None, places)
    assert shown.import_command is not None
    assert "--starting-equity" not in shown.import_command


def test_another_starting_equity_has_a_ledger_of_its_own(places: Places) -> None:
    ledgers = {plan.imported(Path("my.csv"), equity, places).ledger for equity in (None, "1000", "2000")}
    assert len(ledgers) == 3


def test_files_of_one_name_in_two_folders_have_a_ledger_each(places: Places) -> None:
    one, two = (plan.imported(Path("/", folder, "my.csv"), None, places).ledger for folder in ("one", "two"))
    assert one != two
    assert one.parent == two.parent == places.ledgers


def test_the_exporter_serves_the_ledger_on_loopback(places: Places) -> None:
    exporter = services(wanted(demo(places)), places)["hydra-exporter"]
    reads, listens = ("--ledger", str(places.ledgers / "hydra.db")), ("--listen", "127.0.0.1:19101")
    state = ("--state", str(places.home / "state"))
    assert exporter.command[1:] == ("export", *reads, *listens, *state, "--system", "hydra")


def test_another_history_has_folders_of_its_own(places: Places) -> None:
    shown = demo(places)
    one, two = (services(wanted(shown, history=name), places) for name in ("demo", "my-1234"))
    for name in ("prometheus", "alertmanager"):
        assert one[name].command != two[name].command


@pytest.mark.parametrize("has_viewer", [True, False])
def test_only_ports_that_are_listened_on_must_be_free(
    places: Places, monkeypatch: pytest.MonkeyPatch, *, has_viewer: bool
) -> None:
    monkeypatch.setattr(plan, "has_viewer", lambda: has_viewer)
    shown = wanted([plan.imported(Path("my.csv"), None, places)])
    viewer = {"viewer"} if has_viewer else set()
    assert set(shown.ports_in_use()) == {"journal", "alertmanager", "prometheus", "bot"} | viewer
    assert ("viewer" in services(shown, places)) is has_viewer


def test_dashboards_ask_the_servers_of_this_stack(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "has_viewer", lambda: True)
    viewer = services(wanted(demo(places)), places)["viewer"]
    assert viewer.command[1:8] == (
        *("viewer", "--listen", "127.0.0.1:3000"),
        *("--prometheus", "http://127.0.0.1:19091", "--alertmanager", "http://127.0.0.1:9093"),
    )
    assert not viewer.is_needed


@pytest.mark.parametrize(
    ("away", "begin"),
    [
        (None, "--from=2026-03-30T12:30:15"),
        (timedelta(minutes=5), None),
        (timedelta(hours=2), "--from=2026-03-31T10:31:15"),
    ],
)
def test_first_comes_the_last_day_or_what_was_missed(places: Places, away: timedelta | None, begin: str | None) -> None:
    planned = services(wanted(demo(places), None if away is None else NOW - away), places)
    recent = planned.get("hydra-last-day")
    assert (None if recent is None else recent.command[-1]) == begin
    assert planned["hydra-history"].is_task
    assert "--from" not in " ".join(planned["hydra-history"].command)


def test_history_comes_as_blocks_under_the_name_that_is_scraped(places: Places) -> None:
    planned = services(wanted(demo(places)), places)
    for name in ("hydra-last-day", "hydra-history"):
        words = " ".join(planned[name].command)
        assert "--job hydra --instance 127.0.0.1:19101" in words
        assert f"--blocks {places.prometheus_data / 'demo'}" in words
    assert f"--storage.tsdb.path={places.prometheus_data / 'demo'}" in planned["prometheus"].command
