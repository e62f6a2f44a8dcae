"""`python monitoring/prometheus_exporter.py` as the founding document calls it, by any Python."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.books import ledger_of
from tests.support.exporters import running
from tests.support.facts import at, closed, started
from tests.support.patience import SECONDS
from tests.support.servers import answer_of, free_port
from tradewatch.stack.ports import LOOPBACK

SCRIPT = Path("monitoring/prometheus_exporter.py")
ROOT = Path(__file__).parents[2]

OWN = (sys.executable,)
BARE = (str(Path(sys.base_prefix, "bin", "python3")), "-I", "-S")
"""The Python that made the environment, without any package."""


@pytest.fixture
def bare_project(tmp_path: Path) -> Path:
    """Return a folder with the script and nothing else."""
    script = tmp_path / SCRIPT
    script.parent.mkdir()
    shutil.copy(ROOT / SCRIPT, script)
    return tmp_path


@pytest.fixture
def project(bare_project: Path) -> Path:
    """Return a folder with the script, this environment and the database that is read unless another one is named."""
    (bare_project / ".venv").symlink_to(sys.prefix)
    ledger_of(bare_project / "trading_logs.db", [at(0, started()), at(1, closed("a", pnl=7.0))])
    return bare_project


def assert_serves(python: Sequence[str], project: Path, words: Sequence[str], line: bytes) -> None:
    port = free_port()
    command = [*python, str(SCRIPT), "--port", str(port), *words]
    with running(command, port, project / "exporter.log", project) as exporter:
        page = answer_of(f"http://{LOOPBACK}:{port}/metrics")
        assert line in page.splitlines()
        exporter.send_signal(signal.SIGTERM)
        assert exporter.wait(SECONDS) == 0


@pytest.mark.parametrize("python", [OWN, BARE], ids=["own", "bare"])
def test_any_python_serves_the_database_in_the_folder(project: Path, python: Sequence[str]) -> None:
    assert_serves(python, project, (), b"bot_pnl 7")


@pytest.mark.parametrize("option", ["--db", "--database"])
def test_another_database_and_further_options_can_be_given(project: Path, option: str) -> None:
    ledger_of(project / "other.db", [at(0, started()), at(1, closed("a", pnl=3.0))])
    assert_serves(BARE, project, (option, "other.db", "--as-of", "last", "--pnl=recomputed"), b"bot_pnl 0")


@pytest.mark.parametrize("words", [("--port", "none"), ("--prot", "9090"), ("--host", "::1", "--port", "70000")])
def test_what_is_wrong_in_the_options_is_said_without_a_traceback(project: Path, words: Sequence[str]) -> None:
    refused = call(BARE, project, *words)
    assert refused.returncode == 2
    assert words[-1] in refused.stderr or words[0] in refused.stderr
    assert "Traceback" not in refused.stderr


def test_without_an_environment_it_says_what_to_run(bare_project: Path) -> None:
    refused = call(BARE, bare_project)
    assert refused.returncode == 2
    assert f"run make setup in {bare_project}" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_an_environment_that_lacks_the_package_is_not_asked_twice(bare_project: Path) -> None:
    subprocess.run([*BARE, "-m", "venv", "--without-pip", ".venv"], cwd=bare_project, check=True)
    refused = call(BARE, bare_project)
    assert refused.returncode == 2
    assert str(bare_project / ".venv" / "bin" / "python") in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def call(python: Sequence[str], folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*python, SCRIPT, *words], cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
    )
