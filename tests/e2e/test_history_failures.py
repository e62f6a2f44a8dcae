"""Histories that are killed, and servers that cannot take them: nothing twice, nothing lost, one sentence."""

import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from tests.support.books import ledger_of
from tests.support.eventful import eventful
from tests.support.facts import at, started
from tests.support.patience import SECONDS
from tests.support.remote_write import STALE, number, receiving
from tests.support.servers import answer_of, free_port, running_prometheus
from tradewatch.facts import Entry
from tradewatch.history import Order, Surroundings, backfill
from tradewatch.stack.plan import TRADEWATCH
from tradewatch.stack.ports import LOOPBACK
from tradewatch.stack.waiting import wait_until

KILLS = 6
WINDOW = "storage: {tsdb: {out_of_order_time_window: %s}}\n"

Names = frozenset[tuple[str, str]]
Values = list[tuple[int, float]]
"""Milliseconds and numbers."""


def command(ledger: Path, url: str, folder: Path, *words: str) -> list[str]:
    state = ("--state", str(folder / "state"), "--quiet")
    return [str(TRADEWATCH), "backfill", "--ledger", str(ledger), "--remote-write", url, *state, *words]


def refused(ledger: Path, url: str, folder: Path, *words: str) -> str:
    """Return the sentence with which a backfill ends that cannot begin."""
    done = subprocess.run(
        command(ledger, url, folder, *words), capture_output=True, text=True, check=False, timeout=SECONDS
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    return done.stderr


def record(folder: Path) -> list[Path]:
    """Return the record of what was written, once there is something."""
    return list(folder.glob("state/history/*.json"))


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return ledger_of(tmp_path / "bot.db", eventful(hours=12))


@pytest.fixture
def recent(tmp_path: Path) -> Path:
    """Return a ledger whose facts reach 20 days back from now."""
    run, begin = started(), datetime.now(UTC) - timedelta(days=20)
    return ledger_of(tmp_path / "recent.db", [Entry(begin, run.identity, run)])


def samples_in(address: str) -> dict[Names, Values]:
    """Return every sample that a Prometheus shows of the bot."""
    words = urlencode({"query": '{job="bot"}[2d]', "time": at(40 * 3_600, started()).time.timestamp()})
    answer = msgspec.json.decode(answer_of(f"{address}/api/v1/query?{words}"))
    found: Sequence[Mapping[str, Any]] = answer["data"]["result"]  # Any: JSON
    return {
        frozenset(each["metric"].items()): [(round(at * 1_000), float(value)) for at, value in each["values"]]
        for each in found
    }


def samples_of(ledger: Path, folder: Path) -> dict[Names, Values]:
    """Return every sample of a history that was not disturbed, but none that says that a series is gone.

    The server was tried with two moments, which came twice.
    """
    with receiving() as receiver:
        backfill(Order(ledger=ledger, url=receiver.url, step=60), Surroundings(state=folder / "undisturbed"))
    return {
        frozenset(labels): sorted({(at, number(bits)) for at, bits in samples if bits != STALE})
        for labels, samples in receiver.series.items()
    }


@pytest.mark.parametrize("by_blocks", [False, True], ids=["sent", "by blocks"])
def test_kills_at_random_moments_leave_nothing_out_and_nothing_twice(
    *, by_blocks: bool, ledger: Path, tmp_path: Path
) -> None:
    chance = random.Random(3)  # noqa: S311 - when to kill
    with running_prometheus(WINDOW % "10y", tmp_path) as address:
        url, state = f"{address}/api/v1/write", tmp_path / "state"
        words = [sys.executable, "-m", "tests.support.backfilling", str(ledger), url, str(state)]
        words += [str(tmp_path / "data")] if by_blocks else []
        for _ in range(KILLS):
            with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(chance.uniform(0.5, 1.5))
                process.kill()
        subprocess.run(words, check=True, capture_output=True, timeout=SECONDS)
    with running_prometheus(WINDOW % "10y", tmp_path) as address:
        found = samples_in(address)
    assert found == samples_of(ledger, tmp_path)


def test_a_server_that_stops_in_the_middle_is_waited_for(ledger: Path, tmp_path: Path) -> None:
    port = free_port()
    url = f"http://{LOOPBACK}:{port}/api/v1/write"
    with running_prometheus(WINDOW % "10y", tmp_path, port=port) as address:
        process = subprocess.Popen(command(ledger, url, tmp_path), stdout=subprocess.PIPE)
        assert wait_until(lambda: bool(record(tmp_path)), seconds=SECONDS)
    with process, running_prometheus(WINDOW % "10y", tmp_path, port=port) as address:
        assert process.wait(timeout=SECONDS) == 0
        found = samples_in(address)
    assert found == samples_of(ledger, tmp_path)


def test_a_server_without_the_receiver_is_told_what_to_start(recent: Path, tmp_path: Path) -> None:
    with running_prometheus(WINDOW % "10y", tmp_path, without="--web.enable-remote-write-receiver") as address:
        words = refused(recent, f"{address}/api/v1/write", tmp_path)
    assert "--web.enable-remote-write-receiver" in words


@pytest.mark.parametrize(
    ("configuration", "without", "found"),
    [
        ("{}", "", "takes samples that are up to 0:00:00 old"),
        (WINDOW % "7d", "", "takes samples that are up to 7 days, 0:00:00 old"),
        (WINDOW % "10y", "--storage.tsdb.retention.time", "keeps 15 days, 0:00:00"),
    ],
)
def test_facts_that_are_too_old_for_a_server_are_refused_before_anything_is_written(
    configuration: str, without: str, found: str, recent: Path, tmp_path: Path
) -> None:
    with running_prometheus(configuration, tmp_path, without=without) as address:
        words = refused(recent, f"{address}/api/v1/write", tmp_path)
        assert samples_in(address) == {}
    assert found in words
    assert "--storage.tsdb.retention.time" in words
    assert "storage.tsdb.out_of_order_time_window" in words


def test_two_bots_that_would_be_one_series_are_told_of(tmp_path: Path) -> None:
    facts = eventful(hours=2)
    first, second = ledger_of(tmp_path / "first.db", facts, "mine"), ledger_of(tmp_path / "second.db", facts, "other")
    with running_prometheus(WINDOW % "10y", tmp_path) as address:
        url = f"{address}/api/v1/write"
        backfill(Order(ledger=first, url=url, step=60), Surroundings(state=tmp_path / "state"))
        words = refused(second, url, tmp_path)
        apart = Order(ledger=second, url=url, step=60, instance="second")
        backfill(apart, Surroundings(state=tmp_path / "state"))
    assert f"the server has {first} as job=bot instance=127.0.0.1:9102, and {second} would go into" in words
    assert "an --instance of its own" in words


def test_a_server_that_does_not_tell_its_window_is_tried_with_two_moments(recent: Path, tmp_path: Path) -> None:
    with receiving() as receiver:
        receiver.answers += [(204, ""), (204, ""), (400, "out of bounds")]
        until = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}"  # it cannot be asked since when it scrapes, either
        words = refused(recent, receiver.url, tmp_path, "--to", until)
        assert len(receiver.requests) == 2
    assert "out_of_order_time_window" in words


@pytest.mark.parametrize(
    ("url", "mend"),
    [
        ("ftp://127.0.0.1/api/v1/write", "give one such as http://127.0.0.1:9091/api/v1/write"),
        ("http:///api/v1/write", "give one such as"),
        ("http://127.0.0.1:port/api/v1/write", "give one such as"),
    ],
)
def test_what_is_no_address_is_told(url: str, mend: str, recent: Path, tmp_path: Path) -> None:
    assert mend in refused(recent, url, tmp_path)


def test_a_wrong_path_of_a_real_server_is_told(recent: Path, tmp_path: Path) -> None:
    with running_prometheus(WINDOW % "10y", tmp_path) as address:
        assert "--remote-write" in refused(recent, f"{address}/api/v1/wrote", tmp_path)
        assert "--remote-write" in refused(recent, f"{address}/api/v1/query", tmp_path)
