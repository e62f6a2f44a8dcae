"""VelocityPTrader's whole page, as text a person has read."""

from pathlib import Path

import pytest

from tests.golden.test_bot_page import published
from tests.support.books import ledger_of
from tests.support.facts import at, closed, opened, started
from tests.support.golden import compare
from tradewatch.exporter import Format, Service
from tradewatch.facts import VIRTUAL, Direction, ErrorOccurred, Fact, Heartbeat, RegimeEntered, Severity

HERE = Path(__file__).parent
DAY = 86_400


def trade(trade_id: str, agent: str, symbol: str, pnl: float, **changes: object) -> Fact:
    terms = {"asset": symbol, "agent": agent, "timeframe": "M5", "strategy": None, "mode": "live", "confidence": 0.5}
    return closed(trade_id, pnl=pnl, **(terms | changes))


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
    at(3 * DAY + 90, Heartbeat(interval=60.0)),
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
