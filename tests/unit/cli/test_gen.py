"""`tradewatch gen` as a person calls it, in a copy of the project."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tradewatch.cli import main
from tradewatch.mixin.manifest import digest

ROOT = Path(__file__).parents[3]
DASHBOARD = Path("monitoring/grafana/dashboards/velocitytrader-risk.json")
RULES = Path("monitoring/prometheus/alert_rules.yml")
RUNBOOK = Path("docs/runbooks/HydraDown.md")
MANIFEST = Path("monitoring/.generated.json")
Gen = Callable[..., tuple[object, str, str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project with the generated files as they are committed."""
    shutil.copytree(ROOT / "monitoring", tmp_path / "monitoring")
    shutil.copytree(ROOT / "docs/runbooks", tmp_path / "docs/runbooks")
    for generated in ("docs/alerts.md", "frontend/src/dashboard/subset.json"):
        (tmp_path / generated).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / generated, tmp_path / generated)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def gen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Gen:
    def called(*arguments: str) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["tradewatch", "gen", *arguments])
        try:
            main()
        except SystemExit as ended:
            return ended.code, *capsys.readouterr()
        raise AssertionError

    return called


def test_what_is_committed_is_up_to_date(project: Path, gen: Gen) -> None:
    assert project.exists()
    assert gen("--check") == (None, "every generated file is up to date\n", "")


def test_a_stale_file_fails_the_check_and_is_written(project: Path, gen: Gen) -> None:
    text = (project / DASHBOARD).read_text()
    older = "{}\n"
    (project / DASHBOARD).write_text(older)
    manifest = json.loads((project / MANIFEST).read_text())
    manifest["files"][str(DASHBOARD)] = digest(older)
    (project / MANIFEST).write_text(json.dumps(manifest))
    status, output, _ = gen("--check")
    assert (status, f"{DASHBOARD} is not up to date" in output) == (1, True)
    assert (project / DASHBOARD).read_text() == older
    assert gen()[0] is None
    assert (project / DASHBOARD).read_text() == text


@pytest.mark.parametrize("path", [DASHBOARD, RULES, RUNBOOK])
def test_an_edited_file_fails_the_check_and_is_kept_without_force(project: Path, gen: Gen, path: Path) -> None:
    text = (project / path).read_text()
    (project / path).write_text(text + "\n")
    status, output, _ = gen("--check")
    assert (status, f"{path} was edited by hand" in output) == (1, True)
    status, _, errors = gen()
    assert status == 2
    assert errors.startswith(f"tradewatch: {path} was edited by hand")
    assert (project / path).read_text() == text + "\n"
    assert gen("--force")[0] is None
    assert (project / path).read_text() == text


@pytest.mark.parametrize("path", [DASHBOARD, RULES, RUNBOOK])
def test_a_removed_file_fails_the_check_and_comes_back(project: Path, gen: Gen, path: Path) -> None:
    text = (project / path).read_text()
    (project / path).unlink()
    status, output, _ = gen("--check")
    assert (status, f"{path} is not up to date" in output) == (1, True)
    gen()
    assert (project / path).read_text() == text


def test_an_orphan_fails_the_check_and_is_deleted(project: Path, gen: Gen) -> None:
    orphan = Path("monitoring/grafana/dashboards/hydra-gone.json")
    (project / orphan).write_text("{}\n")
    manifest = json.loads((project / MANIFEST).read_text())
    manifest["files"][str(orphan)] = digest("{}\n")
    (project / MANIFEST).write_text(json.dumps(manifest))
    status, output, _ = gen("--check")
    assert (status, f"{orphan} is no longer generated" in output) == (1, True)
    gen()
    assert not (project / orphan).exists()


def test_what_is_the_users_own_is_left_alone(project: Path, gen: Gen) -> None:
    own = [
        project / "monitoring/grafana/dashboards/my-own.json",
        project / "monitoring/prometheus/rules/custom/mine.yml",
        project / "docs/runbooks/MyOwn.md",
    ]
    for path in own:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    assert gen("--check")[0] is None
    assert gen("--force")[0] is None
    assert [path.read_text() for path in own] == ["mine"] * 3


def test_the_address_of_the_runbooks_is_kept(project: Path, gen: Gen) -> None:
    gen("--runbooks", "https://example.org/help/")
    assert "https://example.org/help/VelocityTraderDown.md" in (project / RULES).read_text()
    assert (
        "https://example.org/help/VelocityTraderDown.md"
        in (project / "monitoring/grafana/dashboards/velocitytrader-system.json").read_text()
    )
    assert gen("--check")[0] is None
    assert gen()[1].startswith("0 of ")


def test_a_broken_manifest_is_one_sentence(project: Path, gen: Gen) -> None:
    (project / MANIFEST).write_text("[]")
    status, _, errors = gen()
    assert status == 2
    assert errors.startswith("tradewatch: monitoring/.generated.json is not what `tradewatch gen` wrote")
    assert errors.count("\n") == 1


def test_without_the_sdk_one_sentence_says_what_to_install(
    project: Path, gen: Gen, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert project.exists()
    for name in [name for name in sys.modules if name.startswith(("tradewatch.mixin", "grafana_foundation_sdk"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "grafana_foundation_sdk", None)
    status, _, errors = gen()
    assert status == 2
    assert "pip install tradewatch[gen]" in errors
