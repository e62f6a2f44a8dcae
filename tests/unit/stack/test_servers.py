import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tradewatch.errors import ConfigurationError
from tradewatch.stack import debian
from tradewatch.stack.servers import PACKAGES, locate

ONLY_SYSTEM_TOOLS = "/usr/bin:/bin"


def program(folder: Path, name: str, script: str = "exit 0") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder that is searched for programs."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_an_installed_program_is_taken(path: Path, tmp_path: Path) -> None:
    installed = program(path, "promtool")
    assert locate("promtool", tmp_path / "servers") == installed
    assert not (tmp_path / "servers").exists()


@pytest.mark.parametrize("name", [name for names in PACKAGES.values() for name in names])
def test_every_program_of_the_table_answers_its_version(name: str) -> None:
    done = subprocess.run([locate(name), "--version"], capture_output=True, text=True, check=True)
    assert done.stdout


def test_an_unpacked_program_is_not_fetched_again(path: Path, tmp_path: Path) -> None:
    unpacked = program(tmp_path / "servers" / "prometheus" / "usr" / "bin", "promtool")
    assert list(path.iterdir()) == []
    assert locate("promtool", tmp_path / "servers") == unpacked


def test_without_a_package_manager_the_error_names_what_to_install(path: Path, tmp_path: Path) -> None:
    assert list(path.iterdir()) == []
    with pytest.raises(ConfigurationError, match="install prometheus and try again"):
        locate("prometheus", tmp_path)


def test_a_package_that_cannot_be_had_leaves_nothing_and_says_why(path: Path, tmp_path: Path) -> None:
    program(path, "apt-get", "echo 'E: no network' >&2; exit 100")
    program(path, "dpkg-deb")
    with pytest.raises(ConfigurationError, match="prometheus could not be fetched \\(E: no network\\)"):
        debian.unpack("prometheus", tmp_path / "servers" / "prometheus")
    assert list((tmp_path / "servers").iterdir()) == []


APT_WITH_OLD_LISTS = """
case "$*" in
  *update*) /bin/mkdir -p "$PWD/apt/lists"; echo fresh > "$PWD/apt/lists/index" ;;
  *Dir::State=$PWD/apt*) [ -f "$PWD/apt/lists/index" ] && echo archive > prometheus_1_all.deb ;;
  *) exit 100 ;;
esac
"""


def test_where_the_machine_has_no_package_lists_fresh_ones_are_fetched(path: Path, tmp_path: Path) -> None:
    program(path, "apt-get", APT_WITH_OLD_LISTS)
    program(path, "dpkg-deb", '/bin/mkdir "$3" && /bin/cp "$2" "$3/content"')
    debian.unpack("prometheus", tmp_path / "servers" / "prometheus")
    assert (tmp_path / "servers" / "prometheus" / "content").read_text() == "archive\n"


def test_asked_twice_at_once_it_fetches_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched = []

    def unpack(package: str, target: Path, _prepare: object) -> None:
        fetched.append(package)
        program(target / "usr" / "bin", "prometheus")

    monkeypatch.setenv("PATH", os.devnull)
    monkeypatch.setattr(debian, "unpack", unpack)
    with ThreadPoolExecutor(4) as askers:
        assert len(set(askers.map(lambda _: locate("prometheus", tmp_path), range(4)))) == 1
    assert fetched == ["prometheus"]
