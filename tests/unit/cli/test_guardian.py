"""`tradewatch guardian reset`: a person ends the halt of the drawdown limit."""

from pathlib import Path

import pytest

from tests.support.books import ledger_of
from tests.support.facts import at, closed, started
from tests.support.ledgers import rows
from tests.support.pages import sample, scrape
from tests.unit.cli.test_commands import run
from tradewatch.facts import Entry, Fact, Heartbeat, RiskActed, RiskAction
from tradewatch.ledger import SqliteAppender

ALLOWED = "velocitytrader_trading_allowed"


def acted(action: RiskAction, reason: str) -> Fact:
    return RiskActed(action=action, reason=reason, scope="account")


def halted(path: Path) -> Path:
    facts: list[Entry] = [
        at(0, started(10_000.0)),
        at(0, Heartbeat(interval=60.0)),
        at(60, closed("a", pnl=-3_000.0, agent="sniper", strategy=None)),
        at(60, acted(RiskAction.KILL_SWITCH_ON, "drawdown")),
    ]
    return ledger_of(path, facts, "velocitytrader")


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return halted(tmp_path / "v.db")


def refused(*arguments: str | Path) -> str:
    result = run("guardian", "reset", *arguments)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    return result.stderr


def test_a_reset_is_a_fact_after_the_newest_one_and_trading_is_allowed_again(ledger: Path) -> None:
    assert sample(scrape(ledger), ALLOWED) == 0
    done = run("guardian", "reset", "--ledger", ledger, "--reason", "looked into it")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("velocitytrader may trade again")
    *_, before, told = rows(ledger, "velocitytrader")
    assert told.time == before.time + 1
    assert (told.kind, '"detail":"looked into it"' in told.body) == ("risk_acted", True)
    assert sample(scrape(ledger), ALLOWED) == 1


def test_a_second_reset_is_one_more_fact(ledger: Path) -> None:
    for _ in range(2):
        assert run("guardian", "reset", "--ledger", ledger).returncode == 0
    first, second = rows(ledger, "velocitytrader")[-2:]
    assert first.id < second.id


def test_a_halt_of_the_day_stays(ledger: Path) -> None:
    ledger_of(ledger, [at(61, acted(RiskAction.HALT, "daily_loss"))], "velocitytrader")
    assert run("guardian", "reset", "--ledger", ledger).returncode == 0
    assert sample(scrape(ledger), ALLOWED) == 0


def test_a_ledger_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert "no ledger at" in refused("--ledger", tmp_path / "v.db")
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_without_facts_has_nobody_to_release(tmp_path: Path) -> None:
    SqliteAppender(tmp_path / "v.db").close()
    assert "holds no facts: check the path and --system" in refused("--ledger", tmp_path / "v.db")


def test_of_several_systems_one_must_be_named(ledger: Path) -> None:
    ledger_of(ledger, [at(0, started(1_000.0))], "bot")
    assert "holds the systems bot, velocitytrader: choose one with --system" in refused("--ledger", ledger)
    assert run("guardian", "reset", "--ledger", ledger, "--system", "velocitytrader").returncode == 0
    assert [row.kind for row in rows(ledger, "bot")] == ["run_started"]


def test_a_system_that_is_not_there_is_not_released(ledger: Path) -> None:
    before = len(rows(ledger, "velocitytrader"))
    assert "holds no facts of hydra: check the path and --system" in refused("--ledger", ledger, "--system", "hydra")
    assert "is not text in UTF-8" in refused("--ledger", ledger, "--reason", "\udcff")
    assert len(rows(ledger, "velocitytrader")) == before
