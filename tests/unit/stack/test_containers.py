from pathlib import Path

import pytest

from tradewatch.errors import ConfigurationError
from tradewatch.stack import containers
from tradewatch.stack.containers import ContainersError
from tradewatch.stack.places import Places


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder that is searched for programs."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def noting(folder: Path) -> str:
    return f'echo "$@" >> {folder.parent}/calls'


def test_without_an_engine_one_sentence_says_so(places: Places, tools: Path) -> None:
    with pytest.raises(ConfigurationError, match="no Docker engine answers"):
        containers.start(places)
    program(tools, "docker", "exit 1")
    with pytest.raises(ConfigurationError, match="no Docker engine answers"):
        containers.start(places)
    assert not containers.are_up(places)


def test_an_engine_without_compose_is_named(places: Places, tools: Path) -> None:
    program(tools, "docker", '[ "$1" = info ]')
    with pytest.raises(ConfigurationError, match="neither `docker compose` nor docker-compose is here"):
        containers.start(places)


@pytest.mark.parametrize("is_plugin", [True, False])
def test_compose_is_called_with_the_committed_file_and_the_systems(
    places: Places, tools: Path, *, is_plugin: bool
) -> None:
    if is_plugin:
        program(tools, "docker", f'[ "$1" = info ] || {noting(tools)}')
    else:
        program(tools, "docker", '[ "$1" = info ]')
        program(tools, "docker-compose", noting(tools))
    containers.start(places)
    assert containers.are_up(places)
    containers.stop(places)
    assert not containers.are_up(places)
    calls = [line for line in (tools.parent / "calls").read_text().splitlines() if "version" not in line]
    words = f"--file {places.root}/monitoring/docker-compose.yml --profile systems"
    before = "compose " if is_plugin else ""
    assert calls == [f"{before}{words} up --detach --build", f"{before}{words} down"]


def test_a_start_that_fails_leaves_nothing(places: Places, tools: Path) -> None:
    program(tools, "docker", '[ "$1" = info ]')
    program(tools, "docker-compose", f'{noting(tools)}; case "$*" in *" up "*) exit 1 ;; esac')
    with pytest.raises(ContainersError, match="up --detach --build` failed"):
        containers.start(places)
    assert not containers.are_up(places)
    assert (tools.parent / "calls").read_text().endswith("down\n")
