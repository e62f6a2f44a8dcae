from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tradewatch.catalog import Kind, Metric, Stability, Unit, concepts
from tradewatch.catalog.compatibility import breaks, described
from tradewatch.systems import SYSTEMS, System

STABLE = Metric(
    name="bot_votes_total",
    concept=concepts.ERRORS,
    kind=Kind.COUNTER,
    unit=Unit.COUNT,
    help="Votes",
    labels=("engine", "stance"),
    closed={"stance": ("BUY", "SELL")},
    stability=Stability.STABLE,
)


def broken(**changes: Any) -> list[str]:
    return breaks(described([STABLE]), described([replace(STABLE, **changes)]))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "bot_ballots_total"}, "bot_votes_total is gone"),
        ({"kind": Kind.GAUGE}, "bot_votes_total was a counter and is a gauge"),
        ({"unit": Unit.PERCENT}, "bot_votes_total was in the unit count and is in percent"),
        ({"labels": ("engine", "stance", "asset")}, "bot_votes_total gained the label asset"),
        ({"labels": ("stance",)}, "bot_votes_total lost the label engine"),
        ({"labels": ("engine",), "closed": {}}, "bot_votes_total lost the label stance"),
        ({"closed": {"stance": ("BUY", "HOLD")}}, "bot_votes_total lost the value SELL of its label stance"),
        ({"stability": Stability.DEVELOPMENT}, "bot_votes_total was stable and is in development"),
    ],
)
def test_each_broken_promise_is_one_sentence(changes: Mapping[str, Any], sentence: str) -> None:
    assert broken(**changes) == [sentence]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"labels": ("stance", "engine")},
        {"closed": {"stance": ("HOLD", "SELL", "BUY")}},
        {"help": "Votes cast"},
    ],
    ids=["equal", "other order of labels", "a further value", "other words"],
)
def test_what_nobody_relies_on_may_change(changes: Mapping[str, Any]) -> None:
    assert broken(**changes) == []


def test_a_label_that_was_closed_and_is_open_lost_its_values() -> None:
    assert broken(closed={}) == [
        f"bot_votes_total lost the value {each} of its label stance" for each in ("BUY", "SELL")
    ]


def test_a_unit_that_is_scaled_otherwise_is_a_break() -> None:
    before, after = described([STABLE]), described([STABLE])
    after["bot_votes_total"]["scale"] = 100.0
    assert breaks(before, after) == ["bot_votes_total was scaled by 1 and is by 100"]


def test_a_metric_in_development_may_vanish_and_a_new_one_may_come() -> None:
    before = described([replace(STABLE, stability=Stability.DEVELOPMENT)])
    assert breaks(before, {}) == []
    assert breaks({}, described([STABLE])) == []


def test_becoming_stable_breaks_nothing() -> None:
    assert breaks(described([replace(STABLE, stability=Stability.DEVELOPMENT)]), described([STABLE])) == []


def test_what_a_description_leaves_out_is_not_promised() -> None:
    assert breaks({"bot_votes_total": {"stability": "stable"}}, described([STABLE])) == []


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_a_catalogue_keeps_its_own_promises(system: System) -> None:
    assert breaks(described(system.metrics), described(system.metrics)) == []
