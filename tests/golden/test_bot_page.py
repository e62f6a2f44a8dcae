"""The generic system's whole page, as text a person has read."""

from pathlib import Path

import pytest

from tests.support.books import ledger_of
from tests.support.definitions import checks
from tests.support.facts import at, closed, opened, started
from tests.support.golden import compare
from tradewatch.catalog import concepts
from tradewatch.exporter import Format, Service
from tradewatch.facts import CashFlowed, Direction, ErrorOccurred, Heartbeat, TradeVoided

HERE = Path(__file__).parent
FACTS = (
    at(0, started(1000.0)),
    at(60, opened("a", fees=0.5)),
    at(120, closed("a", pnl=25.5, fees=1.0, exit_reason="target")),
    at(180, opened("b", asset="ETH", direction=Direction.SELL, strategy="reversion", tag="dip")),
    at(240, closed("b", pnl=-50.25, asset="ETH", direction=Direction.SELL, strategy="reversion", tag="dip")),
    at(240, closed("c", pnl=0.0, asset='say "cheese"\n🧀')),
    at(300, closed("d", pnl=99.0)),
    at(360, TradeVoided(trade_id="d")),
    at(420, CashFlowed(amount=500.0)),
    at(480, opened("e")),
    at(540, ErrorOccurred(component="feed", type="timeout")),
    at(600, Heartbeat(interval=60.0)),
)


def published(page: bytes) -> str:
    """Leave out what a machine and a moment put there."""
    changing = (
        "process_",
        "tradewatch_scrape_duration",
        "tradewatch_build_info",
        "tradewatch_source",
        "velocitytrader_db_query_latency_seconds",
    )
    lines = page.decode().splitlines(keepends=True)
    return "".join(line for line in lines if not any(f" {name}" in f" {line}" for name in changing))


@checks(concepts.LAST_TRADE_TIME, concepts.LAST_HEARTBEAT_TIME, within="exact")
@pytest.mark.parametrize(("wire_format", "name"), [(Format.TEXT, "bot.prom"), (Format.OPENMETRICS, "bot.openmetrics")])
def test_the_page_is_the_golden_one(
    tmp_path: Path, pytestconfig: pytest.Config, wire_format: Format, name: str
) -> None:
    service = Service(ledger_of(tmp_path / "bot.db", FACTS), clock=lambda: FACTS[-1].time)
    compare(HERE / name, published(service.page(wire_format)), update=pytestconfig.getoption("--update-golden"))
    service.close()
