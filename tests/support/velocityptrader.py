"""A database as VelocityPTrader writes it, made anew from the list of its columns."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_NUMBERS = {
    "timestamp",
    "entry_price",
    "exit_price",
    "position_size",
    "pnl",
    "mae",
    "mfe",
    "trade_duration",
    "spread_cost",
    "slippage",
    "confidence_score",
    "confidence",
    "risk_reward_ratio",
}
TRADE_COLUMNS = (
    *("timestamp", "agent_id", "instrument", "timeframe", "action", "entry_price", "exit_price", "position_size"),
    *("pnl", "mae", "mfe", "trade_duration", "spread_cost", "slippage", "market_conditions", "confidence_score"),
    *("risk_reward_ratio", "win_loss", "trade_id", "virtual_trade"),
)
ERROR_COLUMNS = (
    *("timestamp", "error_type", "error_message", "error_code", "component", "severity", "stack_trace", "context"),
    *("recovery_action", "error_count", "resolved"),
)

START = 1_700_000_000.0
OPEN: Mapping[str, Any] = {
    "timestamp": START,
    "agent_id": "BERSERKER",
    "instrument": "EURUSD+",
    "timeframe": "M5",
    "action": "BUY",
    "entry_price": 1.1,
    "position_size": 0.5,
    "confidence_score": 0.7,
    "virtual_trade": 0,
}
CLOSED: Mapping[str, Any] = {**OPEN, "exit_price": 1.2, "pnl": 50.0, "trade_duration": 60.0}
CLOSE: Mapping[str, Any] = {**CLOSED, "action": "CLOSE", "confidence_score": 0.0, "trade_duration": None}
ERROR: Mapping[str, Any] = {
    "timestamp": START,
    "error_type": "type",
    "error_message": "order failed",
    "component": "mt5",
    "severity": "CRITICAL",
}


class Database:
    """The bot's own connection: what it commits is seen by others.

    ``unique``: whether ``trade_id`` is, as in the original.
    """

    def __init__(  # noqa: PLR0913 - each is a way in which databases differ
        self,
        path: Path,
        *,
        unique: bool = True,
        columns: tuple[str, ...] = TRADE_COLUMNS,
        key: str = "id INTEGER PRIMARY KEY AUTOINCREMENT",
        errors: bool = True,
        journal: str = "delete",
    ) -> None:
        self.path = path
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute(f"PRAGMA journal_mode = {journal}")
        self._connection.execute("PRAGMA synchronous = OFF")
        declared = [f"{name} {_type(name)}{' UNIQUE' * (unique and name == 'trade_id')}" for name in columns]
        self.execute(f"CREATE TABLE trade_logs ({', '.join([key, *declared] if key else declared)})")
        if errors:
            self.execute(f"CREATE TABLE error_logs (id INTEGER PRIMARY KEY AUTOINCREMENT, {', '.join(ERROR_COLUMNS)})")

    def execute(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, values).fetchall()

    def insert(self, row: Mapping[str, Any] = CLOSED, *, table: str = "trade_logs", **changed: Any) -> int:
        cells = {**row, **changed}
        names, marks = ", ".join(cells), ", ".join("?" * len(cells))
        cursor = self._connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(cells.values()))  # noqa: S608
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def insert_many(self, rows: list[Mapping[str, Any]]) -> None:
        names, marks = ", ".join(rows[0]), ", ".join("?" * len(rows[0]))
        self._connection.execute("BEGIN")
        self._connection.executemany(
            f"INSERT INTO trade_logs ({names}) VALUES ({marks})",  # noqa: S608
            [tuple(row.values()) for row in rows],
        )
        self._connection.execute("COMMIT")

    def update(self, row_id: int, **changed: Any) -> None:
        cells = ", ".join(f"{name} = ?" for name in changed)
        self.execute(f"UPDATE trade_logs SET {cells} WHERE rowid = ?", *changed.values(), row_id)  # noqa: S608

    def delete(self, row_id: int) -> None:
        self.execute("DELETE FROM trade_logs WHERE rowid = ?", row_id)

    def profits(self) -> list[float]:
        return [pnl for (pnl,) in self.execute("SELECT pnl FROM trade_logs WHERE pnl IS NOT NULL")]

    def close(self) -> None:
        self._connection.close()


def _type(name: str) -> str:
    return "REAL" if name in _NUMBERS else "BOOLEAN" if name == "virtual_trade" else "TEXT"
