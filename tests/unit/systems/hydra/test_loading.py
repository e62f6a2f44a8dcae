"""Engines of other distributions: one that works, and those that must not harm the others; docs/engines.md is true."""

import re
import subprocess
import sys
from collections import Counter
from importlib.metadata import EntryPoint, distribution
from pathlib import Path

import pytest

from tests.unit.systems.hydra.markets import bars, views
from tradewatch.facts import Stance
from tradewatch.indicators import Bands
from tradewatch.regimes import TrendReadings, TrendRegime
from tradewatch.systems.hydra.consensus import consensus
from tradewatch.systems.hydra.engines import BUILT_IN, GROUP, MarketView, ballot, engines

ROOT = Path(__file__).parents[4]
PLUG_IN = ROOT / "tests/support/engine_plug_in"
FAULTY = PLUG_IN / "faulty"
PAGE = (ROOT / "docs/engines.md").read_text(encoding="utf-8")


def test_there_are_four_engines_of_its_own() -> None:
    assert list(engines(()).engines) == ["A", "B", "C", "D"]
    assert engines(()).errors == ()


def test_an_installed_distribution_brings_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(PLUG_IN)
    found, errors = engines()
    assert (list(found), errors) == (["A", "B", "C", "D", "NIGHT"], ())
    votes = Counter(found["NIGHT"].vote(seen).direction for seen in views(bars("BTC-USD")))
    assert set(votes) == set(Stance)
    held = next(held for held in (ballot(found, seen) for seen in views(bars("BTC-USD"))) if len(held.votes) == 5)
    assert consensus(held.votes, dict.fromkeys(found, 20.0)).size in {0.0, 0.4, 0.6, 0.8, 1.0}


def test_each_faulty_plug_in_is_one_error_and_the_others_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(FAULTY)
    monkeypatch.syspath_prepend(PLUG_IN)
    found, errors = engines()
    assert list(found) == ["A", "B", "C", "D", "NIGHT"]  # a faulty one does not take the name from one that works
    assert type(found["A"]) is BUILT_IN["A"]
    told = {error.component: error.message for error in errors}
    of = "of tradewatch-faulty is left out:"
    assert told == {
        "engine/A": f"engine A (night_watch:NightWatch) {of} ValueError: its name is taken: "
        "give the entry point another one",
        "engine/EXIT": f"engine EXIT (faulty_engines:Leaving) {of} SystemExit: set MODEL_KEY first",
        "engine/GONE": f"engine GONE (no_such_module:Engine) {of} ModuleNotFoundError: "
        "No module named 'no_such_module'",
        "engine/MISSPELT": f"engine MISSPELT (faulty_engines:Votless) {of} AttributeError: "
        "module 'faulty_engines' has no attribute 'Votless'",
        "engine/NIGHT": f"engine NIGHT (faulty_engines:Voteless) {of} TypeError: it makes something without "
        "a method vote(market): name a class that has one",
        "engine/UNMADE": f"engine UNMADE (faulty_engines:Unmade) {of} RuntimeError: no key for the model",
        "engine/VOTELESS": f"engine VOTELESS (faulty_engines:Voteless) {of} TypeError: it makes something without "
        "a method vote(market): name a class that has one",
    }
    assert {error.type for error in errors} == {"faulty_engine"}


def test_of_two_with_one_name_the_second_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(PLUG_IN)
    twice = [EntryPoint("NIGHT", "night_watch:NightWatch", GROUP)] * 2
    found, errors = engines(twice)
    assert "NIGHT" in found
    assert [error.message.split(" is left out")[0] for error in errors] == ["engine NIGHT (night_watch:NightWatch)"]


def test_no_plug_in_is_imported_by_importing_the_engines() -> None:
    code = (
        f"import sys; sys.path[:0] = [{str(PLUG_IN)!r}]; import tradewatch.systems.hydra.engines; print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "night_watch" not in done.stdout.split()


def test_the_example_in_the_documentation_is_the_one_that_is_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    assert code == (PLUG_IN / "night_watch.py").read_text(encoding="utf-8")
    monkeypatch.syspath_prepend(PLUG_IN)
    (offered,) = distribution("tradewatch-night-watch").entry_points
    assert f'[project.entry-points."{offered.group}"]\n{offered.name} = "{offered.value}"\n' in PAGE


def first_cells(heading: str) -> list[str]:
    table = PAGE.split(f"| {heading} |")[1].split("\n\n")[0]
    return [name for line in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", line.split("|")[1])]


def test_every_engine_and_everything_that_one_sees_is_in_the_documentation() -> None:
    assert first_cells("engine") == list(BUILT_IN)
    assert sorted(first_cells("of `market`")) == sorted([*MarketView._fields, "close"])
    named = set(re.findall(r"`(\w+)`", PAGE))
    assert {*TrendReadings._fields, *Bands._fields, *TrendRegime} <= named
