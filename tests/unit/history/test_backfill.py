"""What a backfill tells a server, which here only remembers it: in which order, what again, and what never."""

from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.books import ledger_of
from tests.support.eventful import PAUSED, SILENT, as_told, eventful
from tests.support.facts import MIDNIGHT, at, closed, opened, started
from tests.support.remote_write import STALE, Labels, Receiver, Samples, receiving
from tradewatch.errors import ConfigurationError
from tradewatch.facts import Heartbeat, RunEnded
from tradewatch.history import Order, Progress, Result, Surroundings, TargetError, backfill
from tradewatch.ledger import SqliteAppender

NIGHT = int(MIDNIGHT.timestamp())
STEP = 240
DAY = 86_400


def written(ledger: Path, receiver: Receiver, **around: Any) -> Result:
    """Write a history beside its ledger; Any: what else the backfill is given."""
    order = {name: around.pop(name) for name in list(around) if name in Order.__dataclass_fields__}
    return backfill(
        Order(ledger=ledger, url=receiver.url, **{"step": STEP, **order}),
        Surroundings(**{"state": ledger.parent / "state", "clock": lambda: NIGHT + 3 * DAY, **around}),
    )


def distinct(receiver: Receiver) -> Mapping[Labels, Samples]:
    return {labels: sorted(set(samples)) for labels, samples in receiver.series.items()}


def samples(receiver: Receiver, name: str, **labels: str) -> dict[int, int]:
    """Return the bits of a series' samples by seconds since midnight."""
    wanted = {"__name__": name, "job": "bot", "instance": "127.0.0.1:9102", **labels}
    found = distinct(receiver)[tuple(sorted(wanted.items()))]
    return {milliseconds // 1_000 - NIGHT: bits for milliseconds, bits in found}


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return ledger_of(tmp_path / "bot.db", as_told(eventful()))


class Told(NamedTuple):
    """What a server was told of a history, and what the backfill says of it."""

    receiver: Receiver
    result: Result
    progress: list[Progress]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    ledger = ledger_of(tmp_path_factory.mktemp("told") / "bot.db", as_told(eventful()))
    progress: list[Progress] = []
    with receiving() as receiver:
        result = written(ledger, receiver, report=progress.append)
    return Told(receiver, result, progress)


def test_neither_checkpoints_nor_requests_change_what_is_written(ledger: Path, tmp_path: Path) -> None:
    with receiving() as whole, receiving() as parts:
        written(ledger, whole, facts_apart=10**9, samples_together=10**9)
        written(ledger, parts, facts_apart=50, samples_together=1_000, state=tmp_path / "parts")
        assert len(parts.requests) > 5 * len(whole.requests)
        assert distinct(whole) == distinct(parts)
    assert len(list(tmp_path.glob("parts/history/*/*.checkpoint"))) == 1


def test_the_newest_day_is_written_first(ledger: Path) -> None:
    with receiving() as receiver:
        written(ledger, receiver, samples_together=10_000)
        _, _, _, *requests = receiver.requests  # the first ones try the server
    firsts = [min(min(samples)[0] for samples in request.values()) // 1_000 - NIGHT for request in requests]
    newest = [each for each in firsts if each >= DAY]
    assert firsts == sorted(newest) + sorted(set(firsts) - set(newest))
    assert len(newest) > 1 < len(set(firsts) - set(newest))


def test_the_first_moment_is_before_the_first_fact_where_counters_are_0(told: Told) -> None:
    found = samples(told.receiver, "tradewatch_facts_total", kind="run_started")
    assert [found[0], found[STEP]] == [0, 0x3FF0000000000000]
    assert min(found) == 0


def test_a_live_reading_ends_with_a_mark_when_heartbeats_stop_and_begins_again(told: Told) -> None:
    found = samples(told.receiver, "bot_equity")
    gone = sorted(seconds for seconds, bits in found.items() if bits == STALE)
    assert gone[0] == SILENT[0] + STEP  # the last heartbeat came 20 s before, and three intervals are 180 s
    assert not any(gone[0] < seconds < SILENT[1] for seconds in found)
    assert all(later - sooner == STEP for sooner, later in pairwise(sorted(found)) if sooner not in gone)


def test_what_stays_has_a_sample_at_every_moment_also_while_no_run_is_open(told: Told) -> None:
    found = samples(told.receiver, "bot_pnl")
    assert sorted(found) == list(range(0, max(found) + STEP, STEP))
    assert PAUSED[0] + STEP in found


def test_a_second_call_has_nothing_left(ledger: Path) -> None:
    with receiving() as receiver:
        first = written(ledger, receiver)
        told = len(receiver.requests)
        second = written(ledger, receiver)
        assert len(receiver.requests) == told + 1  # the empty one that asks whether remote write is taken
    assert first.samples == sum(map(len, distinct(receiver).values())) - marks(receiver)
    assert second == Result()


def marks(receiver: Receiver) -> int:
    return sum(bits == STALE for samples in distinct(receiver).values() for _, bits in samples)


def test_facts_that_came_since_are_added(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path / "bot.db", [at(0, started()), at(1, opened("a")), at(600, closed("a", 1.0))])
    with receiving() as receiver:
        written(ledger, receiver, step=60, clock=lambda: NIGHT + 700)
        before = len(receiver.requests)
        with closing(SqliteAppender(ledger)) as appender:
            appender.append([at(900, RunEnded(run_id="run"))], "bot")
        result = written(ledger, receiver, step=60, clock=lambda: NIGHT + 1_000)
        moments = {at for request in receiver.requests[before + 1 :] for each in request.values() for at, _ in each}
    assert sorted(at // 1_000 - NIGHT for at in moments) == [720, 780, 840, 900]
    assert result.span == (NIGHT + 720, NIGHT + 900)


def test_facts_that_come_late_are_told_of(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path / "bot.db", [at(0, started()), at(600, closed("a", 1.0))])
    notes: list[str] = []
    with receiving() as receiver:
        written(ledger, receiver, clock=lambda: NIGHT + 1_000, note=notes.append)
        assert ["answers no questions" in note and "--to" in note for note in notes] == [True]
        notes.clear()
        with closing(SqliteAppender(ledger)) as appender:
            appender.append([at(300, closed("late", 1.0))], "bot")
        written(ledger, receiver, clock=lambda: NIGHT + 2_000, note=notes.append)
    assert ["came late" in note for note in notes] == [False, True]


def test_a_busy_server_is_asked_again_later_each_time_and_as_late_as_it_says(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path / "bot.db", eventful(hours=2))
    pauses: list[float] = []
    with receiving() as receiver:
        receiver.answers = [(503, "busy"), (429, "slower"), (500, "no")]
        written(ledger, receiver, pause=pauses.append)
        receiver.answers, receiver.retry_after = [(503, "busy")], "7"
        written(ledger, receiver, pause=pauses.append)
        receiver.answers, receiver.retry_after = [(503, "busy")], "86400"
        written(ledger, receiver, pause=pauses.append)
    assert pauses == [0.0, 0.5, 1.0, 7.0, 60.0]


def test_a_series_that_is_gone_at_the_first_moment_of_a_day_has_its_mark_there(tmp_path: Path) -> None:
    told = [at(DAY - 600, started()), at(DAY - 200, Heartbeat(interval=60.0)), at(DAY + 600, closed("a", 1.0))]
    with receiving() as receiver:
        written(ledger_of(tmp_path / "bot.db", told), receiver, step=60, end=MIDNIGHT + timedelta(seconds=DAY + 600))
        found = samples(receiver, "bot_equity")
    assert (found[DAY - 60] != STALE, found[DAY], max(found)) == (True, STALE, DAY)


def test_a_server_that_takes_nothing_more_ends_it_and_the_next_call_goes_on(ledger: Path, tmp_path: Path) -> None:
    pauses: list[float] = []
    with receiving() as receiver, receiving() as undisturbed:
        receiver.answers = [(204, "")] * 6 + [(503, "disk full")] * 100
        with pytest.raises(TargetError, match=r"503 disk full\): see to it and run this again"):
            written(ledger, receiver, pause=pauses.append, samples_together=10_000)
        assert 60 < sum(pauses) < 600
        receiver.answers.clear()
        went_on = written(ledger, receiver, samples_together=10_000)
        whole = written(ledger, undisturbed, state=tmp_path / "other")
        assert 0 < went_on.moments < whole.moments
        assert distinct(receiver) == distinct(undisturbed)


def test_nobody_at_the_address_is_a_sentence(ledger: Path) -> None:
    with receiving() as receiver:
        pass
    waited: list[float] = []
    with pytest.raises(TargetError, match=r"no server answers at \S+ \(Connection refused\): start it"):
        written(ledger, receiver, pause=waited.append)
    assert waited == []


@pytest.mark.parametrize(
    ("status", "answer", "mend"),
    [
        (404, "remote write receiver needs to be enabled", "--web.enable-remote-write-receiver"),
        (405, "method not allowed", "/api/v1/write"),
        (401, "who", "USER:PASSWORD"),
        (403, "no", "USER:PASSWORD"),
        (413, "large", "raise its limit"),
        (400, "out of bounds", "out_of_order_time_window"),
        (500, "too old sample", "out_of_order_time_window"),
        (400, "duplicate sample for timestamp", "--to"),
        (418, "teapot", "418 teapot"),
    ],
)
def test_a_refusal_is_one_sentence_with_the_mend(status: int, answer: str, mend: str, ledger: Path) -> None:
    with receiving() as receiver:
        receiver.answers = [(status, answer)]
        with pytest.raises(ConfigurationError) as refused:
            written(ledger, receiver)
    assert mend in str(refused.value)
    assert receiver.requests == []


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({"step": 0}, "--step 0s"),
        ({"step": 300}, "--step 300s"),
        ({"begin": MIDNIGHT + timedelta(days=2)}, "--from 2026-01-03 00:00:00 is outside of the ledger"),
        ({"end": MIDNIGHT - timedelta(days=2)}, "--to 2025-12-30 00:00:00 is outside of the ledger"),
        ({"begin": MIDNIGHT + timedelta(days=2), "end": MIDNIGHT}, "is after --to"),
        ({"system": "other"}, "has no facts of the system other"),
    ],
)
def test_what_cannot_be_asked_for_is_told_and_nothing_is_written(
    order: dict[str, Any], words: str, ledger: Path
) -> None:
    with receiving() as receiver, pytest.raises(ConfigurationError) as refused:
        written(ledger, receiver, **order)
    assert words in str(refused.value)
    assert not any(receiver.requests)


def test_a_part_of_the_time_and_of_the_metrics(ledger: Path) -> None:
    begin, end = MIDNIGHT + timedelta(hours=3), MIDNIGHT + timedelta(hours=4)
    with receiving() as receiver:
        result = written(ledger, receiver, begin=begin, end=end, metrics="bot_asset_*", job="desk", instance="one")
        names = {dict(labels)["__name__"] for labels in receiver.series}
        targets = {(dict(labels)["job"], dict(labels)["instance"]) for labels in receiver.series}
    assert (result.moments, result.span) == (16, (NIGHT + 3 * 3_600, NIGHT + 4 * 3_600))
    assert (min(names), targets) == ("bot_asset_closed_trades", {("desk", "one")})
    assert all(name.startswith("bot_asset_") for name in names)


def test_progress_reaches_its_end(told: Told) -> None:
    (*_, last), result = told.progress, told.result
    assert (last.done, last.total, last.samples) == (result.moments, result.moments, result.samples)
    assert {each.work for each in told.progress} == {
        "reading the ledger's days",
        "writing 2026-01-02",
        "writing 2026-01-01",
    }


def test_an_open_run_is_written_until_now(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path / "bot.db", [at(0, started()), at(10, Heartbeat(interval=60.0))])
    with receiving() as receiver:
        result = written(ledger, receiver, step=60, clock=lambda: NIGHT + 3_604.0)
    assert result.span == (NIGHT - 60, NIGHT + 3_540)  # now is too near: a fact may be on its way


@pytest.mark.parametrize(
    ("system", "job", "instance"),
    [
        ("hydra", "hydra", "127.0.0.1:9101"),
        ("velocitytrader", "velocitytrader", "127.0.0.1:9090"),
        ("bot", "bot", "127.0.0.1:9102"),
        ("own", "bot", "127.0.0.1:9102"),
    ],
)
def test_a_ledger_that_nobody_scrapes_yet_is_written_as_the_configuration_will_scrape_it(
    tmp_path: Path, system: str, job: str, instance: str
) -> None:
    ledger = ledger_of(tmp_path / "new.db", [at(0, started())], system)
    with receiving() as receiver:
        written(ledger, receiver)
        assert labels_of(receiver) == {(job, instance)}


def labels_of(receiver: Receiver) -> set[tuple[str, str]]:
    return {(dict(each)["job"], dict(each)["instance"]) for each in receiver.series}


SHORT = [at(0, started()), at(600, closed("a", 1.0))]


def test_two_bots_of_one_ledger_must_be_told_apart(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path / "bots.db", SHORT, "one")
    ledger_of(ledger, SHORT, "two")
    with receiving() as receiver:
        with pytest.raises(ConfigurationError, match="holds one and two, which are shown as the same system: tell one"):
            written(ledger, receiver, system="one")
        for name in ("one", "two"):
            written(ledger, receiver, system=name, instance=name)
        assert labels_of(receiver) == {("bot", "one"), ("bot", "two")}
