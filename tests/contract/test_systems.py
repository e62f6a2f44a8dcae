"""What every system passes: repeatable, killed, stopped, gone on with, cut off from its ledger or its terminal."""

import http.client
import json
import math
import threading
from collections import Counter
from contextlib import closing
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.support.exporters import serving
from tests.support.ledgers import rows
from tests.support.perturbed import Perturbed
from tests.support.runs import MINUTE, START, TRIALS, KilledError, SlowWatch, Trial, killed_at, told
from tradewatch.errors import ConfigurationError, SourceError
from tradewatch.exporter import AsOf, Format, MetricsServer, Service
from tradewatch.ledger import Row, SqliteAppender, to_microseconds
from tradewatch.market.clock import SimulatedClock
from tradewatch.market.simulated import SimulatedFeed
from tradewatch.market.terminal import Outages
from tradewatch.stack.ports import LOOPBACK
from tradewatch.systems.releases import release
from tradewatch.systems.running import Kept, runtime

OF_RUNS = {"run_started", "run_ended"}


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commit once in some cycles, however fast they are."""
    monkeypatch.setattr(runtime, "time", SlowWatch())


@pytest.fixture
def every_cycle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commit after every cycle, so that a run can be killed at any."""
    monkeypatch.setattr(runtime, "_BETWEEN_COMMITS", 0.0)


@pytest.fixture(scope="module", params=TRIALS, ids=lambda trial: trial.system)
def trial(request: pytest.FixtureRequest) -> Trial:
    found: Trial = request.param
    return found


@pytest.fixture(scope="module")
def whole(trial: Trial, tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    return trial.traded(tmp_path_factory.mktemp("whole") / "v.db", trial.feed())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "v.db"


def of_kind(found: list[Row], kind: str) -> list[dict[str, Any]]:  # Any: JSON
    return [json.loads(row.body) for row in found if row.kind == kind]


def without_runs(found: list[Row]) -> list[tuple[int, str, str, str]]:
    return [each for each in told(found) if each[1] not in OF_RUNS]


def kill(trial: Trial, path: Path, moment: datetime, **changes: Any) -> None:
    with closing(SqliteAppender(path)) as appender, pytest.raises(KilledError):
        trial.runtime(appender, trial.feed(), on_commit=killed_at(moment), **changes).run()


def test_every_asset_is_traded_and_trades_close(trial: Trial, whole: list[Row]) -> None:
    assert {body["asset"] for body in of_kind(whole, "trade_opened")} == set(trial.instruments)
    assert {body["pnl"] > 0 for body in of_kind(whole, "trade_closed")} == {True, False}


def test_facts_are_told_in_order_of_time_and_each_once(whole: list[Row]) -> None:
    assert all(before.time <= after.time for before, after in pairwise(whole))
    assert len({row.id for row in whole}) == len(whole)


def test_a_run_says_what_it_is_what_it_may_lose_and_that_it_is_over(trial: Trial, whole: list[Row]) -> None:
    (started,), (ended,) = of_kind(whole, "run_started"), of_kind(whole, "run_ended")
    assert (started["mode"], started["currency"], started["starting_equity"]) == ("simulated", "USD", 10_000.0)
    assert ended["run_id"] == started["run_id"]
    shares = {field.name for field in fields(trial.strict) if "float" in str(field.type)}  # type: ignore[arg-type]
    assert shares <= set(started["limits"])
    assert all(0 < started["limits"][share] <= 1 for share in shares)


def test_there_is_a_bar_of_every_asset_and_a_heartbeat_in_every_minute(trial: Trial, whole: list[Row]) -> None:
    minutes = [body for body in of_kind(whole, "bar_closed") if body["interval"] == 60]
    assert Counter(body["asset"] for body in minutes) == dict.fromkeys(trial.instruments, 360)
    assert [row.time for row in whole if row.kind == "heartbeat"] == [
        to_microseconds(START + minute * MINUTE) for minute in range(1, 361)
    ]


def test_the_same_seed_makes_the_same_facts(trial: Trial, whole: list[Row], path: Path) -> None:
    assert told(trial.traded(path, trial.feed())) == told(whole)


def test_another_seed_makes_others(trial: Trial, whole: list[Row], path: Path) -> None:
    found = trial.traded(path, trial.feed(0.02, seed=4))
    bars = [each for each in told(found) if each[1] == "bar_closed"]
    assert not set(bars) & set(told(whole))


@pytest.mark.usefixtures("every_cycle")
@pytest.mark.parametrize("minute", [1, 2, 35])
def test_a_run_that_is_killed_at_once_goes_on_as_if_nothing_had_happened(
    trial: Trial, path: Path, tmp_path: Path, minute: int
) -> None:
    whole = trial.traded(tmp_path / "whole.db", trial.feed(0.04))
    kill(trial, path, START + minute * MINUTE)
    assert rows(path, trial.system)[-1].time == to_microseconds(START + minute * MINUTE)
    assert told(trial.traded(path, trial.feed(0.04))) == told(whole)


@pytest.mark.parametrize("minute", [211, 360])
def test_a_killed_run_goes_on_as_if_nothing_had_happened(
    trial: Trial, whole: list[Row], path: Path, minute: int
) -> None:
    kill(trial, path, START + minute * MINUTE)
    assert told(trial.traded(path, trial.feed())) == told(whole)


def test_a_run_that_was_killed_again_and_again_goes_on(trial: Trial, whole: list[Row], path: Path) -> None:
    for minute in range(60, 360, 31):
        kill(trial, path, START + minute * MINUTE)
    assert told(trial.traded(path, trial.feed())) == told(whole)


OUTAGES = Outages(
    scheduled=tuple((START + minute * MINUTE, START + (minute + 9.3) * MINUTE) for minute in (7.4, 41, 72.2))
)
"""Some begin within a minute, one with it."""


@pytest.mark.usefixtures("every_cycle")
def test_a_disturbed_run_that_is_killed_in_the_midst_of_it_goes_on(trial: Trial, path: Path, tmp_path: Path) -> None:
    disturbed: dict[str, Any] = {"outages": OUTAGES, "faults": trial.faults}
    calm = trial.traded(tmp_path / "whole.db", trial.feed(0.07), **disturbed)
    for minute in (7, 8, 9.5, 16, 17, 41, 46, 51, 79, 81.6, 82):
        kill(trial, path, START + minute * MINUTE, **disturbed)
    found = trial.traded(path, trial.feed(0.07), **disturbed)
    assert told(found) == told(calm)
    assert len(of_kind(found, "connection_changed")) > 15
    assert all(before.time <= after.time for before, after in pairwise(found))


def test_a_stopped_run_says_so_and_the_next_one_is_another(trial: Trial, whole: list[Row], path: Path) -> None:
    clock, stop_at = SimulatedClock(START), START + 150 * MINUTE
    with closing(SqliteAppender(path)) as appender:
        trial.runtime(
            appender, trial.feed(), clock=clock, on_commit=lambda now: clock.stop() if now >= stop_at else None
        ).run()
    assert of_kind(rows(path, trial.system), "run_ended")[0]["reason"] == "stopped"
    found = trial.traded(path, trial.feed())
    assert len({body["run_id"] for body in of_kind(found, "run_started")}) == 2
    assert without_runs(found) == without_runs(whole)


def test_a_clock_that_was_set_back_since_is_waited_for(
    trial: Trial, whole: list[Row], path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kill(trial, path, START + 60 * MINUTE)
    found = trial.traded(path, trial.feed(), clock=SimulatedClock(START + 30 * MINUTE))
    assert told(found) == told(whole)
    assert "the clock shows 2026-01-05 00:30:00 UTC, before the end of what this run has done" in caplog.text


def test_a_run_that_is_over_is_not_begun_again(trial: Trial, whole: list[Row], path: Path) -> None:
    trial.traded(path, trial.feed())
    assert told(trial.traded(path, trial.feed())) == told(whole)


def test_more_days_go_on_from_the_last_one(trial: Trial, whole: list[Row], path: Path) -> None:
    trial.traded(path, trial.feed(0.125))
    assert without_runs(trial.traded(path, trial.feed())) == without_runs(whole)


def test_what_comes_later_changes_nothing_before(trial: Trial, whole: list[Row], path: Path) -> None:
    longer = trial.traded(path, trial.feed(0.3))
    end = to_microseconds(START + timedelta(days=0.25))
    before = [each for each in told(longer) if each[0] <= end]
    assert before == [each for each in told(whole) if each[1] != "run_ended"]


@pytest.mark.parametrize("minute", [1, 95, 240])
def test_other_prices_later_change_nothing_before(trial: Trial, whole: list[Row], path: Path, minute: int) -> None:
    moment = START + minute * MINUTE
    found = told(trial.traded(path, Perturbed(trial.feed(), after=moment)))
    reached = to_microseconds(moment)
    assert [each for each in found if each[0] <= reached] == [each for each in told(whole) if each[0] <= reached]
    assert [each for each in found if each[0] > reached] != [each for each in told(whole) if each[0] > reached]


def test_a_run_of_other_parameters_is_refused(trial: Trial, path: Path) -> None:
    trial.traded(path, trial.feed(0.01))
    with closing(SqliteAppender(path)) as appender:
        kept = Kept(appender.kept(trial.system), "v.db")
    with pytest.raises(ConfigurationError, match=r"the ledger v\.db holds a run with --seed None: give the same"):
        kept.require({"--seed": "8"})


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> range:
    """Let the ledger fail at these tries to write it, one a minute from the first on."""
    append, tries, bad = SqliteAppender.append, Counter[str](), range(60, 120)

    def append_or_fail(appender: SqliteAppender, *args: Any) -> Any:  # Any: as the real one has it
        tries["all"] += 1
        if tries["all"] in bad:
            message = "the disk is full: free some space"
            raise SourceError(message)
        return append(appender, *args)

    monkeypatch.setattr(SqliteAppender, "append", append_or_fail)
    return bad


@pytest.mark.usefixtures("every_cycle")
def test_a_ledger_that_cannot_be_written_is_tried_again_and_nothing_is_lost(
    trial: Trial, whole: list[Row], path: Path, failing: range
) -> None:
    found = trial.traded(path, trial.feed())
    assert [body["message"] for body in of_kind(found, "error_occurred")] == ["the disk is full: free some space"]
    for kind in ("heartbeat", "bar_closed"):
        assert [row.time for row in found if row.kind == kind] == [row.time for row in whole if row.kind == kind]
    assert all(before.time <= after.time for before, after in pairwise(found))
    unwritten = range(
        to_microseconds(START + (failing.start + 1) * MINUTE), to_microseconds(START + (failing.stop + 1) * MINUTE)
    )
    real = [row for row in found if row.kind == "trade_opened" and json.loads(row.body).get("mode") != "virtual"]
    assert [row for row in real if row.time in unwritten] == []
    assert [row for row in whole if row.kind == "trade_opened" and row.time in unwritten] != []
    assert [row for row in real if row.time > unwritten.stop] != []


def test_facts_that_a_ledger_refuses_are_counted_in_it(
    trial: Trial, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    begin = datetime(1969, 12, 31, 23, 59, tzinfo=UTC)  # a ledger takes no fact of that year
    feed = SimulatedFeed(trial.instruments, seed=3, start=begin, days=0.01, warm_up=timedelta(hours=1))
    found = trial.traded(path, feed)
    refused = {(body["fact_kind"], body["reason"]) for body in of_kind(found, "facts_refused")}
    assert {("run_started", "implausible_time"), ("connection_changed", "implausible_time")} <= refused
    assert "1 facts run_started were refused as implausible_time" in caplog.text


def test_a_ledger_that_was_deleted_ends_the_run(trial: Trial, path: Path) -> None:
    def delete(now: datetime) -> None:
        if now >= START + 5 * MINUTE:
            path.unlink(missing_ok=True)

    with closing(SqliteAppender(path)) as appender, pytest.raises(SourceError, match="deleted or replaced"):
        trial.runtime(appender, trial.feed(), on_commit=delete).run()


def test_a_release_ends_the_halt_of_the_drawdown_limit_and_nothing_is_traded_before(trial: Trial, path: Path) -> None:
    released = [START]

    def release_half_hourly(now: datetime) -> None:
        if now - released[-1] >= 30 * MINUTE:
            released.append(now)
            with closing(SqliteAppender(path)) as other:
                other.append([release(now, "tried")], trial.system)

    with closing(SqliteAppender(path)) as appender:
        trial.runtime(appender, trial.feed(), limits=trial.strict, on_commit=release_half_hourly).run()
    switched_on: int | None = None
    seen = Counter[str]()
    for row in rows(path, trial.system):
        body = json.loads(row.body)
        seen[body.get("action", "")] += 1
        if body.get("action") == "kill_switch_on":
            switched_on = row.time
        elif body.get("action") == "kill_switch_off":
            switched_on = None
        elif row.kind == "trade_opened" and body.get("mode") != "virtual":
            assert switched_on is None or row.time - switched_on <= 60 * 10**6  # an order may have waited
            seen["opened after a release"] += seen["kill_switch_off"] > 0
    assert seen["kill_switch_on"] > 1
    assert seen["opened after a release"] > 1


@pytest.fixture(scope="module")
def cut_off(trial: Trial, tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    outage = (START + timedelta(hours=2), START + timedelta(hours=2, minutes=10))
    return trial.traded(tmp_path_factory.mktemp("cut") / "v.db", trial.feed(0.2), outages=Outages(scheduled=(outage,)))


def test_without_a_terminal_nothing_is_traded(cut_off: list[Row]) -> None:
    gone = to_microseconds(START + timedelta(hours=2))
    back = next(row.time for row in cut_off if row.kind == "connection_changed" and row.time > gone and _is_up(row))
    assert gone < back <= gone + 15 * 60 * 10**6
    kinds = {row.kind for row in cut_off if gone <= row.time < back}
    assert kinds <= {
        *("connection_changed", "error_occurred", "heartbeat", "learning_stepped", "call_timed", "risk_acted"),
        "order_refused",
    }


def _is_up(row: Row) -> bool:
    return bool(json.loads(row.body)["connected"])


def test_tries_to_reconnect_are_told_and_come_ever_more_seldom(cut_off: list[Row]) -> None:
    tries = [row.time for row in cut_off if row.kind == "connection_changed" and json.loads(row.body).get("attempt")]
    waits = [after - before for before, after in pairwise(tries[1:-1])]
    assert len(waits) > 5
    assert waits == sorted(waits)


def test_bars_that_were_missed_are_told_by_nobody(cut_off: list[Row]) -> None:
    """They are nobody's price any more, and what they filled and closed has the time at which they came."""
    bars = {row.time for row in cut_off if row.kind == "bar_closed" and json.loads(row.body)["interval"] == 60}
    missed = {to_microseconds(START + minute * MINUTE) for minute in range(1, 289)} - bars
    assert {to_microseconds(START + minute * MINUTE) for minute in range(120, 130)} <= missed
    assert max(missed) <= to_microseconds(START + 135 * MINUTE)
    assert all(before.time <= after.time for before, after in pairwise(cut_off))


SCRAPES = 1_000


def test_a_thousand_scrapes_between_two_cycles_change_no_fact(trial: Trial, whole: list[Row], path: Path) -> None:
    pages: list[bytes] = []

    def scrape(now: datetime) -> None:
        if len(pages) < SCRAPES and now >= START + 100 * MINUTE:
            pages.extend(service.page(Format.TEXT) for _ in range(SCRAPES))

    service = Service(path, system=trial.system, as_of=AsOf.LAST)
    with closing(service), closing(SqliteAppender(path)) as appender:
        trial.runtime(appender, trial.feed(), on_commit=scrape).run()
    assert told(rows(path, trial.system)) == told(whole)
    assert len(pages) == SCRAPES
    assert f"# TYPE {trial.system}_" in pages[-1].decode()


def test_a_page_that_is_asked_for_all_the_time_changes_no_fact(trial: Trial, whole: list[Row], path: Path) -> None:
    """The exporter's own thread reads the ledger while the run writes it."""
    service, over, answered = Service(path, system=trial.system, as_of=AsOf.LAST), threading.Event(), Counter[int]()

    def ask(server: MetricsServer) -> None:
        while not over.is_set():
            with closing(http.client.HTTPConnection(LOOPBACK, server.server_port)) as connection:
                connection.request("GET", "/metrics")
                answer = connection.getresponse()
                answer.read()
                answered[answer.status] += 1

    with closing(SqliteAppender(path)) as appender, serving(service) as server:
        asking = threading.Thread(target=ask, args=(server,))
        asking.start()
        trial.runtime(appender, trial.feed()).run()
        over.set()
        asking.join()
    assert answered[200] > 5
    assert told(rows(path, trial.system)) == told(whole)


def test_no_number_is_none(whole: list[Row]) -> None:
    """JSON knows no NaN and no infinity, and whoever reads the ledger need not."""

    def refuse(word: str) -> float:
        raise AssertionError(word)

    assert all(json.loads(row.body, parse_constant=refuse) for row in whole)
    assert all(math.isfinite(body["equity"]) for body in of_kind(whole, "equity_marked"))
