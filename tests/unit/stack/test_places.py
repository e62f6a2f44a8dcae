from pathlib import Path

import pytest

from tradewatch.errors import ConfigurationError
from tradewatch.stack.places import CONFIGURATION, find_places, find_root


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / CONFIGURATION).parent.mkdir(parents=True)
    (root / CONFIGURATION).touch()
    (root / "deep" / "inside").mkdir(parents=True)
    return root


def test_the_root_is_found_from_a_folder_inside(project: Path) -> None:
    assert find_root(project / "deep" / "inside") == project


def test_the_root_is_found_from_itself(project: Path) -> None:
    assert find_root(project) == project


def test_from_elsewhere_the_next_start_counts(project: Path, tmp_path: Path) -> None:
    assert find_root(tmp_path, project / "deep") == project


def test_without_a_project_the_error_names_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=rf"no monitoring/prometheus/prometheus.yml in {tmp_path}"):
        find_root(tmp_path)


def test_what_is_written_lies_in_the_root(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRADEWATCH_HOME", raising=False)
    monkeypatch.chdir(project / "deep")
    assert find_places().home == project / ".tradewatch"


def test_what_is_written_can_be_moved(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEWATCH_HOME", str(tmp_path / "elsewhere"))
    monkeypatch.chdir(project)
    places = find_places()
    assert places.configuration == project / CONFIGURATION
    assert places.record.is_relative_to(tmp_path / "elsewhere")


def test_away_from_every_project_the_package_knows_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_places().configuration.is_file()


def test_secrets_lie_outside_of_the_project_and_apart_for_each(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    monkeypatch.delenv("TRADEWATCH_STATE")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    private = find_places().private_alertmanager
    assert private.is_relative_to(tmp_path / "state" / "tradewatch")
    monkeypatch.setenv("TRADEWATCH_HOME", str(tmp_path / "elsewhere"))
    assert find_places().private_alertmanager != private
