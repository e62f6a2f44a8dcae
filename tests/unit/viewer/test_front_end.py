"""The page is built when its files have changed, and its own tests pass."""

import subprocess
from pathlib import Path

import pytest

from tradewatch.errors import ConfigurationError
from tradewatch.viewer.frontend import built, node_environment, state_of

FRONT_END = Path(__file__).parents[3] / "frontend"


def test_the_state_is_that_of_the_files_that_are_built(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.ts").write_text("1")
    before = state_of(tmp_path)
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "b.js").write_text("2")
    assert state_of(tmp_path) == before
    (tmp_path / "src" / "a.ts").write_text("2")
    assert state_of(tmp_path) != before


def test_a_page_that_was_built_is_not_built_again(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    (target / state_of(source)).mkdir(parents=True)
    (target / state_of(source) / "index.html").write_text("built")
    assert built(source, target) == target / state_of(source)


def test_a_page_that_cannot_be_built_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    (source / "package.json").write_text("{")
    (source / "package-lock.json").write_text("{}")
    with pytest.raises(ConfigurationError, match="the viewer's page could not be built"):
        built(source, target)
    assert [each.name for each in target.iterdir()] == [".lock"]


def test_without_node_on_path_that_of_the_environment_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    found = node_environment()
    done = subprocess.run(["node", "--version"], env=dict(found), capture_output=True, text=True, check=True)  # noqa: S607
    assert done.stdout.startswith("v")


def test_the_lock_file_does_not_say_where_packages_came_from() -> None:
    assert '"resolved"' not in (FRONT_END / "package-lock.json").read_text()
