"""A system as a person starts it, whichever it is: repeated, killed, stopped, asked for its metrics all the time."""

import http.client
import json
import random
import re
import threading
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from tests.support.patience import SECONDS
from tests.support.system_runs import command, dump, finished, newest, of_kind, running
from tradewatch.stack.waiting import wait_until

KILLS = 3


class Whole(NamedTuple):
    """A system's run from one noon to the next: how it is asked for, its ledger, and that ledger's facts as text."""

    system: str
    words: tuple[str, ...]
    ledger: Path
    dumped: str

    def again(self, path: Path) -> str:
        """Run into another ledger, or go on with it; return its facts."""
        finished(*command(self.system, path, *self.words)[1:])
        return dump(path)


@pytest.fixture(scope="module", params=["velocitytrader EURUSD+,XAUUSD+,BTCUSD", "hydra BTC-USD,ETH-USD,XRP-USD"])
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    system, symbols = request.param.split()
    words = ("--symbols", symbols, "--start", "2026-01-01T12:00:00", "--days", "1", "--fast", "--seed", "7")
    path = tmp_path_factory.mktemp(system) / "whole.db"
    finished(*command(system, path, *words)[1:])
    return Whole(system, words, path, dump(path))


def test_the_same_command_tells_the_same_facts_byte_for_byte(whole: Whole, tmp_path: Path) -> None:
    assert whole.again(tmp_path / "again.db") == whole.dumped


def test_verify_finds_nothing(whole: Whole) -> None:
    assert ": nothing found" in finished("verify", "--ledger", whole.ledger)


def killed_after(fact: int, whole: Whole, path: Path) -> int:
    """Kill a run once a fact is there, and return how many there are then."""
    with running(whole.system, path, *whole.words) as process:
        assert wait_until(lambda: newest(path) > fact or process.poll() is not None, seconds=SECONDS)
        process.kill()
        process.wait()
    return newest(path)


def test_a_run_that_is_killed_at_any_moment_goes_on_as_if_nothing_had_happened(whole: Whole, tmp_path: Path) -> None:
    path, seed = tmp_path / "killed.db", random.SystemRandom().getrandbits(32)
    facts = whole.dumped.count("\n")
    moments = random.Random(seed)  # noqa: S311 - moments of kills
    reached = [killed_after(fact, whole, path) for fact in sorted(moments.sample(range(facts * 9 // 10), KILLS))]
    assert min(reached) < facts, f"no run was killed before its end ({seed=})"
    assert whole.again(path) == whole.dumped, f"{seed=}, killed at {reached}"


def without_runs(dumped: str) -> list[object]:
    return [json.loads(line)["fact"] for line in dumped.splitlines() if '"kind":"run_' not in line]


def test_a_run_that_is_told_to_stop_says_so_and_goes_on(whole: Whole, tmp_path: Path) -> None:
    path = tmp_path / "stopped.db"
    with running(whole.system, path, *whole.words) as process:
        assert wait_until(lambda: newest(path) > 0, seconds=SECONDS)
        process.terminate()
        output, errors = process.communicate(timeout=SECONDS)
    assert (process.returncode, errors) == (0, "")
    assert "on paper" in output
    assert [each["reason"] for each in of_kind(whole.system, path, "run_ended")] == ["stopped"]
    gone_on = whole.again(path)
    assert [each["reason"] for each in of_kind(whole.system, path, "run_ended")] == ["stopped", "the feed is over"]
    assert without_runs(gone_on) == without_runs(whole.dumped)


def test_a_run_that_serves_its_metrics_all_the_time_tells_the_same_facts(whole: Whole, tmp_path: Path) -> None:
    path, statuses = tmp_path / "served.db", Counter[int]()
    with running(whole.system, path, *whole.words, "--metrics", "127.0.0.1:0") as process:
        assert process.stdout is not None
        found = re.match(r"its metrics are at (http://\S+/metrics)\n", process.stdout.readline())
        assert found is not None
        asking = threading.Thread(target=ask_until_gone, args=(found[1], statuses))
        asking.start()
        _, errors = process.communicate(timeout=SECONDS)
        asking.join()
    assert (process.returncode, errors) == (0, "")
    assert statuses[200] > 10
    assert dump(path) == whole.dumped


def ask_until_gone(url: str, statuses: Counter[int]) -> None:
    """Ask for a page again and again, until nobody answers."""
    where = urlsplit(url)
    with suppress(OSError, http.client.HTTPException):
        while True:
            with closing(http.client.HTTPConnection(where.netloc, timeout=SECONDS)) as connection:
                connection.request("GET", where.path)
                answer = connection.getresponse()
                answer.read()
                statuses[answer.status] += 1
