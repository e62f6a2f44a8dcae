"""Only Watchdog fires on a healthy system and on an empty one; a dead exporter is noticed, and resolves nothing."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.books import ledger_of
from tests.support.facts import at, started
from tests.support.pages import Series, parsed
from tests.support.rules import ALERTS, Case, failures
from tests.support.series import HOURS
from tradewatch.exporter import Format, Service
from tradewatch.systems import SYSTEMS

GOLDEN = Path(__file__).parents[1] / "golden"
NAMES = [system.name for system in SYSTEMS]
THREE_HOURS = 180
NOW = "0+60x180"
"""A Unix time that is always now, as promtool's clock begins at 0."""

HEALTHY: Mapping[str, str] = {
    "velocitytrader_system_status": "1",
    "velocitytrader_mt5_connection": "1",
    "velocitytrader_errors_total": "3",
    "velocitytrader_db_query_latency_seconds": "0.002",
    "velocitytrader_current_drawdown": "6",
    "velocitytrader_win_rate": "47",
    "velocitytrader_profit_factor": "1.3",
    "velocitytrader_closed_trades": "400",
    "velocitytrader_trading_allowed": "1",
    "velocitytrader_agent_win_rate": "46",
    "velocitytrader_agent_trades_total": "200",
    "velocitytrader_rl_model_confidence": "0.6",
    "velocitytrader_rl_exploration_rate": "0.06",
    "velocitytrader_rl_experiences_total": "50000",
    "hydra_system_status": "1",
    "hydra_engine_active": "1",
    "hydra_last_bar_timestamp_seconds": NOW,
    "hydra_stale_after_seconds": "300",
    "hydra_data_feed_errors_total": "2",
    "hydra_api_latency_seconds": "0",
    "hydra_iterations_total": "1000+1x180",
    "hydra_uptime_seconds": "200000",
    "hydra_last_trade_timestamp_seconds": NOW,
    "hydra_daily_drawdown_percent": "1.2",
    "hydra_total_drawdown_percent": "3",
    "hydra_loss_budget_used_ratio": "0+0.001x180",
    "hydra_kill_switch_active": "0",
    "hydra_emergency_shutdown_active": "0",
    "hydra_circuit_breaker_active": "0",
    "hydra_consecutive_losses": "1",
    "hydra_win_rate_upper_bound_percent": "55",
    "hydra_avg_risk_reward": "1.4",
    "hydra_profit_factor": "1.2",
    "hydra_closed_trades": "300",
    "hydra_engine_agreement_rate": "55",
    "hydra_engine_votes_total": "4000",
    "hydra_regime_current": "1x20 2x160",
    "hydra_trading_allowed": "1",
    "bot_system_status": "1",
    "bot_drawdown_percent": "4",
    "bot_ruined": "0",
    "bot_daily_pnl_percent": "-1",
    "bot_profit_factor": "1.4",
    "bot_closed_trades": "300",
    "bot_win_rate_upper_bound_percent": "60",
    "bot_average_risk_reward": "1.5",
    "bot_errors_total": "1",
    "tradewatch_ready": "1",
    "tradewatch_source_up": "1",
    "tradewatch_facts_rejected_total": "2",
    "tradewatch_refolds_total": "1",
    "tradewatch_facts_dropped_total": "0",
    "tradewatch_series_dropped_total": "0",
    "tradewatch_reconciliation_error": "0",
    "up": "1",
    "scrape_duration_seconds": "0.01",
    "prometheus_rule_evaluation_failures_total": "0",
    "prometheus_config_last_reload_successful": "1",
    "prometheus_notifications_errors_total": "0",
}
"""What a healthy system says in place of what the golden pages have; their other numbers stay."""

FROM_LIMITS = {"hydra_guardian_limit"}
"""What the golden page has of its own is healthy."""


def series(page: Series, job: str, changes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield a page's series as a target of a job has them."""
    for (name, labels), value in page.items():
        every = {"job": job, "instance": job, **dict(labels)}
        inside = ",".join(f'{label}="{_escaped(text)}"' for label, text in sorted(every.items()))
        told = changes.get(name, f"{value!r}")
        yield f"{name}{{{inside}}}", told if "x" in told else told + HOURS


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def servers(job: str) -> Iterator[tuple[str, str]]:
    own = {"up": "1", "scrape_duration_seconds": "0.01"}
    prometheus = {name: value for name, value in HEALTHY.items() if name.startswith("prometheus_")}
    for name, value in {**own, **(prometheus if job == "prometheus" else {})}.items():
        yield f'{name}{{job="{job}",instance="{job}"}}', value + HOURS


def everything(pages: Mapping[str, Series], changes: Mapping[str, str]) -> dict[str, str]:
    told = [pair for name, page in pages.items() for pair in series(page, name, changes)]
    return dict([*told, *(pair for job in (*pages, "prometheus") for pair in servers(job))])


@pytest.fixture(scope="module")
def golden() -> Mapping[str, Series]:
    return {name: parsed((GOLDEN / f"{name}.prom").read_bytes(), Format.TEXT) for name in NAMES}


def test_every_metric_that_an_alert_asks_for_is_told_healthy() -> None:
    asked = {metric.name for _, alert in ALERTS.values() for metric in alert.query.metrics}
    assert asked - set(HEALTHY) - FROM_LIMITS == set()


def test_only_watchdog_fires_on_healthy_systems(tmp_path: Path, golden: Mapping[str, Series]) -> None:
    healthy = everything(golden, HEALTHY)
    assert failures([Case("healthy", healthy, THREE_HOURS, ("Watchdog",))], tmp_path) == ""


@pytest.mark.parametrize("facts", [(), (at(0, started(10_000.0)),)], ids=["nothing told", "a run began"])
def test_only_watchdog_fires_on_empty_systems(tmp_path: Path, facts: tuple[object, ...]) -> None:
    pages = {}
    for name in NAMES:
        service = Service(ledger_of(tmp_path / f"{name}.db", facts, name))  # type: ignore[arg-type]  # entries
        pages[name] = parsed(service.page(Format.TEXT), Format.TEXT)
        service.close()
    # A run that has begun and told nothing else is one whose heartbeats have stopped, once three of them are missed.
    assert failures([Case("empty", everything(pages, {}), THREE_HOURS, ("Watchdog",))], tmp_path) == ""


def dying(told: Mapping[str, str], job: str, minute: int) -> dict[str, str]:
    """Return series of which those of a job end at a minute, where its target no longer answers."""
    ended: dict[str, str] = {}
    for name, values in told.items():
        if f'job="{job}"' not in name:
            ended[name] = values
        elif name.startswith("up{"):
            ended[name] = f"1x{minute - 1} 0x{THREE_HOURS}"
        else:
            ended[name] = f"{values.partition('x')[0]}x{minute - 1} stale"
    return ended


@pytest.mark.parametrize("job", NAMES)
def test_a_dead_exporter_is_noticed_and_nothing_else_fires(
    tmp_path: Path, golden: Mapping[str, Series], job: str
) -> None:
    told = dying(everything(golden, HEALTHY), job, 100)
    assert failures([Case("dead", told, THREE_HOURS, ("TargetDown", "Watchdog"))], tmp_path) == ""


def test_a_dead_exporter_does_not_resolve_a_drawdown_before_its_own_alert_fires(
    tmp_path: Path, golden: Mapping[str, Series]
) -> None:
    deep = {**HEALTHY, "velocitytrader_current_drawdown": "26"}
    told = dying(everything(golden, deep), "velocitytrader", 100)
    drawdown = ("VelocityTraderDrawdownCritical", "VelocityTraderDrawdownHigh")
    cases = [
        Case("before", told, 99, (*drawdown, "Watchdog")),
        Case("still firing", told, 105, (*drawdown, "TargetDown", "Watchdog")),
        Case("later", told, 120, ("TargetDown", "Watchdog")),
    ]
    assert failures(cases, tmp_path) == ""
