"""What a run of HYDRA tells fits together: votes and trades, and what its guardian allows with what is traded."""

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support.runs import HYDRA, MINUTE, START, KilledError, SlowWatch, killed_at, told
from tradewatch.facts import VotesCast
from tradewatch.ledger import Row, SqliteAppender, to_microseconds
from tradewatch.market.instruments import CRYPTO
from tradewatch.market.simulated import SimulatedFeed
from tradewatch.systems.hydra.guardian.limits import GuardianLimits
from tradewatch.systems.running import runtime

A_MINUTE = 60 * 10**6
HALF_A_CENT = 0.005


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commit once in some cycles, however fast they are."""
    monkeypatch.setattr(runtime, "time", SlowWatch(looks=20))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """Return half a day of all assets."""
    feed = SimulatedFeed(CRYPTO, seed=3, start=START, days=0.5, warm_up=HYDRA.warm_up)
    return HYDRA.traded(tmp_path_factory.mktemp("day") / "h.db", feed)


def of_kind(found: Sequence[Row], kind: str) -> list[dict[str, Any]]:  # Any: JSON
    return [json.loads(row.body) for row in found if row.kind == kind]


def rounds(found: Sequence[Row]) -> dict[str, VotesCast]:
    cast = [msgspec.json.decode(row.body, type=VotesCast) for row in found if row.kind == "votes_cast"]
    assert len({each.round_id for each in cast}) == len(cast)
    return {each.round_id: each for each in cast}


def require_that_votes_and_trades_are_joined(found: Sequence[Row]) -> None:
    cast, opened = rounds(found), {each["trade_id"]: each for each in of_kind(found, "trade_opened")}
    for trade_id, trade in opened.items():
        voted = cast[trade["round_id"]]
        assert (voted.trade_id, voted.asset, voted.decision) == (trade_id, trade["asset"], trade["direction"])
        agreeing = [vote for vote in voted.votes if vote.stance == voted.decision]
        leading = max(agreeing, key=lambda vote: (vote.weight or 0.0) * (vote.confidence or 0.0))
        assert (leading.engine, leading.confidence) == (trade["engine"], trade["confidence"])
        assert voted.size_multiplier == len(agreeing) / 4
    claimed = Counter(each.trade_id for each in cast.values() if each.trade_id is not None)
    assert set(claimed.values()) == {1}
    closed, scored = of_kind(found, "trade_closed"), of_kind(found, "votes_scored")
    assert Counter(each["trade_id"] for each in scored) == Counter(each["trade_id"] for each in closed)
    for each in scored:
        assert opened[each["trade_id"]]["round_id"] == each["round_id"]
    newest = max(row.time for row in found)
    waits = {row.id for row in found if row.kind == "votes_cast" and row.time == newest}
    never = [each for each in cast.values() if each.trade_id is not None and each.trade_id not in opened]
    assert all(each.identity in waits for each in never)


def test_every_trade_has_its_round_and_every_round_that_led_to_one_is_scored_once(found: list[Row]) -> None:
    require_that_votes_and_trades_are_joined(found)
    assert len(of_kind(found, "votes_scored")) > 20


def test_that_is_so_of_a_run_that_was_killed_again_and_again(found: list[Row], tmp_path: Path) -> None:
    def feed() -> SimulatedFeed:
        return SimulatedFeed(CRYPTO, seed=3, start=START, days=0.5, warm_up=HYDRA.warm_up)

    for hours in range(1, 12):
        with closing(SqliteAppender(tmp_path / "h.db")) as appender, pytest.raises(KilledError):
            HYDRA.runtime(appender, feed(), on_commit=killed_at(START + timedelta(hours=hours))).run()
    again = HYDRA.traded(tmp_path / "h.db", feed())
    require_that_votes_and_trades_are_joined(again)
    assert told(again) == told(found)


def equity_at(found: Sequence[Row]) -> dict[int, float]:
    """Return the equity that was known at each minute."""
    newest, known = 10_000.0, {}
    for row in found:
        if row.kind == "equity_marked":
            newest = json.loads(row.body)["equity"]
        known[row.time] = newest
    return known


def test_no_trade_risks_more_than_a_hundredth_and_the_cut_size_is_the_one_that_is_traded(found: list[Row]) -> None:
    known, cuts = equity_at(found), Counter[str]()
    cut = {
        (body["detail"], body["reason"]): body["size_multiplier"]
        for body in of_kind(found, "risk_acted")
        if body["reason"] in {"correlation", "risk_per_trade"}
    }
    for row in found:
        if row.kind != "trade_opened":
            continue
        trade = json.loads(row.body)
        equity = known[row.time - A_MINUTE]
        distance = abs(trade["entry_reference_price"] - trade["stop"])
        unit = 10.0 ** -CRYPTO[trade["asset"]].digits
        allowed = 0.01 * equity * (1 + unit / distance)  # a stop is rounded to the asset's digits
        assert trade["quantity"] * distance <= allowed
        if (multiplier := cut.get((trade["trade_id"], "correlation"))) is not None:
            cuts["correlation"] += 1
            assert multiplier == 0.5
            assert trade["quantity"] * trade["entry_reference_price"] <= 0.5 * equity + HALF_A_CENT
        if (trade["trade_id"], "risk_per_trade") in cut:
            cuts["risk_per_trade"] += 1
    assert cuts["correlation"] > 5
    assert cuts["risk_per_trade"] > 0


def test_never_more_than_three_positions_are_open_and_a_fourth_is_refused(found: list[Row]) -> None:
    held: set[str] = set()
    most = 0
    for row in found:
        body = json.loads(row.body)
        if row.kind == "trade_opened":
            held.add(body["trade_id"])
        elif row.kind == "trade_closed":
            held.discard(body["trade_id"])
        most = max(most, len(held))
    assert most == 3
    assert "position_limit" in {body["reason"] for body in of_kind(found, "order_refused")}


def test_what_is_refused_again_and_again_is_told_once_an_hour(found: list[Row]) -> None:
    last: dict[tuple[str, str], int] = {}
    for row in found:
        if row.kind == "order_refused":
            body = json.loads(row.body)
            kind = body["asset"], body["reason"]
            assert row.time - last.get(kind, 0) >= 60 * A_MINUTE
            last[kind] = row.time


ROOMY: dict[str, Any] = {"daily_loss": 0.9, "daily_drawdown": 0.9, "drawdown": 0.9, "losses_to_pause": 1_000_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """A halt: the limits that bring it, the actions that begin and end it, why it ends, and how long it lasts."""

    limits: GuardianLimits
    begins: str
    ends: str
    reason: str
    why: str
    days: float = 0.4
    lasts: timedelta | None = None


HOURS = timedelta(hours=2)
HALTS = {
    "daily_loss": Halt(
        limits=GuardianLimits(**ROOMY | {"daily_loss": 0.001}),
        begins="halt",
        ends="resume",
        reason="daily_loss",
        why="new_day",
        days=1.1,
    ),
    "emergency": Halt(
        limits=GuardianLimits(**ROOMY | {"daily_drawdown": 0.002, "emergency": HOURS}),
        begins="emergency_on",
        ends="emergency_off",
        reason="daily_drawdown",
        why="pause_over",
        lasts=HOURS,
    ),
    "kill_switch": Halt(
        limits=GuardianLimits(**ROOMY | {"drawdown": 0.002, "kill_switch_pause": HOURS}),
        begins="kill_switch_on",
        ends="kill_switch_off",
        reason="drawdown",
        why="pause_over",
        lasts=HOURS,
    ),
    "losses_in_a_row": Halt(
        limits=GuardianLimits(**ROOMY | {"losses_to_reduce": 1, "losses_to_pause": 2, "pause": HOURS}),
        begins="halt",
        ends="resume",
        reason="losses_in_a_row",
        why="pause_over",
        lasts=HOURS,
    ),
}


@pytest.mark.parametrize("name", HALTS)
def test_a_halt_lets_nothing_be_traded_survives_a_kill_and_trading_goes_on_after_it(name: str, tmp_path: Path) -> None:
    halt = HALTS[name]
    whole = HYDRA.traded(tmp_path / "whole.db", HYDRA.feed(halt.days), limits=halt.limits)
    acted = [(row.time, json.loads(row.body)) for row in whole if row.kind == "risk_acted"]
    begun = next(time for time, body in acted if (body["action"], body["reason"]) == (halt.begins, halt.reason))
    ended = next(
        time for time, body in acted if (body["action"], body["reason"]) == (halt.ends, halt.why) and time > begun
    )
    due = START + timedelta(days=1) if halt.lasts is None else START + (begun - to_microseconds(START)) / 1e6 * _SECOND
    assert ended == to_microseconds(due + (halt.lasts or timedelta(0)))
    opened = [row.time for row in whole if row.kind == "trade_opened"]
    assert [time for time in opened if begun + A_MINUTE < time <= ended] == []
    assert [time for time in opened if time > ended] != []
    assert halt.reason in {
        json.loads(row.body)["reason"] for row in whole if row.kind == "order_refused" and begun <= row.time < ended
    }
    require_that_a_kill_is_not_noticed(halt, tmp_path / "h.db", begun, whole)


_SECOND = timedelta(seconds=1)


def require_that_a_kill_is_not_noticed(halt: Halt, path: Path, begun: int, whole: list[Row]) -> None:
    moment = START + (begun - to_microseconds(START)) / 1e6 * _SECOND + 10 * MINUTE
    with closing(SqliteAppender(path)) as appender, pytest.raises(KilledError):
        HYDRA.runtime(appender, HYDRA.feed(halt.days), limits=halt.limits, on_commit=killed_at(moment)).run()
    assert told(HYDRA.traded(path, HYDRA.feed(halt.days), limits=halt.limits)) == told(whole)
