"""A ledger's whole past in a time series database: what its exporter would have shown, by remote write."""

from tradewatch.history.backfill import Progress, Result, Surroundings, backfill
from tradewatch.history.order import Order
from tradewatch.history.pages import ALL
from tradewatch.history.remote import RefusedError, TargetError
from tradewatch.history.spans import shown

__all__ = [
    "ALL",
    "Order",
    "Progress",
    "RefusedError",
    "Result",
    "Surroundings",
    "TargetError",
    "backfill",
    "shown",
]
