"""Each rule by which a row becomes a fact."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.velocityptrader import CLOSE, CLOSED, OPEN, START
from tradewatch.facts import Canonical, Direction, Severity, TradeClosed, TradeOpened, canonical
from tradewatch.sources.source import Reason, Trade
from tradewatch.sources.telling import Fault
from tradewatch.sources.velocityptrader.database import ErrorRow, TradeRow
from tradewatch.sources.velocityptrader.rows import error_of, trade_of

BEGIN = datetime.fromtimestamp(START, UTC)


def row(told: Any = CLOSED, **changed: Any) -> TradeRow:
    cells = {("confidence" if name == "confidence_score" else name): value for name, value in told.items()}
    return TradeRow(**{"id": 1} | cells | changed)


def trade(told: Any = CLOSED, **changed: Any) -> Trade:
    found = trade_of(row(told, **changed), None, ())
    assert isinstance(found, Trade)
    assert all(isinstance(canonical(entry), Canonical) for entry in found.entries)
    return found


def closed(told: Any = CLOSED, **changed: Any) -> TradeClosed:
    found = trade(told, **changed).closing
    assert found is not None
    assert isinstance(found.fact, TradeClosed)
    return found.fact


def fault(told: Any, **changed: Any) -> Fault:
    found = trade_of(row(told, **changed), None, ())
    assert isinstance(found, Fault)
    return found


def test_a_row_without_a_profit_is_an_open_trade() -> None:
    opening, closing = trade(OPEN)
    assert opening is not None
    assert closing is None
    assert opening.time == BEGIN
    assert opening.fact == TradeOpened(
        trade_id="row-1",
        asset="EURUSD+",
        direction=Direction.BUY,
        quantity=0.5,
        entry_price=1.1,
        agent="berserker",
        timeframe="M5",
        mode="live",
        confidence=0.7,
    )


def test_a_row_with_a_profit_closed_when_it_was_written() -> None:
    opening, closing = trade(CLOSED)
    assert opening is not None
    assert closing is not None
    assert (opening.time, closing.time) == (BEGIN - timedelta(minutes=1), BEGIN)
    assert closed().opened_at == opening.time
    assert closed().pnl == 50.0


def test_a_row_updated_in_place_opened_when_it_was_written() -> None:
    found = trade_of(row(), None, {BEGIN})
    assert isinstance(found, Trade)
    assert found.opening is not None
    assert found.closing is not None
    assert (found.opening.time, found.closing.time) == (BEGIN, BEGIN + timedelta(minutes=1))


@pytest.mark.parametrize("duration", [None, -1.0, math.inf, "long", 1e12])
def test_without_a_duration_the_opening_is_unknown(duration: Any) -> None:
    opening, closing = trade(CLOSED, trade_duration=duration)
    assert opening is None
    assert closing is not None
    assert closed(trade_duration=duration).opened_at is None


@pytest.mark.parametrize(
    ("out", "pnl", "direction"),
    [
        (1.2, 5.0, "BUY"),
        (1.2, -5.0, "SELL"),
        (1.0, 5.0, "SELL"),
        (1.0, -5.0, "BUY"),
        (1.1, 5.0, None),
        (1.2, 0.0, None),
    ],
)
def test_the_direction_of_a_lone_close_follows_from_price_and_profit(out: float, pnl: float, direction: Any) -> None:
    assert closed(CLOSE, exit_price=out, pnl=pnl).direction == direction


@pytest.mark.parametrize("value", [None, 0.0, -1.0, math.inf, "many", b"\xff"])
def test_a_part_that_is_no_amount_is_unknown_and_the_profit_counts(value: Any) -> None:
    fact = closed(entry_price=value, exit_price=value, position_size=value, mae=value if value != -1.0 else None)
    assert (fact.entry_price, fact.exit_price, fact.quantity, fact.pnl) == (None, None, None, 50.0)


def test_excursions_have_the_sign_of_what_they_are() -> None:
    fact = closed(mae=3.0, mfe=-4.0)
    assert (fact.worst_unrealised, fact.best_unrealised) == (-3.0, 4.0)


@pytest.mark.parametrize(
    ("told", "confidence", "expected"),
    [
        (CLOSED, 0.0, 0.0),
        (CLOSED, 1.0, 1.0),
        (CLOSED, 1.5, None),
        (CLOSED, -0.1, None),
        (CLOSE, 0.0, None),
        (CLOSE, 0.3, 0.3),
    ],
)
def test_a_confidence_counts_between_0_and_1(told: Any, confidence: float, expected: float | None) -> None:
    assert closed(told, confidence=confidence).confidence == expected


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ('{"exit_reason": "STOP_LOSS", "volatility": 0.1}', "STOP_LOSS"),
        ('{"exit_reason": 3}', None),
        ('["exit_reason"]', None),
        ('{"exit_reason": ', None),
        ("[" * 100_000 + "exit_reason", None),
        (None, None),
        (7.0, None),
    ],
)
def test_the_exit_reason_is_in_the_market_conditions(conditions: Any, expected: str | None) -> None:
    assert closed(market_conditions=conditions).exit_reason == expected


@pytest.mark.parametrize(
    ("column", "value", "field", "expected"),
    [
        ("instrument", "EURUSD", "asset", "EURUSD"),
        ("instrument", None, "asset", "UNKNOWN"),
        ("instrument", " ", "asset", "UNKNOWN"),
        ("instrument", 'a"b\n', "asset", 'a"b\n'),
        ("instrument", "x" * 5_000, "asset", "x" * 2_000),
        ("agent_id", None, "agent", None),
        ("agent_id", "Ⱥ" * 2_000, "agent", "ⱥ" * 2_000),
        ("virtual_trade", 1, "mode", "virtual"),
        ("virtual_trade", None, "mode", "live"),
        ("timeframe", "", "timeframe", None),
    ],
)
def test_labels(column: str, value: Any, field: str, expected: str | None) -> None:
    assert getattr(closed(**{column: value}), field) == expected


@pytest.mark.parametrize(
    ("told", "changed", "column", "reason"),
    [
        (CLOSED, {"timestamp": None}, "timestamp", Reason.NOT_A_TIME),
        (CLOSED, {"timestamp": math.inf}, "timestamp", Reason.NOT_A_TIME),
        (CLOSED, {"timestamp": -1.0}, "timestamp", Reason.NOT_A_TIME),
        (CLOSED, {"timestamp": 1e11}, "timestamp", Reason.NOT_A_TIME),
        (CLOSED, {"pnl": "much"}, "pnl", Reason.NOT_A_NUMBER),
        (CLOSED, {"pnl": math.inf}, "pnl", Reason.OUT_OF_BOUNDS),
        (OPEN, {"entry_price": None}, "entry_price", Reason.MISSING),
        (OPEN, {"position_size": 0.0}, "position_size", Reason.OUT_OF_BOUNDS),
        (OPEN, {"action": "HOLD"}, "action", Reason.NOT_A_DIRECTION),
        (OPEN, {"action": "CLOSE"}, "action", Reason.NOT_A_DIRECTION),
    ],
)
def test_bad_rows_name_the_column_and_the_reason(told: Any, changed: Any, column: str, reason: Reason) -> None:
    found = fault(told, **changed)
    assert (found.column, found.reason) == (column, reason)


def test_a_pair_takes_from_the_closing_what_it_knows_and_the_rest_from_the_opening() -> None:
    closing = row(CLOSE, id=2, timestamp=START + 30, entry_price=0.0, position_size=None, exit_price=1.3)
    found = trade_of(row(OPEN, action="SELL"), closing, ())
    assert isinstance(found, Trade)
    assert found.closing is not None
    fact = found.closing.fact
    assert isinstance(fact, TradeClosed)
    assert (fact.trade_id, fact.direction, fact.entry_price, fact.quantity, fact.exit_price) == (
        *("row-1", Direction.SELL, 1.1, 0.5, 1.3),
    )
    assert (fact.opened_at, found.closing.time) == (BEGIN, BEGIN + timedelta(seconds=30))


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        *(("CRITICAL", Severity.CRITICAL), ("high", Severity.HIGH), ("ERROR", Severity.HIGH), ("info", Severity.LOW)),
        *(("DEBUG", Severity.LOW), ("WARNING", Severity.MEDIUM), ("odd", Severity.MEDIUM), (None, Severity.MEDIUM)),
    ],
)
def test_severities(word: Any, severity: Severity) -> None:
    found = error_of(ErrorRow(1, START, "type", "x" * 5_000, "mt5", word))
    assert found is not None
    assert isinstance(canonical(found), Canonical)
    assert found.fact.severity is severity  # type: ignore[attr-defined]  # an error


def test_an_error_without_a_time_is_none() -> None:
    assert error_of(ErrorRow(1)) is None
