"""What the founding documents promise is on the dashboards that they name, drawn as they say."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.rules import ALERTS

ROOT = Path(__file__).parents[2]
TITLES = {
    "velocitytrader-performance": "Trading Performance",
    "velocitytrader-agents": "Dual Agent Comparison",
    "velocitytrader-physics": "Market Regime & Physics",
    "velocitytrader-risk": "Risk Management",
    "velocitytrader-system": "System Health & RL",
}
PANELS = {
    "velocitytrader-performance": {
        "Total P&L": "stat",
        "P&L Over Time": "timeseries",
        "Win Rate": "gauge",
        "Profit Factor": "stat",
        "Wins and Losses": "piechart",
        "Largest Win": "stat",
        "Largest Loss": "stat",
        "Average Trade Duration": "stat",
    },
    "velocitytrader-agents": {
        "P&L Comparison Over Time": "timeseries",
        "Win Rate Comparison": "timeseries",
        "Trade Frequency, Trades an Hour": "timeseries",
        "Signal Confidence": "timeseries",
        "Trade Distribution": "piechart",
    },
    "velocitytrader-physics": {
        "Current Regime": "stat",
        "Momentum": "timeseries",
        "Velocity": "timeseries",
        "Acceleration": "timeseries",
        "Market Energy": "timeseries",
        "Natural Frequency": "timeseries",
        "Damping Ratio": "timeseries",
        "P&L by Regime": "barchart",
    },
    "velocitytrader-risk": {
        "Account Balance": "stat",
        "Account Equity": "stat",
        "Drawdown, Current against Maximum": "timeseries",
        "Sharpe Ratio": "stat",
        "Sortino Ratio": "stat",
        "Calmar Ratio": "stat",
        "Recovery Factor": "stat",
        "VaR (95 %), a Day": "stat",
        "Consecutive Wins, Most": "stat",
        "Consecutive Losses, Most": "stat",
    },
    "velocitytrader-system": {
        "System": "stat",
        "MT5 Connection": "stat",
        "Uptime": "stat",
        "Error Rate by Severity, Errors a Minute": "timeseries",
        "Database Latency": "stat",
        "RL Learning Progress": "timeseries",
        "Exploration Rate": "timeseries",
        "Model Confidence": "timeseries",
    },
    "hydra-overview": {"Total P&L": "stat", "Current Regime": "stat", "Kill Switch": "stat"},
    "hydra-risk": {"Guardian Status": "stat", "Daily Drawdown against its Limit": "timeseries"},
    "hydra-asset-performance": {
        "P&L by Asset": "barchart",
        "Technical Indicators: ADX": "timeseries",
        "Technical Indicators: ATR": "timeseries",
        "Technical Indicators: Volatility": "timeseries",
        "Current Regime Indicator": "stat",
        "Account Balance": "timeseries",
    },
    "hydra-regime-analytics": {
        "Regime Performance Heatmap": "heatmap",
        "Regime Distribution": "piechart",
        "Regime Transitions": "state-timeline",
    },
    "hydra-engine-analytics": {
        "Engine x Asset Matrix": "heatmap",
        "Engine Agreement": "gauge",
        "Vote Distribution": "barchart",
    },
    "hydra-advanced-analytics": {
        "Sharpe Ratio": "stat",
        "Sortino Ratio": "stat",
        "Maximum Drawdown": "stat",
        "Calmar Ratio": "stat",
        "Average Risk/Reward": "stat",
        "Profit Factor": "stat",
        "Expectancy, a Trade": "stat",
    },
}
PROMISED_ALERTS = {
    "VelocityTraderDrawdownCritical": "critical",
    "VelocityTraderDown": "critical",
    "VelocityTraderMT5Disconnected": "critical",
    "VelocityTraderDrawdownHigh": "warning",
    "VelocityTraderWinRateLow": "warning",
    "VelocityTraderErrorsMany": "warning",
    "BerserkerUnderperforming": "warning",
    "SniperUnderperforming": "warning",
    "VelocityTraderModelConfidenceLow": "warning",
    "VelocityTraderExplorationHigh": "warning",
}


def read(uid: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((ROOT / f"monitoring/grafana/dashboards/{uid}.json").read_text())
    return content


@pytest.mark.parametrize("uid", TITLES)
def test_a_dashboard_has_the_title_of_its_heading(uid: str) -> None:
    dashboard = read(uid)
    assert (dashboard["uid"], dashboard["title"]) == (uid, TITLES[uid])


@pytest.mark.parametrize("uid", PANELS)
def test_the_panels_are_there_and_drawn_as_promised(uid: str) -> None:
    found = {panel["title"]: panel["type"] for panel in read(uid)["panels"]}
    assert {title: found.get(title) for title in PANELS[uid]} == PANELS[uid]


def test_the_example_of_a_panel_is_the_panel() -> None:
    (panel,) = [each for each in read("hydra-asset-performance")["panels"] if each["title"] == "P&L by Asset"]
    (target,) = panel["targets"]
    assert target["expr"].partition("{")[0] == "hydra_asset_pnl_percent"
    assert target["legendFormat"] == "{{asset}}"


@pytest.mark.parametrize("name", PROMISED_ALERTS)
def test_an_alert_is_as_urgent_as_promised(name: str) -> None:
    _, alert = ALERTS[name]
    assert alert.urgency == PROMISED_ALERTS[name]
