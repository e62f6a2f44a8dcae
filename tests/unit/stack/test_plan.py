from pathlib import Path

import pytest

from tradewatch.stack import plan
from tradewatch.stack.places import Places, find_places
from tradewatch.stack.ports import Ports

PORTS = Ports(exporter=19102, prometheus=19091)


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """Return places of this project, with a Prometheus that is installed."""
    installed = tmp_path / "prometheus"
    installed.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return Places(root=find_places().root, home=tmp_path / "home")


def test_the_sample_bot_records_throughout_and_is_called_simulated(places: Places) -> None:
    source = plan.simulated(places)
    assert "simulated" in source.subject
    assert source.import_command is None
    assert [service.name for service in plan.services(source, PORTS, places)] == [
        *("sample", "exporter", "prometheus", "viewer")
    ]


def test_trades_of_a_file_are_imported_before_anything_runs(places: Places, tmp_path: Path) -> None:
    source = plan.imported(tmp_path / "my.csv", "10000", places)
    assert source.subject == "trades of my.csv"
    assert source.import_command is not None
    assert source.import_command[1:] == (
        *("import", str(tmp_path / "my.csv")),
        *("--starting-equity", "10000"),
        *("--ledger", str(source.ledger)),
    )
    assert [service.name for service in plan.services(source, PORTS, places)] == ["exporter", "prometheus", "viewer"]


def test_without_a_starting_equity_none_is_named(places: Places) -> None:
    source = plan.imported(Path("my.csv"), None, places)
    assert source.import_command is not None
    assert "--starting-equity" not in source.import_command


def test_another_starting_equity_has_a_ledger_of_its_own(places: Places) -> None:
    ledgers = {plan.imported(Path("my.csv"), equity, places).ledger for equity in (None, "1000", "2000")}
    assert len(ledgers) == 3


def test_files_of_one_name_in_two_folders_have_a_ledger_each(places: Places) -> None:
    one, two = (plan.imported(Path("/", folder, "my.csv"), None, places).ledger for folder in ("one", "two"))
    assert one != two
    assert one.parent == two.parent == places.ledgers


def test_the_exporter_serves_the_ledger_on_loopback(places: Places) -> None:
    source = plan.simulated(places)
    exporter = plan.services(source, PORTS, places)[1]
    reads, listens = ("--ledger", str(source.ledger)), ("--listen", "127.0.0.1:19102")
    assert exporter.command[1:] == ("export", *reads, *listens, "--state", str(places.home / "state"))


def test_simulated_and_real_trades_never_share_a_history(places: Places) -> None:
    sources = plan.simulated(places), plan.imported(Path("sample.csv"), None, places)
    commands = [service.command for source in sources for service in plan.services(source, PORTS, places)]
    folders = {word for command in commands for word in command if word.startswith("--storage.tsdb.path=")}
    assert len(folders) == 2
