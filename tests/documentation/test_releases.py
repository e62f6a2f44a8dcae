"""Today's catalogue keeps what the last release and the founding documents promised."""

from pathlib import Path

import pytest

from tests.documentation.releases import CONTRACT, catalogue, newest_release, of_contract, promises, text, write
from tradewatch.catalog.compatibility import breaks, described
from tradewatch.systems import SYSTEMS


def test_the_contract_is_kept() -> None:
    contract = promises(CONTRACT)
    assert breaks(contract, of_contract(catalogue(), contract)) == []


def test_the_newest_release_is_kept() -> None:
    release = newest_release()
    if release is None:
        pytest.skip("there is no release yet")
    assert breaks(promises(release), catalogue()) == []


def test_every_promise_of_the_contract_is_stable_and_says_its_labels() -> None:
    kept = promises(CONTRACT).values()
    assert [each for each in kept if each.get("stability") != "stable" or "labels" not in each] == []


def test_a_label_beyond_the_contract_is_no_break_and_a_missing_one_is() -> None:
    metric = next(metric for metric in SYSTEMS[0].metrics if len(metric.labels) > 1)
    today, name = described([metric]), metric.name
    first, *_, last = metric.labels
    for labels, sentences in (([first], []), ([*metric.labels, "venue"], [f"{name} lost the label venue"])):
        contract = {name: today[name] | {"labels": labels, "closed": {}, "stability": "stable"}}
        found = breaks(contract, of_contract(today, contract))
        assert [each for each in found if "label" in each] == sentences
    assert last not in of_contract(today, {name: today[name] | {"labels": [first]}})[name]["labels"]


def test_a_release_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = write("1.10.0", tmp_path)
    assert promises(path) == catalogue()
    assert path.read_text() == text(catalogue())


def test_the_newest_release_is_the_one_with_the_highest_number(tmp_path: Path) -> None:
    assert newest_release(tmp_path) is None
    for version in ("1.9.0", "1.10.0", "1.2.11"):
        write(version, tmp_path)
    (tmp_path / "contract.json").write_text("{}")
    assert newest_release(tmp_path) == tmp_path / "1.10.0.json"


def test_a_release_is_described_once_and_by_its_number(tmp_path: Path) -> None:
    write("1.0.0", tmp_path)
    with pytest.raises(SystemExit, match=r"1\.0\.0\.json is there already"):
        write("1.0.0", tmp_path)
    with pytest.raises(SystemExit, match="next is no version"):
        write("next", tmp_path)
