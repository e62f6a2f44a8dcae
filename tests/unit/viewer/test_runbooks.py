"""Alerts and panels link to runbooks, which are there and are nothing else."""

from pathlib import Path

import pytest

from tests.support.viewers import viewing

ROOT = Path(__file__).parents[3]


def test_a_runbook_is_told_as_it_stands_in_the_documentation(tmp_path: Path) -> None:
    with viewing(tmp_path, runbooks=ROOT / "docs/runbooks") as client:
        told = client.get("/viewer/runbooks/HydraDown").json()["text"]
    assert told == (ROOT / "docs/runbooks/HydraDown.md").read_text()


@pytest.mark.parametrize(
    "name", ["NoSuchAlert", "..%2Falerts", "%2e%2e%2f%2e%2e%2fREADME", "HydraDown.md", "a b", "x" * 90]
)
def test_nothing_but_runbooks_is_told(tmp_path: Path, name: str) -> None:
    with viewing(tmp_path, runbooks=ROOT / "docs/runbooks") as client:
        answer = client.get(f"/viewer/runbooks/{name}")
    assert (answer.status_code, "problem" in answer.json()) == (404, True)


def test_without_runbooks_there_are_none(tmp_path: Path) -> None:
    with viewing(tmp_path) as client:
        assert client.get("/viewer/runbooks/HydraDown").status_code == 404
