"""`tradewatch run hydra` as a person starts it: repeated, killed, stopped, scraped."""

import http.client
import json
import random
import re
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.ledgers import rows
from tradewatch.errors import TradewatchError
from tradewatch.stack.plan import TRADEWATCH
from tradewatch.stack.waiting import wait_until

SYSTEM = "hydra"
TWO_DAYS = (
    *("run", SYSTEM, "--assets", "BTC-USD,ETH-USD,XRP-USD", "--start", "2026-01-01"),
    *("--days", "2", "--fast", "--seed", "7"),
)
SECONDS = 180
KILLS = 3


def finished(*words: str | Path) -> str:
    """Return what a command prints that ends well."""
    done = subprocess.run([TRADEWATCH, *words], capture_output=True, text=True, check=False, timeout=SECONDS)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def dump(ledger: Path) -> str:
    return finished("dump", "--ledger", ledger)


@contextmanager
def running(ledger: Path, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """Yield a run that is under way; it is killed at the end."""
    command = [str(each) for each in (TRADEWATCH, *TWO_DAYS, "--ledger", ledger, *words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def facts(ledger: Path) -> int:
    """Return how many facts a ledger holds that may not be there yet."""
    with suppress(TradewatchError):
        return len(rows(ledger, SYSTEM))
    return 0


def of_kind(ledger: Path, kind: str) -> list[dict[str, Any]]:  # Any: JSON
    return [json.loads(row.body) for row in rows(ledger, SYSTEM) if row.kind == kind]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the ledger of two days; no test writes it."""
    path = tmp_path_factory.mktemp("two_days") / "hydra.db"
    finished(*TWO_DAYS, "--ledger", path)
    return path


@pytest.fixture(scope="module")
def dumped(ledger: Path) -> str:
    return dump(ledger)


def test_the_same_command_tells_the_same_facts_byte_for_byte(dumped: str, tmp_path: Path) -> None:
    finished(*TWO_DAYS, "--ledger", tmp_path / "h.db")
    assert dump(tmp_path / "h.db") == dumped


def test_verify_finds_nothing(ledger: Path) -> None:
    assert ": nothing found" in finished("verify", "--ledger", ledger)


def test_two_days_have_all_that_there_is_to_see(ledger: Path) -> None:
    assert {trade["pnl"] > 0 for trade in of_kind(ledger, "trade_closed")} == {True, False}
    regimes: dict[str, set[str]] = {}
    for entered in of_kind(ledger, "regime_entered"):
        regimes.setdefault(entered["asset"], set()).add(entered["regime"])
    assert set.union(*regimes.values()) == {"VOLATILE", "TRENDING_UP", "TRENDING_DOWN", "RANGING", "CHOPPY"}
    votes = Counter(
        (vote["engine"], vote["stance"]) for cast in of_kind(ledger, "votes_cast") for vote in cast["votes"]
    )
    assert set(votes) == {(engine, stance) for engine in "ABCD" for stance in ("BUY", "SELL", "HOLD")}


def killed_after(count: int, path: Path) -> int:
    """Kill a run once so many facts are there, and return how many there are then."""
    with running(path) as process:
        assert wait_until(lambda: facts(path) > count or process.poll() is not None, seconds=SECONDS)
        process.kill()
        process.wait()
    return facts(path)


def test_a_run_that_is_killed_at_any_moment_goes_on_as_if_nothing_had_happened(dumped: str, tmp_path: Path) -> None:
    path, seed = tmp_path / "h.db", random.SystemRandom().getrandbits(32)
    whole = dumped.count("\n")
    moments = random.Random(seed)  # noqa: S311 - moments of kills
    reached = [killed_after(count, path) for count in sorted(moments.sample(range(whole * 9 // 10), KILLS))]
    finished(*TWO_DAYS, "--ledger", path)
    assert dump(path) == dumped, f"{seed=}, killed at {reached}"


def test_a_run_that_is_told_to_stop_says_so_and_goes_on(dumped: str, tmp_path: Path) -> None:
    path = tmp_path / "h.db"
    with running(path) as process:
        assert wait_until(lambda: facts(path) > 0, seconds=SECONDS)
        process.terminate()
        output, errors = process.communicate(timeout=SECONDS)
    assert (process.returncode, errors) == (0, "")
    assert "on paper" in output
    assert [each["reason"] for each in of_kind(path, "run_ended")] == ["stopped"]
    finished(*TWO_DAYS, "--ledger", path)
    assert [each["reason"] for each in of_kind(path, "run_ended")] == ["stopped", "the feed is over"]
    assert [line for line in dump(path).splitlines() if '"kind":"run_' not in line] == [
        line for line in dumped.splitlines() if '"kind":"run_' not in line
    ]


def test_a_run_that_serves_its_metrics_all_the_time_tells_the_same_facts(dumped: str, tmp_path: Path) -> None:
    path, statuses = tmp_path / "h.db", Counter[int]()
    with running(path, "--metrics", "127.0.0.1:0") as process:
        assert process.stdout is not None
        found = re.match(r"its metrics are at (http://\S+/metrics)\n", process.stdout.readline())
        assert found is not None
        asking = threading.Thread(target=ask_until_gone, args=(found[1], statuses))
        asking.start()
        _, errors = process.communicate(timeout=SECONDS)
        asking.join()
    assert (process.returncode, errors) == (0, "")
    assert statuses[200] > 10
    assert dump(path) == dumped


def ask_until_gone(url: str, statuses: Counter[int]) -> None:
    """Ask for a page again and again, until nobody answers."""
    where = urlsplit(url)
    with suppress(OSError, http.client.HTTPException):
        while True:
            with closing(http.client.HTTPConnection(str(where.hostname), where.port, timeout=SECONDS)) as connection:
                connection.request("GET", where.path)
                answer = connection.getresponse()
                answer.read()
                statuses[answer.status] += 1
