"""The usual way: read all trades with pandas, compute everything anew, publish with the Prometheus client library.

``python -m benchmarks.apparatus.pandas_page FILE TURNS`` prints as JSON how long a page takes and the process's peak
memory; in a process of its own, so that its memory is nobody else's.
"""

import importlib
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

import pandas as pd
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from benchmarks.apparatus.pandas_way import Measured
from benchmarks.apparatus.processes import peak_bytes
from benchmarks.apparatus.timing import seconds
from benchmarks.apparatus.trades import STARTING_EQUITY

empyrical: Any = importlib.import_module("empyrical")  # Any: it has no types

_LABELS = ("asset", "strategy", "tag", "direction", "exit_reason")
_RATIOS = ("sharpe_ratio", "sortino_ratio", "max_drawdown", "calmar_ratio", "cagr", "value_at_risk")


def page(database: Path) -> bytes:
    """Return the page of a database's trades."""
    with closing(sqlite3.connect(database)) as connection:
        trades = pd.read_sql("SELECT * FROM trades", connection, parse_dates=["opened_at", "closed_at"])
    registry = CollectorRegistry()
    _publish_ratios(registry, _daily_returns(trades))
    for label in _LABELS:
        _publish_parts(registry, trades, label)
    return generate_latest(registry)


def _daily_returns(trades: pd.DataFrame) -> "pd.Series[float]":
    profits = trades.set_index("closed_at")["pnl"].resample("D").sum()
    equity = STARTING_EQUITY + profits.cumsum()
    return (profits / equity.shift(1, fill_value=STARTING_EQUITY)).astype(float)


def _publish_ratios(registry: CollectorRegistry, returns: "pd.Series[float]") -> None:
    for name in _RATIOS:
        Gauge(f"bot_{name}", name, registry=registry).set(float(getattr(empyrical, name)(returns)))


def _publish_parts(registry: CollectorRegistry, trades: pd.DataFrame, label: str) -> None:
    profit = trades["pnl"]
    columns = {
        "trades": profit,
        "wins": profit > 0,
        "gross_profit": profit.clip(lower=0),
        "gross_loss": -profit.clip(upper=0),
    }
    groups = trades.assign(**columns).groupby(label)
    parts = pd.DataFrame(
        {
            "closed_trades": groups["pnl"].count(),
            "win_rate": groups["wins"].mean() * 100,
            "pnl": groups["pnl"].sum(),
            "pnl_percent": groups["pnl"].sum() / STARTING_EQUITY * 100,
            "gross_profit": groups["gross_profit"].sum(),
            "gross_loss": groups["gross_loss"].sum(),
            "profit_factor": groups["gross_profit"].sum() / groups["gross_loss"].sum(),
            "expectancy": groups["pnl"].mean(),
        }
    )
    for name in parts.columns:
        gauge = Gauge(f"bot_{label}_{name}", name, [label], registry=registry)
        for part, value in parts[name].items():
            gauge.labels(part).set(value)


def main() -> None:
    """Measure, and print what was measured."""
    database, turns = Path(sys.argv[1]), int(sys.argv[2])
    taken = [seconds(lambda: page(database)) for _ in range(turns)]
    print(json.dumps(Measured(median(taken), peak_bytes())))


if __name__ == "__main__":
    main()
