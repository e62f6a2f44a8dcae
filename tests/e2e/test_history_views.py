"""A real Prometheus that holds what `backfill` wrote and has scraped nothing: every panel has its data."""

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.servers import running_prometheus
from tradewatch.cli.views import VIEWS
from tradewatch.inspection import Server, Verdict, inspect
from tradewatch.stack.plan import TRADEWATCH

ROOT = Path(__file__).parents[2]
CONFIGURATION = f"""
global: {{evaluation_interval: 1s}}
storage: {{tsdb: {{out_of_order_time_window: 10y}}}}
rule_files: ["{ROOT}/monitoring/prometheus/alert_rules.yml", "{ROOT}/monitoring/prometheus/rules/*.yml"]
"""
NOW = datetime.now(UTC)
COMMANDS = {
    "velocitytrader": ("run", "velocitytrader", "--days", "0.5", "--fast", "--quiet"),
    "hydra": ("run", "hydra", "--days", "0.5", "--fast", "--quiet"),
    "bot": ("sample", "--days", "30"),
}
"""They reach two hours beyond now: facts of the future wait, and history goes on up to now whenever it is written."""

LENGTHS = {"velocitytrader": timedelta(days=0.5), "hydra": timedelta(days=0.5), "bot": timedelta(days=30)}
SINCE = NOW - timedelta(hours=10)
SECONDS = 600


def run(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([TRADEWATCH, *words], capture_output=True, text=True, check=False, timeout=SECONDS)


def moment(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%S}"


def written(ledger: Path, url: str, state: Path, *words: str) -> None:
    where = ("--ledger", ledger, "--remote-write", f"{url}/api/v1/write", "--from", moment(SINCE), "--state", state)
    made = run("backfill", *where, *words, "--quiet")
    assert (made.returncode, made.stderr) == (0, "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a ledger of each system, and of the bot."""
    found = tmp_path_factory.mktemp("history")
    for system, words in COMMANDS.items():
        begin = NOW + timedelta(hours=2) - LENGTHS[system]
        made = run(*words, "--start", moment(begin), "--seed", "7", "--ledger", found / f"{system}.db")
        assert made.returncode == 0, made.stderr
    return found


@pytest.fixture(scope="module")
def prometheus(folder: Path) -> Iterator[str]:
    """Yield a Prometheus that has only history, which ends now."""
    with running_prometheus(CONFIGURATION, folder) as url:
        for _ in range(2):  # the second time it adds what has become the past meanwhile
            for system in COMMANDS:
                written(folder / f"{system}.db", url, folder / "state")
        yield url


@pytest.fixture(scope="module")
def outcomes(prometheus: str) -> list[dict[str, Any]]:  # Any: JSON
    checked = run("check", "--prometheus", prometheus, "--only-history", "--json")
    found: list[dict[str, Any]] = json.loads(checked.stdout)
    assert [each for each in found if each["verdict"] in {Verdict.EMPTY, Verdict.ERROR}] == []
    assert (checked.returncode, checked.stderr) == (0, "")
    return found


def test_every_panel_has_data_but_those_about_scraping(outcomes: list[dict[str, Any]]) -> None:
    asked = {each["where"] for each in outcomes}
    assert {page.uid for views in VIEWS for page in views.dashboards} <= asked
    apart = [each for each in outcomes if each["verdict"] == Verdict.ONLY_SCRAPED]
    assert 0 < len(apart) < len(outcomes) / 10
    assert len([each for each in outcomes if each["verdict"] == Verdict.FOUND]) > len(outcomes) * 3 / 4


def test_without_the_option_they_are_faults(prometheus: str, outcomes: list[dict[str, Any]]) -> None:
    apart = {(each["where"], each["what"]) for each in outcomes if each["verdict"] == Verdict.ONLY_SCRAPED}
    found = list(inspect(Server(prometheus), VIEWS, datetime.now(UTC).timestamp()))
    assert {(each.where, each.what) for each in found if not each.is_well} == apart


def test_a_panel_that_lacks_its_facts_is_a_fault_all_the_same(folder: Path, tmp_path: Path) -> None:
    with running_prometheus(CONFIGURATION, tmp_path) as url:
        written(folder / "bot.db", url, tmp_path / "state", "--metrics", "bot_[!c]*")
        checked = run("check", "--prometheus", url, "--only-history")
    assert (checked.returncode, checked.stderr) == (1, "")
    assert "  bot-overview, Closed Trades: empty: nothing for bot_closed_trades{" in checked.stdout
