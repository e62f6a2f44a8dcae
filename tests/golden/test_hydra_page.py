"""HYDRA's whole page, as text a person has read."""

from pathlib import Path
from typing import Any

import pytest

from tests.golden.test_bot_page import published
from tests.support.books import ledger_of
from tests.support.facts import at, closed, opened
from tests.support.golden import compare
from tradewatch.exporter import Format, Service
from tradewatch.facts import (
    BarClosed,
    CallTimed,
    ConnectionChanged,
    Direction,
    EquityMarked,
    ErrorOccurred,
    Heartbeat,
    Mode,
    OrderRefused,
    QuotesRefused,
    RegimeEntered,
    RiskActed,
    RiskAction,
    RunStarted,
    Stance,
    Vote,
    VotesCast,
    VoteScore,
    VotesScored,
)

HERE = Path(__file__).parent
DAY = 86_400
BTC, ETH = "BTC-USD", "ETH-USD"
STANCES = {"B": Stance.BUY, "S": Stance.SELL, "H": Stance.HOLD}
LIMITS = {"daily_loss": 0.02, "drawdown": 0.06, "daily_drawdown": 0.03, "risk_per_trade": 0.01, "positions": 3}
START = RunStarted(
    run_id="run",
    mode=Mode.SIMULATED,
    starting_equity=10_000.0,
    currency="USD",
    version="4.0",
    limits=LIMITS,
    assets=(BTC, ETH, "SOL-USD"),
)


def bar(asset: str, close: float, **indicators: float) -> BarClosed:
    return BarClosed(
        asset=asset,
        interval=60.0,
        open=close,
        high=close + 1,
        low=close - 1,
        close=close,
        volume=3.0,
        spread=0.5,
        indicators=indicators,
    )


def votes(number: int, asset: str, letters: str, trade_id: str | None = None) -> VotesCast:
    cast = tuple(
        Vote(engine=engine, stance=STANCES[letter], confidence=0.5, weight=25.0)
        for engine, letter in zip("ABCD", letters, strict=True)
    )
    return VotesCast(round_id=f"r{number}", asset=asset, votes=cast, decision=STANCES[letters[0]], trade_id=trade_id)


def scored(number: int, trade_id: str, asset: str, **correct: bool) -> VotesScored:
    scores = tuple(VoteScore(engine=engine, correct=is_right) for engine, is_right in correct.items())
    return VotesScored(round_id=f"r{number}", trade_id=trade_id, asset=asset, scores=scores)


def terms(asset: str, engine: str, **changes: Any) -> dict[str, Any]:  # Any: fields of several types
    return {"asset": asset, "engine": engine, "strategy": None, "confidence": 0.5} | changes


def acted(action: RiskAction, reason: str, **fields: Any) -> RiskActed:  # Any: fields of several types
    return RiskActed(action=action, reason=reason, **fields)


LOST = terms(ETH, "A", direction=Direction.SELL, entry_reference_price=100.05, stop=110.0)
FACTS = (
    at(0, START),
    at(60, bar(BTC, 100.0)),
    at(60, bar(ETH, 10.0)),
    at(60, RegimeEntered(asset=BTC, regime="TRENDING_UP", confidence=0.9)),
    at(60, votes(1, BTC, "BBSH", "a")),
    at(120, opened("a", **terms(BTC, "A"), round_id="r1")),
    at(180, RegimeEntered(asset=BTC, regime="CHOPPY", previous="TRENDING_UP", confidence=0.75)),
    at(240, closed("a", pnl=70.0, fees=1.5, opened_at=at(120, START).time, **terms(BTC, "A"))),
    at(240, scored(1, "a", BTC, A=True, B=True, C=False)),
    at(240, EquityMarked(equity=10_070.0)),
    at(300, votes(2, ETH, "SSBH", "b")),
    at(360, opened("b", **LOST, round_id="r2")),
    at(600, closed("b", pnl=-110.0, fees=0.5, **LOST)),
    at(600, scored(2, "b", ETH, A=False, B=False, C=True)),
    at(600, EquityMarked(equity=9_960.0)),
    at(700, closed("c", pnl=0.0, **terms(BTC, "D"))),
    at(DAY, bar(BTC, 101.0)),
    at(DAY + 60, bar(BTC, 104.0, adx=27.5, atr=1.25, bb_width=0.04, volatility=0.6, regime_confidence=0.75)),
    at(DAY + 60, bar(ETH, 9.0)),
    at(DAY + 60, votes(3, BTC, "BBBB", "d")),
    at(DAY + 120, opened("d", **terms(BTC, "C", quantity=2.0), round_id="r3")),
    at(DAY + 120, EquityMarked(equity=9_800.0, unrealised={"d": -160.0})),
    at(DAY + 120, acted(RiskAction.WARN, "daily_loss", detail="80% of the limit is used")),
    at(DAY + 121, acted(RiskAction.REDUCE_SIZE, "losses_in_a_row", size_multiplier=0.5)),
    at(DAY + 122, acted(RiskAction.HALT, "choppy", scope=ETH)),
    at(DAY + 123, acted(RiskAction.EMERGENCY_ON, "daily_drawdown", seconds=86_400.0)),
    at(DAY + 124, OrderRefused(asset=ETH, reason="position_limit", engine="B")),
    at(DAY + 125, QuotesRefused(asset=ETH, reason="stale", count=2)),
    at(DAY + 126, ErrorOccurred(component="feed", type="timeout")),
    at(DAY + 127, CallTimed(api="kraken", endpoint="ticker", seconds=0.2, others=(0.04, 3.0))),
    at(DAY + 128, CallTimed(api="kraken", endpoint="ticker", seconds=30.0, error="timeout")),
    at(DAY + 129, ConnectionChanged(connection="kraken", connected=True)),
    at(DAY + 130, Heartbeat(interval=60.0, cycle_seconds=0.02)),
)


def page_of(path: Path, wire_format: Format) -> str:
    service = Service(path, clock=lambda: FACTS[-1].time)
    try:
        return published(service.page(wire_format))
    finally:
        service.close()


@pytest.mark.parametrize(
    ("wire_format", "name"), [(Format.TEXT, "hydra.prom"), (Format.OPENMETRICS, "hydra.openmetrics")]
)
def test_the_page_is_the_golden_one(
    tmp_path: Path, pytestconfig: pytest.Config, wire_format: Format, name: str
) -> None:
    path = ledger_of(tmp_path / "hydra.db", FACTS, "hydra")
    compare(HERE / name, page_of(path, wire_format), update=pytestconfig.getoption("--update-golden"))
