"""Rows of VelocityPTrader's database as facts; the rules are a table in ``docs/importing.md``."""

import math
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from tradewatch.facts import Direction, Entry, ErrorOccurred, Severity, TradeClosed, TradeOpened
from tradewatch.facts.bounds import LONGEST_TEXT
from tradewatch.sources.source import Reason, Trade
from tradewatch.sources.telling import Fault
from tradewatch.sources.velocityptrader.database import ErrorRow, TradeRow, Value

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOO_LATE = 4_102_444_800
_BEYOND_YEARS = 2101
_LARGEST = 1e30
_NO_ASSET = "UNKNOWN"
_DIRECTIONS = {"BUY": Direction.BUY, "LONG": Direction.BUY, "SELL": Direction.SELL, "SHORT": Direction.SELL}
_SEVERITIES = {"DEBUG": Severity.LOW, "INFO": Severity.LOW, "WARNING": Severity.MEDIUM, "ERROR": Severity.HIGH}
_TRUE = {"1", "true", "yes"}
_NEEDED_OPEN = {"position_size": "quantity", "entry_price": "entry_price"}


def trade_of(row: TradeRow, closing: TradeRow | None, openings: Collection[datetime]) -> Trade | Fault:
    """Return the trade of a row, or why it is none.

    ``closing``: the row that closes it, where that is another one. ``openings``: when the trade was told to have been
    opened; a row with one of these times was updated in place, so its time is that of the opening.
    """
    time = moment(row.timestamp)
    if time is None:
        return Fault("timestamp", row.timestamp, Reason.NOT_A_TIME)
    if closing is not None:
        return _paired(row, time, closing)
    if row.pnl is None:
        return _open(row, time)
    duration = _duration(row)
    if time in openings:
        return _closed(row, time, time + duration if duration else time)
    return _closed(row, _before(time, duration), time)


def is_open(row: TradeRow) -> bool:
    """Whether a row tells the opening of a trade, and nothing of its end."""
    return row.pnl is None and moment(row.timestamp) is not None and _told_direction(row) is not None


def is_closing(row: TradeRow) -> bool:
    """Whether a row tells the end of a trade alone, which another row may have opened."""
    return _word(row.action) == "CLOSE" and _amount(row.pnl) is not None and moment(row.timestamp) is not None


def asset_of(row: TradeRow) -> str:
    """Return the instrument as it is written, with every sign."""
    return _name(row.instrument) or _NO_ASSET


def moment(found: Value) -> datetime | None:
    """Return a Unix time between 1970 and 2100 in UTC, None of anything else."""
    seconds = _number(found)
    return _EPOCH + timedelta(seconds=seconds) if seconds is not None and 0 <= seconds < _TOO_LATE else None


def error_of(row: ErrorRow) -> Entry | None:
    """Return the error of a row, None without a plausible time."""
    time = moment(row.timestamp)
    if time is None:
        return None
    fact = ErrorOccurred(
        component=_name(row.component) or "unknown",
        type=_name(row.error_type) or "unknown",
        severity=_severity(row.severity),
        message=(_name(row.error_message) or ""),
    )
    return Entry(time, error_id(row.id), fact)


def error_id(row_id: int) -> str:
    """Return the id under which an error is told."""
    return f"error-{row_id}"


def _open(row: TradeRow, time: datetime) -> Trade | Fault:
    if _told_direction(row) is None:
        return Fault("action", "" if row.action is None else row.action, Reason.NOT_A_DIRECTION)
    terms = _terms(row, _told_direction(row))
    for theirs, ours in _NEEDED_OPEN.items():
        if terms[ours] is None:
            found = getattr(row, theirs)
            return Fault(
                theirs, "" if found is None else found, Reason.MISSING if found is None else Reason.OUT_OF_BOUNDS
            )
    return Trade(_entry(time, TradeOpened(**terms)), None)


def _paired(row: TradeRow, opened_at: datetime, closing: TradeRow) -> Trade | Fault:
    time = moment(closing.timestamp)
    if time is None:
        return Fault("timestamp", closing.timestamp, Reason.NOT_A_TIME)
    known = {name: value for name, value in closing._asdict().items() if _is_told(name, value)}
    merged = row._replace(**known | {"id": row.id, "action": row.action, "confidence": row.confidence})
    return _closed(merged, opened_at if opened_at <= time else None, time)


def _is_told(name: str, value: Value) -> bool:
    return value is not None and (name not in {"entry_price", "position_size"} or _above_zero(value) is not None)


def _closed(row: TradeRow, opened_at: datetime | None, closed_at: datetime) -> Trade | Fault:
    pnl = _amount(row.pnl)
    if pnl is None:
        return Fault("pnl", row.pnl, Reason.OUT_OF_BOUNDS if isinstance(row.pnl, float | int) else Reason.NOT_A_NUMBER)
    if closed_at.year >= _BEYOND_YEARS:
        return Fault("trade_duration", row.trade_duration, Reason.NOT_A_TIME)
    terms = _terms(row, _told_direction(row) or _likely_direction(row, pnl))
    fact = TradeClosed(
        **terms,
        opened_at=opened_at,
        exit_price=_above_zero(row.exit_price),
        pnl=pnl,
        exit_reason=_exit_reason(row.market_conditions),
        worst_unrealised=_signed(row.mae, -1),
        best_unrealised=_signed(row.mfe, 1),
    )
    is_complete = all(terms[name] is not None for name in ("direction", "quantity", "entry_price"))
    opening = _entry(opened_at, TradeOpened(**terms)) if opened_at and is_complete else None
    return Trade(opening, _entry(closed_at, fact))


def _entry(time: datetime, fact: TradeOpened | TradeClosed) -> Entry:
    return Entry(time, fact.identity, fact)


def _terms(row: TradeRow, direction: Direction | None) -> dict[str, Any]:  # Any: fields of several types
    agent = _name(row.agent_id)
    return {
        "trade_id": f"row-{row.id}",
        "asset": asset_of(row),
        "direction": direction,
        "quantity": _above_zero(row.position_size),
        "entry_price": _above_zero(row.entry_price),
        "agent": agent.lower()[:LONGEST_TEXT] if agent else None,
        "timeframe": _name(row.timeframe),
        "mode": "virtual" if str(row.virtual_trade).lower() in _TRUE else "live",
        "confidence": _confidence(row),
    }


def _told_direction(row: TradeRow) -> Direction | None:
    return _DIRECTIONS.get(_word(row.action))


def _likely_direction(row: TradeRow, pnl: float) -> Direction | None:
    """Return the side on which such a move of the price made such a P&L."""
    entry, out = _above_zero(row.entry_price), _above_zero(row.exit_price)
    if entry is None or out is None or entry == out or not pnl:
        return None
    return Direction.BUY if (out > entry) == (pnl > 0) else Direction.SELL


def _confidence(row: TradeRow) -> float | None:
    found = _number(row.confidence)
    if found is None or not 0 <= found <= 1 or (not found and _word(row.action) == "CLOSE"):
        return None
    return found


def _exit_reason(conditions: Value) -> str | None:
    if not isinstance(conditions, str) or "exit_reason" not in conditions:
        return None
    try:
        found = msgspec.json.decode(conditions)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    reason = found.get("exit_reason") if isinstance(found, Mapping) else None
    return _name(reason) if isinstance(reason, str) else None


def _severity(found: Value) -> Severity:
    word = _word(found)
    try:
        return Severity(word.lower())
    except ValueError:
        return _SEVERITIES.get(word, Severity.MEDIUM)


def _duration(row: TradeRow) -> timedelta | None:
    seconds = _number(row.trade_duration)
    return timedelta(seconds=seconds) if seconds is not None and 0 <= seconds < _TOO_LATE else None


def _before(time: datetime, duration: timedelta | None) -> datetime | None:
    return None if duration is None or time - _EPOCH < duration else time - duration


def _word(found: Value) -> str:
    return found.strip().upper() if isinstance(found, str) else ""


def _name(found: Value) -> str | None:
    text = found if isinstance(found, str) else "" if found is None or isinstance(found, bytes) else str(found)
    return text[:LONGEST_TEXT] if text.strip() else None


def _number(found: Value) -> float | None:
    return float(found) if isinstance(found, float | int) and math.isfinite(found) else None


def _amount(found: Value) -> float | None:
    number = _number(found)
    return number if number is not None and abs(number) <= _LARGEST else None


def _above_zero(found: Value) -> float | None:
    number = _amount(found)
    return number if number is not None and number > 0 else None


def _signed(found: Value, sign: int) -> float | None:
    number = _amount(found)
    return None if number is None else sign * abs(number)
