"""The page about recording names everything there is, and its examples run."""

import ast
import inspect
import re
from pathlib import Path

import pytest

from tests.support.ledgers import kinds
from tradewatch import Recorder
from tradewatch.facts import KIND_OF
from tradewatch.ledger import Durability

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/recording.md").read_text()
TOLD_BY_THE_RECORDER = {"run_started", "run_ended", "facts_dropped", "facts_refused"}
NAMED = set(re.findall(r"`(?:record\.)?([a-z_]+)(?:\([^`]*\))?`", PAGE))


def test_every_kind_of_fact_is_named() -> None:
    assert set(KIND_OF.values()) - NAMED == set()


def test_every_method_and_property_is_named() -> None:
    assert {name for name in dir(Recorder) if not name.startswith("_")} - NAMED == set()


def test_every_argument_is_named() -> None:
    assert set(inspect.signature(Recorder).parameters) - NAMED == set()


@pytest.mark.parametrize("durability", Durability)
def test_every_durability_is_named(durability: Durability) -> None:
    assert f'`"{durability}"`' in PAGE


def _reasons() -> set[str]:
    """Return the reasons in the code: the words that are given to objections and to what is dropped."""
    places = [ROOT / "src/tradewatch/facts/validity.py", *(ROOT / "src/tradewatch/recorder").glob("*.py")]
    calls = [node for place in places for node in ast.walk(ast.parse(place.read_text())) if isinstance(node, ast.Call)]
    words = {
        argument.value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in {"Objection", "_refuse", "_Broken"}
        for argument in ast.walk(call)
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }
    reasons = {word for word in words if re.fullmatch(r"[a-z_]+", word)} - {"unknown"}
    return reasons | {"queue_full", "not_written", "closed"}


def test_every_reason_is_named() -> None:
    assert {"not_finite", "conflicting"} < _reasons()
    assert _reasons() - NAMED == set()


def test_no_reason_is_named_that_is_none() -> None:
    rows = re.findall(
        r"^\| ((?:`[a-z_]+`(?:, )?)+) \| (?:is|has|was|could|contradicts|found|still) ", PAGE, re.MULTILINE
    )
    named = {name for row in rows for name in re.findall(r"`([a-z_]+)`", row)}
    assert named == _reasons()


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for example in re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL):
        exec(compile(example, "recording.md", "exec"), names)  # noqa: S102 - our own documentation
    record = names["record"]
    assert isinstance(record, Recorder)
    record.close()
    assert record.refused == record.dropped == {}
    told = ["run_started", "trade_closed", "risk_acted", "trade_corrected", "trade_voided", "run_ended"]
    assert kinds(tmp_path / "bot.db") == told
