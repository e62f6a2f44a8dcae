"""What a run of VelocityPTrader tells, beside what every system does (tests/contract/test_systems.py)."""

import json
from typing import Any

import pytest

from tests.support.runs import feed_of, traded
from tradewatch.ledger import Row


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    return traded(tmp_path_factory.mktemp("whole") / "v.db", feed_of(0.25))


def of_kind(found: list[Row], kind: str) -> list[dict[str, Any]]:  # Any: JSON
    return [json.loads(row.body) for row in found if row.kind == kind]


def test_both_agents_trade(whole: list[Row]) -> None:
    assert {body["agent"] for body in of_kind(whole, "trade_opened")} == {"berserker", "sniper"}
    assert {body["timeframe"] for body in of_kind(whole, "trade_opened")} >= {"M1", "M5", "M15"}


def test_nobody_says_how_long_a_cycle_took_for_real_durations_differ(whole: list[Row]) -> None:
    assert not any("cycle_seconds" in body for body in of_kind(whole, "heartbeat"))
