"""Blocks as a real Prometheus reads them, beside what it has scraped and was sent, and the mistakes of users."""

import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import msgspec
import pytest

from tests.support.books import ledger_of
from tests.support.eventful import eventful
from tests.support.facts import started
from tests.support.servers import answer_of, free_port, running_prometheus
from tradewatch.facts import Entry, Heartbeat
from tradewatch.history import Order, Surroundings, backfill
from tradewatch.history.blocks import Block
from tradewatch.history.encoding import STALE
from tradewatch.history.series import Pairs
from tradewatch.stack import loopback
from tradewatch.stack.plan import TRADEWATCH
from tradewatch.stack.ports import LOOPBACK
from tradewatch.stack.servers import locate
from tradewatch.stack.waiting import wait_until

WINDOW = "storage: {tsdb: {out_of_order_time_window: 10y}}\n"
ITSELF = """\
scrape_configs:
  - job_name: itself
    scrape_interval: 1s
    static_configs: [{{targets: ["{target}"]}}]
"""
MINUTE = 60_000
SEEN_SECONDS = 60
SECONDS = 120


def labels(**pairs: str) -> Pairs:
    return tuple(sorted({"__name__": "told", **pairs}.items()))


def values(address: str, expression: str, at: float) -> list[tuple[float, str]]:
    """Return the moments and numbers of the only series of an answer, none without an answer."""
    answer = answer_of(f"{address}/api/v1/query?{urlencode({'query': expression, 'time': at})}")
    found = msgspec.json.decode(answer)["data"]["result"]
    assert len(found) <= 1
    return [(at, number) for each in found for at, number in each["values"]]


def backfilled(ledger: Path, address: str, blocks: Path) -> subprocess.CompletedProcess[str]:
    """Write a ledger's history, what is over by blocks."""
    words: list[Path | str] = [
        TRADEWATCH,
        "backfill",
        "--ledger",
        ledger,
        "--remote-write",
        f"{address}/api/v1/write",
        "--quiet",
    ]
    options: list[Path | str] = ["--blocks", blocks, "--state", ledger.parent / "state"]
    return subprocess.run([*words, *options], capture_output=True, text=True, check=False, timeout=SECONDS)


def test_a_block_is_what_promtool_takes_for_one(tmp_path: Path) -> None:
    now, block = int(time.time()), Block(MINUTE)
    numbers = [0.1, -0.0, 5e-324, 1.7976931348623157e308, float("inf"), 3.0, 3.0] * 60
    for symbol in ('EUR"USD', "a\nb", "é"):
        block.add(labels(symbol=symbol), now * 1_000, numbers)
    (tmp_path / "wal").mkdir()
    folder = block.save(tmp_path, now * 1_000)
    dumped = subprocess.run([locate("promtool"), "tsdb", "dump", tmp_path], capture_output=True, text=True, check=True)
    found = [line.rsplit(" ", 2) for line in dumped.stdout.splitlines()]
    assert [float(number) for _, number, _ in found] == numbers * 3
    assert [int(at) for *_, at in found] == [now * 1_000 + number * MINUTE for number in range(len(numbers))] * 3
    assert len({series for series, *_ in found}) == 3
    listed = subprocess.run([locate("promtool"), "tsdb", "list", tmp_path], capture_output=True, text=True, check=True)
    assert [folder.name, str(3 * len(numbers)), "12", "3"] == [listed.stdout.split()[at] for at in (14, 18, 19, 20)]


def test_a_series_that_is_gone_is_gone_at_once_and_comes_back(tmp_path: Path) -> None:
    now, block = int(time.time()) - 86_400, Block(MINUTE)
    block.add(labels(), now * 1_000, [1.0, 2.0, STALE])
    block.add(labels(), (now + 240) * 1_000, [4.0])
    block.save(tmp_path / "data", now * 1_000)
    with running_prometheus(WINDOW, tmp_path) as address:
        answer = loopback.fetch(
            f"{address}/api/v1/query_range?{urlencode({'query': 'told', 'start': now, 'end': now + 240, 'step': 60})}"
        )
    assert answer is not None
    (found,) = msgspec.json.decode(answer)["data"]["result"]
    assert found["values"] == [[now, "1"], [now + 60, "2"], [now + 240, "4"]]


def test_what_prometheus_scraped_before_a_blocks_end_is_still_there_after_a_kill(tmp_path: Path) -> None:
    """A block's end tells Prometheus what of its own newest samples is in blocks already, unless the block says no.

    It says no until Prometheus merges it with others, and so no block of ours ends after what is scraped.
    """
    port = free_port()
    with running_prometheus(WINDOW + ITSELF.format(target=f"{LOOPBACK}:{port}"), tmp_path, port=port) as address:
        assert wait_until(lambda: bool(values(address, "up[1h]", time.time())), seconds=SEEN_SECONDS)
        scraped = values(address, "up[1h]", time.time())
    now, block = int(time.time()), Block(MINUTE)
    block.add(labels(), (now - 600) * 1_000, [1.0] * 20)
    block.save(tmp_path / "data", now * 1_000)
    with running_prometheus(WINDOW, tmp_path, port=port) as address:
        kept = values(address, "up[1h]", time.time())
        told = values(address, "told[1h]", now + 600)
    assert kept[: len(scraped)] == scraped
    assert len(told) == 20


def test_a_history_comes_by_blocks_into_a_running_server_once(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path / "bot.db", eventful(hours=50))
    with running_prometheus(WINDOW, tmp_path) as address:
        done, again = (backfilled(ledger, address, tmp_path / "data") for _ in range(2))
    assert (done.returncode, done.stderr) == (0, "")
    assert len(list(tmp_path.glob("data/*/meta.json"))) == 3
    assert "tmp-for-creation" not in " ".join(map(str, tmp_path.glob("data/*")))
    assert (again.returncode, "nothing was left to write" in again.stdout) == (0, True), again


def three_hours_until_now() -> Iterator[Entry]:
    """Yield facts of a run that began three hours ago and is open."""
    begin, run = datetime.now(UTC) - timedelta(hours=3), started()
    yield Entry(begin, run.identity, run)
    yield Entry(datetime.now(UTC), "beat", Heartbeat(interval=3_600.0))


def test_what_came_as_blocks_and_what_was_sent_are_one_series_without_a_gap(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path / "bot.db", three_hours_until_now())
    with running_prometheus(WINDOW, tmp_path) as address:
        assert backfilled(ledger, address, tmp_path / "data").returncode == 0
    blocks = [msgspec.json.decode(each.read_bytes()) for each in tmp_path.glob("data/*/meta.json")]
    with running_prometheus(WINDOW, tmp_path) as address:
        found = [at for at, _ in values(address, 'tradewatch_facts_total{kind="heartbeat"}[9h]', time.time())]
    assert {later - sooner for sooner, later in pairwise(found)} == {60}
    assert len(found) >= 180
    (ours,) = [each["maxTime"] / 1_000 for each in blocks if each["minTime"] == found[0] * 1_000]
    assert 7_140 <= ours - found[0] <= 7_320


def test_no_block_reaches_into_what_prometheus_holds_in_memory(tmp_path: Path) -> None:
    """It takes what lies in its log for written when it is older than the newest block that it has merged."""
    now, facts = time.time(), list(three_hours_until_now())
    with running_prometheus(WINDOW, tmp_path) as address:
        for name, moment in (("one", now - 1_500), ("two", now)):
            order = Order(
                ledger=ledger_of(tmp_path / f"{name}.db", facts),
                url=f"{address}/api/v1/write",
                step=60,
                job="bot",
                instance=name,
                blocks=tmp_path / "data",
            )
            backfill(order, Surroundings(state=tmp_path / "state", clock=partial(float, moment)))
            told = loopback.fetch(f"{address}/api/v1/status/tsdb")
            assert told is not None
            held_since = msgspec.json.decode(told)["data"]["headStats"]["minTime"]
            blocks = [msgspec.json.decode(each.read_bytes()) for each in tmp_path.glob("data/*/meta.json")]
            assert max(each["maxTime"] for each in blocks) <= held_since
    asked = 'tradewatch_facts_total{kind="heartbeat",instance="%s"}[9h]'
    with running_prometheus(WINDOW, tmp_path) as address:
        found = {name: [at for at, _ in values(address, asked % name, now)] for name in ("one", "two")}
    assert {later - sooner for times in found.values() for sooner, later in pairwise(times)} == {60}
    assert (len(found["one"]) >= 155, len(found["two"]) >= 180) == (True, True)


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("elsewhere", "keeps its data in {data}, not in {given}: give --blocks that folder"),
        ("data/wal", "give --blocks"),
    ],
)
def test_a_folder_that_is_not_the_servers_is_refused(folder: str, said: str, tmp_path: Path) -> None:
    ledger, given = ledger_of(tmp_path / "bot.db", eventful(hours=2)), tmp_path / folder
    given.mkdir(parents=True, exist_ok=True)
    with running_prometheus(WINDOW, tmp_path) as address:
        done = backfilled(ledger, address, given)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said.format(data=tmp_path / "data", given=given) in done.stderr
