"""VelocityPTrader's whole page, as text a person has read."""

from pathlib import Path
from typing import Any

import pytest

from tests.golden.test_bot_page import published
from tests.support.books import ledger_of
from tests.support.facts import at, closed, opened, started
from tests.support.golden import compare
from tradewatch.exporter import Format, Service
from tradewatch.facts import (
    VIRTUAL,
    BarClosed,
    ConnectionChanged,
    Direction,
    ErrorOccurred,
    Fact,
    Heartbeat,
    LearningStepped,
    OrderRefused,
    QuotesRefused,
    RegimeEntered,
    RiskActed,
    RiskAction,
    Severity,
    SignalGiven,
    Stance,
)

HERE = Path(__file__).parent
DAY = 86_400


def trade(trade_id: str, agent: str, symbol: str, pnl: float, **changes: object) -> Fact:
    terms = {"asset": symbol, "agent": agent, "timeframe": "M5", "strategy": None, "mode": "live", "confidence": 0.5}
    return closed(trade_id, pnl=pnl, **(terms | changes))


def bar(**changes: Any) -> BarClosed:  # Any: fields of several types
    return BarClosed(asset="XAUUSD+", open=100.0, high=102.0, low=99.0, close=101.0, **changes)


FACTS = (
    at(0, started(10_000.0)),
    at(10, RegimeEntered(asset="EURUSD+", regime="UNDERDAMPED", timeframe="M5")),
    at(20, opened("a", asset="EURUSD+", agent="berserker", timeframe="M5")),
    at(60, trade("a", "berserker", "EURUSD+", 120.0, confidence=0.75)),
    at(120, trade("b", "sniper", "EURUSD", -40.0, direction=Direction.SELL, timeframe="H1")),
    at(180, trade("c", "sniper", "EURUSD+", 0.0)),
    at(240, trade("d", "berserker", "BTCUSD+", 55.5)),
    at(300, trade("v", "shadow_sniper", "BTCUSD+", 900.0, mode=VIRTUAL)),
    at(DAY, trade("e", "berserker", "BTCUSD+", -75.0)),
    at(2 * DAY, trade("f", "sniper", "XAUUSD+", 20.0)),
    at(3 * DAY, opened("g", asset="XAUUSD+", agent="sniper", timeframe="M5")),
    at(3 * DAY + 60, ErrorOccurred(component="TradingEngine", type="ValueError", severity=Severity.CRITICAL)),
    at(3 * DAY + 70, ConnectionChanged(connection="mt5", connected=True)),
    at(3 * DAY + 71, SignalGiven(asset="XAUUSD+", stance=Stance.BUY, taken=True, agent="sniper", confidence=0.5)),
    at(3 * DAY + 72, SignalGiven(asset="XAUUSD+", stance=Stance.SELL, taken=False, agent="sniper", confidence=1.0)),
    at(3 * DAY + 73, OrderRefused(asset="XAUUSD+", reason="margin", agent="sniper")),
    at(3 * DAY + 74, QuotesRefused(asset="XAUUSD+", reason="crossed", count=2)),
    at(3 * DAY + 75, RiskActed(action=RiskAction.HALT, reason="losses_in_a_row", scope="sniper", seconds=14_400.0)),
    at(
        3 * DAY + 76,
        LearningStepped(
            agent="sniper",
            experiences=90,
            episodes=40,
            buffer_size=80,
            exploration_rate=0.5,
            loss=0.25,
            model_confidence=0.4,
            progress=0.1,
        ),
    ),
    at(3 * DAY + 80, bar(interval=60.0, ticks=12, spread=0.25)),
    at(3 * DAY + 80, bar(interval=300.0, indicators={"velocity": 0.5, "energy": 2.0, "damping_ratio": 0.9})),
    at(3 * DAY + 80, RegimeEntered(asset="XAUUSD+", regime="CHAOTIC", timeframe="M5")),
    at(3 * DAY + 85, RegimeEntered(asset="XAUUSD+", regime="OVERDAMPED", previous="CHAOTIC", timeframe="M5")),
    at(3 * DAY + 90, Heartbeat(interval=60.0, cycle_seconds=0.02)),
)


@pytest.mark.parametrize(
    ("wire_format", "name"), [(Format.TEXT, "velocitytrader.prom"), (Format.OPENMETRICS, "velocitytrader.openmetrics")]
)
def test_the_page_is_the_golden_one(
    tmp_path: Path, pytestconfig: pytest.Config, wire_format: Format, name: str
) -> None:
    path = ledger_of(tmp_path / "trading_logs.db", FACTS, "velocitytrader")
    service = Service(path, clock=lambda: FACTS[-1].time)
    compare(HERE / name, published(service.page(wire_format)), update=pytestconfig.getoption("--update-golden"))
    service.close()
