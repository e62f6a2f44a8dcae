"""A folder of dashboards: what is dropped in appears, and a broken file harms no other."""

import json
from pathlib import Path

import pytest

from tests.support.viewers import viewing
from tradewatch.viewer.dashboards import DashboardFolder


def write(folder: Path, name: str, **content: object) -> None:
    (folder / name).write_text(json.dumps({"panels": [], **content}))


def test_a_file_that_is_dropped_in_appears_and_one_that_is_deleted_goes(tmp_path: Path) -> None:
    folder = DashboardFolder([tmp_path])
    assert folder.listed() == []
    write(tmp_path, "a.json", uid="mine", title="Mine", tags=["hydra"])
    assert [(each.uid, each.title, each.group) for each in folder.listed()] == [("mine", "Mine", "HYDRA")]
    write(tmp_path, "a.json", uid="mine", title="Renamed by its owner")
    assert [each.title for each in folder.listed()] == ["Renamed by its owner"]
    (tmp_path / "a.json").unlink()
    assert folder.listed() == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "it is no JSON"),
        ("[]", "it is no object with panels"),
        ('{"panels": {}}', "its panels are no list"),
        ('{"panels": [{}]}', "its panels are no list"),
        ("[" * 100_000, "it is no JSON"),
    ],
)
def test_a_broken_file_says_so_and_harms_no_other(content: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text(content)
    write(tmp_path, "whole.json", uid="whole")
    folder = DashboardFolder([tmp_path])
    problems = {each.uid: each.problem for each in folder.listed()}
    assert problems["whole"] is None
    assert problems["broken"] is not None
    assert sentence in problems["broken"]
    assert folder.content("whole") is not None
    assert folder.content("broken") is None


def test_of_two_with_one_uid_the_second_says_so(tmp_path: Path) -> None:
    write(tmp_path, "a.json", uid="same", title="first")
    write(tmp_path, "b.json", uid="same", title="second")
    first, second = sorted(DashboardFolder([tmp_path]).listed(), key=lambda each: each.title)
    assert first.problem is None
    assert second.problem is not None
    assert "same" in second.problem


def test_dashboards_stand_in_the_order_of_their_own_links(tmp_path: Path) -> None:
    order = ["z", "a", "m"]
    for uid in order:
        links = [{"url": f"/d/{other}"} for other in order if other != uid]
        write(tmp_path, f"{uid}.json", uid=uid, title=uid, links=links)
    assert [each.uid for each in DashboardFolder([tmp_path]).listed()] == order


def test_the_file_arrives_byte_for_byte(tmp_path: Path) -> None:
    with viewing(tmp_path) as client:
        write(tmp_path / "dashboards", "a.json", uid="a", title="Ä")
        assert client.get("/viewer/dashboards/a").content == (tmp_path / "dashboards" / "a.json").read_bytes()
        (tmp_path / "dashboards" / "b.json").write_text("{")
        assert "b.json cannot be drawn" in client.get("/viewer/dashboards/b").json()["problem"]
        assert client.get("/viewer/dashboards/none").status_code == 404
