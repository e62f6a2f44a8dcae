"""`tradewatch run hydra` as a person starts it: the founding document's success criteria, asked of the page."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from tests.rules.test_metrics_lint import EVERY_METRIC, complaints, excused
from tests.support.pages import Series, parsed
from tests.support.patience import SECONDS
from tests.support.system_runs import (
    ask,
    command,
    fetched,
    finished,
    newest,
    of_kind,
    page,
    promised,
    running,
    values,
)
from tradewatch.exporter import Format
from tradewatch.market.instruments import CRYPTO
from tradewatch.regimes import TrendRegime
from tradewatch.stack.waiting import wait_until

SYSTEM = "hydra"
FIVE_DAYS = ("--start", "2026-01-01", "--days", "5", "--fast", "--seed", "7")
ENGINES = ("A", "B", "C", "D")
STANCES = ("BUY", "HOLD", "SELL")
EQUITY = 10_000.0
DAYS_A_YEAR = 365


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the ledger of five days; no test writes it."""
    path = tmp_path_factory.mktemp("five_days") / "hydra.db"
    finished(*command(SYSTEM, path, *FIVE_DAYS)[1:])
    return path


@pytest.fixture(scope="module")
def published(ledger: Path) -> Series:
    return parsed(page(ledger), Format.TEXT)


def found(published: Series, name: str) -> dict[tuple[str, ...], float]:
    return values(SYSTEM, published, name)


def single(published: Series, name: str) -> float:
    return found(published, name)[()]


def of_assets(published: Series, name: str) -> set[str]:
    return {asset for (asset,) in found(published, name)}


def test_all_eight_assets_trade_in_all_regimes(ledger: Path) -> None:
    assert {asset for (asset,) in ask(ledger, "SELECT DISTINCT asset FROM trades")} == set(CRYPTO)
    assert {regime for (regime,) in ask(ledger, "SELECT DISTINCT regime FROM regime_history")} == set(TrendRegime)


def test_each_engine_votes_in_all_directions_and_the_guardian_lets_trading_go_on_after_a_halt(ledger: Path) -> None:
    assert set(ask(ledger, "SELECT DISTINCT engine, stance FROM votes")) == {
        (engine, stance) for engine in ENGINES for stance in STANCES
    }
    acted = [(each["action"], each.get("scope", "account")) for each in of_kind(SYSTEM, ledger, "risk_acted")]
    assert ("halt", "account") in acted
    assert ("resume", "account") in acted


def test_phase_1_each_asset_has_its_profit_indicators_and_regime(ledger: Path, published: Series) -> None:
    for name in ("asset_pnl_percent", "asset_win_rate", "asset_trade_count", "asset_price_usd", "regime_current"):
        assert of_assets(published, name) == set(CRYPTO)
    for name in ("adx", "atr", "bb_width", "volatility"):
        assert of_assets(published, f"indicator_{name}") == set(CRYPTO)
        newest_bars = {bar["asset"]: bar["indicators"][name] for bar in of_kind(SYSTEM, ledger, "bar_closed")}
        assert found(published, f"indicator_{name}") == {(asset,): value for asset, value in newest_bars.items()}
    profits = dict(ask(ledger, "SELECT asset, 100 * sum(pnl) / 10000 FROM trades GROUP BY asset"))
    assert found(published, "asset_pnl_percent") == pytest.approx({(asset,): pnl for asset, pnl in profits.items()})
    assert sum(found(published, "asset_pnl_percent").values()) == pytest.approx(
        single(published, "pnl_total_percent"), abs=1e-9
    )
    current = ask(ledger, "SELECT asset, regime, max(time) FROM regime_history GROUP BY asset")
    assert found(published, "regime_current") == {(asset,): TrendRegime(regime).code for asset, regime, _ in current}


def test_phase_1_the_account_is_tracked(ledger: Path, published: Series) -> None:
    realised = ask(ledger, "SELECT sum(pnl) FROM trades")[0][0]
    closed = {trade_id for (trade_id,) in ask(ledger, "SELECT trade_id FROM trades")}
    opened = of_kind(SYSTEM, ledger, "trade_opened")
    booked = sum(each["fees"] for each in opened if each["trade_id"] not in closed)
    assert single(published, "account_balance_usd") == pytest.approx(EQUITY + realised - booked)
    marks = [balance for (balance,) in ask(ledger, "SELECT balance FROM equity_marks")]
    assert single(published, "account_balance_usd") == pytest.approx(marks[-1])
    assert single(published, "peak_balance_usd") == pytest.approx(max(marks))
    assert sum(found(published, "open_positions").values()) == len(opened) - len(closed)
    assert set(found(published, "trades_total")) >= {
        (asset, direction, engine, "win" if pnl > 0 else "loss")
        for asset, direction, engine, pnl in ask(ledger, "SELECT asset, direction, engine, pnl FROM trades")
    }


def test_phase_2_regimes_have_their_trades_their_time_and_their_transitions(ledger: Path, published: Series) -> None:
    assert sum(found(published, "regime_trades_total").values()) == single(published, "closed_trades")
    assert sum(found(published, "regime_pnl_percent").values()) == pytest.approx(
        single(published, "pnl_total_percent"), abs=1e-9
    )
    shares = found(published, "regime_time_percent")
    for asset in CRYPTO:
        assert sum(share for (of, _), share in shares.items() if of == asset) == pytest.approx(100.0)
    changes = ask(
        ledger,
        "SELECT asset, previous, regime, count(*) FROM regime_history WHERE previous IS NOT NULL GROUP BY 1, 2, 3",
    )
    assert found(published, "regime_transitions_total") == {
        (asset, before, after): count for asset, before, after, count in changes
    }


def test_phase_3_votes_are_those_recorded_and_agreement_is_a_hand_count(ledger: Path, published: Series) -> None:
    counted = ask(ledger, "SELECT stance, engine, count(*) FROM votes GROUP BY 1, 2")
    assert found(published, "engine_votes_total") == {(stance, engine): count for stance, engine, count in counted}
    rounds = [each["votes"] for each in of_kind(SYSTEM, ledger, "votes_cast")[-100:]]
    pairs = [(one, other) for one in range(4) for other in range(one)]
    agreed = [
        sum(votes[one]["stance"] == votes[other]["stance"] for one, other in pairs) / len(pairs) for votes in rounds
    ]
    assert single(published, "engine_agreement_rate") == pytest.approx(100 * sum(agreed) / len(agreed))


def test_phase_3_engines_share_what_trades_made_and_the_best_of_each_asset_can_be_told(
    ledger: Path, published: Series
) -> None:
    shared = found(published, "engine_asset_pnl")
    assert sum(shared.values()) == pytest.approx(ask(ledger, "SELECT sum(pnl) FROM trades")[0][0])
    assert {asset for asset, _ in shared} == set(CRYPTO)
    right: dict[str, list[bool]] = {engine: [] for engine in ENGINES}
    for scored in of_kind(SYSTEM, ledger, "votes_scored"):
        for score in scored["scores"]:
            right[score["engine"]].append(score["correct"])
    assert found(published, "engine_win_rate") == pytest.approx(
        {(engine,): 100 * np.mean(scores) for engine, scores in right.items()}
    )
    assert found(published, "engine_points") == {(engine,): sum(scores) for engine, scores in right.items()}
    assert sum(found(published, "engine_weight").values()) == pytest.approx(100.0)
    assert min(found(published, "engine_rank").values()) == 1


def daily_returns(ledger: Path) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the account's returns by UTC day, from its last marks."""
    marks = np.array([EQUITY, *(equity for (equity,) in ask(ledger, "SELECT equity FROM daily_equity ORDER BY day"))])
    returns: np.ndarray[tuple[int], np.dtype[np.float64]] = marks[1:] / marks[:-1] - 1
    return returns


def test_phase_4_the_ratios_are_those_of_an_independent_calculation_and_of_the_report(
    ledger: Path, published: Series
) -> None:
    returns = daily_returns(ledger)
    downside = np.sqrt(np.mean(np.minimum(returns, 0.0) ** 2))
    equities = np.array([EQUITY, *(value for (value,) in ask(ledger, "SELECT equity FROM equity_marks ORDER BY time"))])
    drawdown = np.max(1 - equities / np.maximum.accumulate(equities))
    profits = np.array([pnl for (pnl,) in ask(ledger, "SELECT pnl FROM trades")])
    gains, losses = profits[profits > 0], -profits[profits < 0]
    years = len(returns) / DAYS_A_YEAR
    expected = {
        "sharpe_ratio": returns.mean() / returns.std(ddof=1) * np.sqrt(DAYS_A_YEAR),
        "sortino_ratio": returns.mean() / downside * np.sqrt(DAYS_A_YEAR),
        "max_drawdown_percent": 100 * drawdown,
        "calmar_ratio": ((equities[-1] / EQUITY) ** (1 / years) - 1) / drawdown,
        "avg_risk_reward": gains.mean() / losses.mean(),
        "profit_factor": gains.sum() / losses.sum(),
        "expectancy": profits.mean(),
    }
    assert {name: single(published, name) for name in expected} == pytest.approx(expected, rel=1e-9)
    assert single(published, "return_days") == len(returns)
    reported = json.loads(finished("report", "--ledger", ledger, "--json"))
    assert str(single(published, "profit_factor")) in json.dumps(reported)
    assert str(single(published, "sharpe_ratio")) in json.dumps(reported)


def test_a_page_of_the_run_itself_has_every_metric_of_the_contract(tmp_path: Path) -> None:
    path = tmp_path / "h.db"
    words = ("--start", "2026-01-01", "--days", "3650", "--fast", "--seed", "7", "--metrics", "127.0.0.1:0")
    with running(SYSTEM, path, *words) as process:
        assert process.stdout is not None
        port = int(re.search(r":([0-9]+)/metrics", process.stdout.readline()).group(1))  # type: ignore[union-attr]
        days = "SELECT max(time) - min(time) > 3 * 86400e6 FROM facts"
        assert wait_until(lambda: newest(path) > 0 and bool(ask(path, days)[0][0]), seconds=SECONDS)
        text, openmetrics = fetched(port), fetched(port, Format.OPENMETRICS)
    series = parsed(openmetrics, Format.OPENMETRICS)
    labels = {name: {label for label, _ in found} for name, found in series}
    due = {name: needed for name, needed in promised(SYSTEM).items() if name != "hydra_cycle_duration_seconds"}
    assert len(due) > 40
    assert set(due) - set(labels) == set()
    assert {name for name, needed in due.items() if not needed <= labels[name]} == set()
    assert "hydra_cycle_duration_seconds_bucket" in labels
    assert [each for each in complaints(text) if not excused(EVERY_METRIC, each)] == []
