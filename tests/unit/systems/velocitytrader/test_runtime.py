"""A run: repeatable, stopped, killed, gone on with, and cut off from its ledger or its terminal."""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.support.ledgers import rows
from tests.support.perturbed import Perturbed
from tests.support.runs import FEW, START, feed_of, run_of, traded
from tradewatch.errors import ConfigurationError, SourceError
from tradewatch.ledger import Row, SqliteAppender, to_microseconds
from tradewatch.market.clock import SimulatedClock
from tradewatch.market.simulated import SimulatedFeed
from tradewatch.market.terminal import Outages
from tradewatch.systems.releases import release
from tradewatch.systems.running import Kept, runtime
from tradewatch.systems.velocitytrader.assembly import SYSTEM
from tradewatch.systems.velocitytrader.risk import Limits

MINUTE = timedelta(minutes=1)


class KilledError(Exception):
    """Stands for kill -9: nothing that comes after it is done."""


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commit after every cycle, so that a run can be killed anywhere."""
    monkeypatch.setattr(runtime, "_BETWEEN_COMMITS", 0.0)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    return traded(tmp_path_factory.mktemp("whole") / "v.db", feed_of(0.25))


def told(found: list[Row]) -> list[tuple[int, str, str, str]]:
    return [(row.time, row.kind, row.id, row.body) for row in found]


def of_kind(found: list[Row], kind: str) -> list[dict[str, Any]]:  # Any: JSON
    return [json.loads(row.body) for row in found if row.kind == kind]


def killed_at(moment: datetime) -> Callable[[datetime], None]:
    def kill(reached: datetime) -> None:
        if reached >= moment:
            raise KilledError

    return kill


def test_both_agents_trade(whole: list[Row]) -> None:
    assert {body["agent"] for body in of_kind(whole, "trade_opened")} == {"berserker", "sniper"}
    assert {body["timeframe"] for body in of_kind(whole, "trade_opened")} >= {"M1", "M5", "M15"}


def test_facts_are_told_in_order_of_time_and_each_once(whole: list[Row]) -> None:
    assert all(before.time <= after.time for before, after in pairwise(whole))
    assert len({row.id for row in whole}) == len(whole)


def test_a_run_says_what_it_is_and_that_it_is_over(whole: list[Row]) -> None:
    (started,), (ended,) = of_kind(whole, "run_started"), of_kind(whole, "run_ended")
    assert (started["mode"], started["currency"], started["starting_equity"]) == ("simulated", "USD", 10_000.0)
    assert ended["run_id"] == started["run_id"]


def test_there_is_a_bar_of_every_symbol_and_a_heartbeat_in_every_minute(whole: list[Row]) -> None:
    minutes = [row for row in whole if row.kind == "bar_closed" and row.id.split("/")[2] == "M1"]
    assert Counter(json.loads(row.body)["asset"] for row in minutes) == dict.fromkeys(FEW, 360)
    assert len(of_kind(whole, "heartbeat")) == 360
    assert not any("cycle_seconds" in body for body in of_kind(whole, "heartbeat"))  # real durations differ


def test_the_same_seed_makes_the_same_facts(whole: list[Row], tmp_path: Path) -> None:
    assert told(traded(tmp_path / "v.db", feed_of(0.25))) == told(whole)


@pytest.mark.parametrize("minute", [1, 211, 359, 360])
def test_a_killed_run_goes_on_as_if_nothing_had_happened(whole: list[Row], tmp_path: Path, minute: int) -> None:
    path = tmp_path / "v.db"
    with closing(SqliteAppender(path)) as appender, pytest.raises(KilledError):
        run_of(appender, feed_of(0.25), on_commit=killed_at(START + minute * MINUTE)).run()
    assert rows(path, SYSTEM)[-1].time == to_microseconds(START + minute * MINUTE)
    assert told(traded(path, feed_of(0.25))) == told(whole)


def test_a_run_that_was_killed_again_and_again_goes_on(whole: list[Row], tmp_path: Path) -> None:
    path = tmp_path / "v.db"
    for minute in range(60, 360, 71):
        with closing(SqliteAppender(path)) as appender, pytest.raises(KilledError):
            run_of(appender, feed_of(0.25), on_commit=killed_at(START + minute * MINUTE)).run()
    assert told(traded(path, feed_of(0.25))) == told(whole)


def test_a_stopped_run_says_so_and_the_next_one_is_another(whole: list[Row], tmp_path: Path) -> None:
    path, clock = tmp_path / "v.db", SimulatedClock(START)
    stop_at = START + 150 * MINUTE
    with closing(SqliteAppender(path)) as appender:
        run_of(
            appender, feed_of(0.25), clock=clock, on_commit=lambda now: clock.stop() if now >= stop_at else None
        ).run()
    assert of_kind(rows(path, SYSTEM), "run_ended")[0]["reason"] == "stopped"
    found = traded(path, feed_of(0.25))
    assert len({body["run_id"] for body in of_kind(found, "run_started")}) == 2
    of_runs = {"run_started", "run_ended"}
    assert [each for each in told(found) if each[1] not in of_runs] == [
        each for each in told(whole) if each[1] not in of_runs
    ]


def test_a_run_that_is_over_is_not_begun_again(whole: list[Row], tmp_path: Path) -> None:
    path = tmp_path / "v.db"
    traded(path, feed_of(0.25))
    assert told(traded(path, feed_of(0.25))) == told(whole)


def test_more_days_go_on_from_the_last_one(whole: list[Row], tmp_path: Path) -> None:
    path = tmp_path / "v.db"
    traded(path, feed_of(0.125))
    found = traded(path, feed_of(0.25))
    of_runs = {"run_started", "run_ended"}
    assert [each for each in told(found) if each[1] not in of_runs] == [
        each for each in told(whole) if each[1] not in of_runs
    ]


def test_what_comes_later_changes_nothing_before(whole: list[Row], tmp_path: Path) -> None:
    longer = traded(tmp_path / "v.db", feed_of(0.3))
    end = to_microseconds(START + timedelta(days=0.25))
    before = [each for each in told(longer) if each[0] <= end]
    assert before == [each for each in told(whole) if each[1] != "run_ended"]


@pytest.mark.parametrize("minute", [95, 240])
def test_other_prices_later_change_nothing_before(whole: list[Row], tmp_path: Path, minute: int) -> None:
    moment = START + minute * MINUTE
    found = told(traded(tmp_path / "v.db", Perturbed(feed_of(0.25), after=moment)))
    reached = to_microseconds(moment)
    assert [each for each in found if each[0] <= reached] == [each for each in told(whole) if each[0] <= reached]
    assert [each for each in found if each[0] > reached] != [each for each in told(whole) if each[0] > reached]


def test_a_run_of_other_parameters_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "v.db"
    traded(path, feed_of(0.01))
    with closing(SqliteAppender(path)) as appender:
        kept = Kept(appender.kept(SYSTEM), "v.db")
    with pytest.raises(ConfigurationError, match=r"the ledger v\.db holds a run with --seed None: give the same"):
        kept.require({"--seed": "8"})


def test_a_ledger_that_cannot_be_written_is_tried_again_and_nothing_is_lost(
    whole: list[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, append, tries = tmp_path / "v.db", SqliteAppender.append, Counter[str]()

    def failing(appender: SqliteAppender, *args: Any) -> Any:  # Any: as the real one has it
        tries["all"] += 1
        if 200 <= tries["all"] < 260:
            message = "the disk is full: free some space"
            raise SourceError(message)
        return append(appender, *args)

    monkeypatch.setattr(SqliteAppender, "append", failing)
    found = traded(path, feed_of(0.25))
    assert [body["message"] for body in of_kind(found, "error_occurred")] == ["the disk is full: free some space"]
    beats = [row.time for row in found if row.kind == "heartbeat"]
    assert beats == [row.time for row in whole if row.kind == "heartbeat"]
    assert all(before.time <= after.time for before, after in pairwise(found))
    taken = [row for row in found if row.kind == "signal_given" and json.loads(row.body)["taken"]]
    unwritten = range(to_microseconds(START + 200 * MINUTE), to_microseconds(START + 259 * MINUTE))
    assert not [row for row in taken if row.time in unwritten]


def test_facts_that_a_ledger_refuses_are_counted_in_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    begin = datetime(1969, 12, 31, 23, 59, tzinfo=UTC)  # a ledger takes no fact of that year
    found = traded(tmp_path / "v.db", SimulatedFeed(FEW, seed=3, start=begin, days=0.01, warm_up=timedelta(hours=1)))
    refused = {(body["fact_kind"], body["reason"]): body["count"] for body in of_kind(found, "facts_refused")}
    assert refused == {("run_started", "implausible_time"): 1, ("connection_changed", "implausible_time"): 1}
    assert "1 facts run_started were refused as implausible_time" in caplog.text


def test_a_ledger_that_was_deleted_ends_the_run(tmp_path: Path) -> None:
    path = tmp_path / "v.db"

    def delete(now: datetime) -> None:
        if now >= START + 5 * MINUTE:
            path.unlink(missing_ok=True)

    with closing(SqliteAppender(path)) as appender, pytest.raises(SourceError, match="deleted or replaced"):
        run_of(appender, feed_of(0.25), on_commit=delete).run()


@pytest.fixture(scope="module")
def cut_off(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    outage = (START + timedelta(hours=2), START + timedelta(hours=2, minutes=10))
    return traded(tmp_path_factory.mktemp("cut") / "v.db", feed_of(0.2), outages=Outages(scheduled=(outage,)))


def test_without_a_terminal_nothing_is_traded(cut_off: list[Row]) -> None:
    gone = to_microseconds(START + timedelta(hours=2))
    back = next(row.time for row in cut_off if row.kind == "connection_changed" and row.time > gone and _is_up(row))
    assert gone < back <= gone + 15 * 60 * 10**6
    kinds = {row.kind for row in cut_off if gone <= row.time < back}
    assert kinds <= {"connection_changed", "error_occurred", "heartbeat", "learning_stepped"}


def _is_up(row: Row) -> bool:
    return bool(json.loads(row.body)["connected"])


def test_tries_to_reconnect_are_told_and_come_ever_more_seldom(cut_off: list[Row]) -> None:
    tries = [row.time for row in cut_off if row.kind == "connection_changed" and json.loads(row.body).get("attempt")]
    waits = [after - before for before, after in pairwise(tries[1:-1])]
    assert len(waits) > 5
    assert waits == sorted(waits)


def test_a_release_ends_the_halt_of_the_drawdown_limit(tmp_path: Path) -> None:
    path = tmp_path / "v.db"
    strict = Limits(drawdown=1e-4, daily_loss=0.9)
    halted_at: list[datetime] = []

    def release_later(now: datetime) -> None:
        found = [row for row in rows(path, SYSTEM) if row.kind == "risk_acted"]
        if found and not halted_at:
            halted_at.append(now)
        if halted_at and now == halted_at[0] + 30 * MINUTE:
            with closing(SqliteAppender(path)) as other:
                other.append([release(now, "tried")], SYSTEM)

    with closing(SqliteAppender(path)) as appender:
        run_of(appender, feed_of(0.25), limits=strict, on_commit=release_later).run()
    acted = [(body["action"], body["reason"]) for body in of_kind(rows(path, SYSTEM), "risk_acted")]
    assert acted[:3] == [("kill_switch_on", "drawdown"), ("kill_switch_off", "reset"), ("kill_switch_on", "drawdown")]
