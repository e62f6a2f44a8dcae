"""`tradewatch run velocitytrader` as a person starts it: repeated, killed, stopped, published."""

import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.rules.test_metrics_lint import EVERY_METRIC, complaints, excused
from tests.support.pages import Series, parsed
from tests.support.patience import SECONDS
from tests.support.system_runs import (
    ask,
    command,
    finished,
    number,
    of_kind,
    page,
    promised,
    running,
    values,
)
from tradewatch.exporter import Format
from tradewatch.market.terminal import RARE_OUTAGES
from tradewatch.stack.waiting import wait_until

SYSTEM = "velocitytrader"
SYMBOLS = ("EURUSD+", "XAUUSD+", "BTCUSD")
TWO_DAYS = ("--symbols", ",".join(SYMBOLS), "--start", "2026-01-01", "--days", "2", "--fast", "--seed", "7")


def run(ledger: Path) -> None:
    finished(*command(SYSTEM, ledger, *TWO_DAYS)[1:])


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the ledger of two days; no test writes it."""
    path = tmp_path_factory.mktemp("two_days") / "trading_logs.db"
    run(path)
    return path


def test_two_days_have_all_that_there_is_to_see(ledger: Path) -> None:
    real = ask(ledger, "SELECT agent, pnl FROM trades WHERE mode IS NOT 'virtual'")
    assert {agent for agent, _ in real} == {"berserker", "sniper"}
    assert {pnl > 0 for _, pnl in real} == {True, False}
    regimes = {regime for (regime,) in ask(ledger, "SELECT regime FROM regime_history")}
    assert regimes == {"CHAOTIC", "UNDERDAMPED", "CRITICALLY_DAMPED", "OVERDAMPED"}
    halts = Counter((each["action"], each["reason"]) for each in of_kind(SYSTEM, ledger, "risk_acted"))
    assert halts["halt", "losses_in_a_row"] == halts["resume", "pause_over"] > 1
    assert halts["halt", "daily_loss"] == halts["resume", "new_day"] == 1


@pytest.fixture(scope="module")
def published(ledger: Path) -> Series:
    return parsed(page(ledger), Format.TEXT)


PARTS = ("agent", "regime", "symbol", "timeframe", "agent_regime")


@pytest.mark.parametrize("part", PARTS)
def test_the_parts_are_the_whole(published: Series, part: str) -> None:
    profits = values(SYSTEM, published, f"{part}_pnl_total" if part == "agent" else f"{part}_pnl")
    assert len(profits) > 1
    assert sum(profits.values()) == pytest.approx(values(SYSTEM, published, "pnl_total")[()], abs=0.005)
    assert (
        sum(values(SYSTEM, published, f"{part}_trades_total").values()) == values(SYSTEM, published, "trades_total")[()]
    )


REAL = "WITH real AS (SELECT * FROM trades WHERE mode IS NOT 'virtual') "
FACTS = {
    "trades_total": "SELECT count(*) FROM real",
    "pnl_total": "SELECT sum(pnl) FROM real",
    "win_rate": "SELECT 100.0 * sum(pnl > 0) / count(*) FROM real",
    "account_balance": "SELECT 10000 + sum(pnl) FROM real",
    "agent_pnl_total": "SELECT agent, sum(pnl) FROM real GROUP BY agent",
    "symbol_pnl": "SELECT asset, sum(pnl) FROM real GROUP BY asset",
    "virtual_trades_total": "SELECT count(*) FROM trades WHERE mode = 'virtual'",
    "virtual_agent_pnl": "SELECT agent, sum(pnl) FROM trades WHERE mode = 'virtual' GROUP BY agent",
    "ticks_processed_total": "SELECT sum(json_extract(body, '$.ticks')) FROM facts WHERE kind = 'bar_closed'",
    "regime_current": """
        SELECT asset, CASE regime WHEN 'CHAOTIC' THEN 1 WHEN 'UNDERDAMPED' THEN 2 WHEN 'CRITICALLY_DAMPED' THEN 3
        WHEN 'OVERDAMPED' THEN 4 END FROM (SELECT asset, regime, max(time) FROM regime_history GROUP BY asset)""",
    "regime_changes_total": """
        SELECT asset, count(*) FROM regime_history WHERE previous IS NOT NULL GROUP BY asset""",
    "rl_exploration_rate": """
        SELECT json_extract(body, '$.agent'), json_extract(body, '$.exploration_rate') FROM facts JOIN
        (SELECT max(sequence) AS newest FROM facts WHERE kind = 'learning_stepped'
        GROUP BY json_extract(body, '$.agent')) ON sequence = newest""",
    "agent_signals_total": """
        SELECT agent, stance, count(body) FROM (SELECT 'berserker' AS agent UNION SELECT 'sniper'),
        (SELECT 'BUY' AS stance UNION SELECT 'SELL' UNION SELECT 'HOLD') LEFT JOIN facts ON kind = 'signal_given'
        AND json_extract(body, '$.agent') = agent AND json_extract(body, '$.stance') = stance GROUP BY 1, 2""",
    "signals_generated_total": "SELECT count(*) FROM facts WHERE kind = 'signal_given'",
    "agent_active_positions": """
        SELECT json_extract(body, '$.agent'), count(*) FROM facts
        WHERE kind = 'trade_opened' AND json_extract(body, '$.mode') IS NULL
        AND json_extract(body, '$.trade_id') NOT IN (SELECT trade_id FROM trades) GROUP BY 1""",
}
"""What the page must say, asked of the ledger in SQL: labels first, the value last."""


@pytest.mark.parametrize("name", FACTS)
def test_the_page_says_what_sql_finds_in_the_ledger(ledger: Path, published: Series, name: str) -> None:
    found = {tuple(labels): value for *labels, value in ask(ledger, REAL + FACTS[name])}
    told = values(SYSTEM, published, name)
    if name == "agent_active_positions":
        told = {labels: value for labels, value in told.items() if value}
    assert told == pytest.approx(found, rel=1e-12, abs=1e-9)


def quiet_seed(begin: datetime) -> str:
    """Return a seed whose terminal has no outage in the next minutes."""
    minutes = [begin + timedelta(minutes=minute) for minute in range(-2, 10)]
    return str(next(seed for seed in range(100) if not any(RARE_OUTAGES.covers(each, seed) for each in minutes)))


def has_caught_up(ledger: Path) -> bool:
    """Return whether the newest heartbeat is the one of this minute, or of the last."""
    beat = number(ledger, "SELECT coalesce(max(time), 0) FROM facts WHERE kind = 'heartbeat'")
    return datetime.now(UTC).timestamp() - beat / 1e6 < 75


@contextmanager
def live(ledger: Path, back: timedelta) -> Iterator["subprocess.Popen[str]"]:
    """Yield a run at the clock's pace that began some time ago and has caught up."""
    now = datetime.now(UTC)
    words = ("--symbols", "BTCUSD", "--seed", quiet_seed(now), "--start", f"{now - back:%Y-%m-%dT%H:%M:%S}")
    with running(SYSTEM, ledger, *words) as process:
        assert wait_until(lambda: has_caught_up(ledger) or process.poll() is not None, seconds=SECONDS)
        assert process.poll() is None
        yield process


def test_a_live_run_catches_up_beats_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    path = tmp_path / "v.db"
    with live(path, timedelta(minutes=10)) as process:
        series = parsed(page(path, Format.OPENMETRICS), Format.OPENMETRICS)
        assert values(SYSTEM, series, "system_status") == values(SYSTEM, series, "mt5_connection") == {(): 1}
        assert values(SYSTEM, series, "active_symbols") == {(): 1}
        assert 540 < values(SYSTEM, series, "uptime_seconds")[()] < 1_000
        refused = subprocess.run(
            command(SYSTEM, path, "--fast", "--days", "1"), capture_output=True, text=True, check=False
        )
        assert (refused.returncode, "another run writes the ledger" in refused.stderr) == (2, True)
        process.terminate()
        assert process.wait(SECONDS) == 0
    assert [each["reason"] for each in of_kind(SYSTEM, path, "run_ended")] == ["stopped"]
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".run"] == []


def test_a_page_has_every_metric_of_the_contract(tmp_path: Path) -> None:
    path = tmp_path / "v.db"
    with live(path, timedelta(days=22)):
        text, openmetrics = page(path), page(path, Format.OPENMETRICS)
    series = parsed(openmetrics, Format.OPENMETRICS)
    labels = {name: {label for label, _ in found} for name, found in series}
    due = promised(SYSTEM)
    assert len(due) > 50
    assert set(due) - set(labels) == set()
    assert {name for name, needed in due.items() if not needed <= labels[name]} == set()
    assert [each for each in complaints(text) if not excused(EVERY_METRIC, each)] == []
    assert len(parsed(text, Format.TEXT)) == len(series)
    assert {line.split("{")[0].split(" ")[0] for line in text.decode().splitlines()} >= set(due)
