"""A ledger's metrics for Prometheus: the page, its two text formats, and HTTP."""

from tradewatch.exporter.as_of import AsOf
from tradewatch.exporter.feed import DatabaseFeed, PathFeed
from tradewatch.exporter.http import Address, Limits, MetricsServer
from tradewatch.exporter.service import Service, utc_now
from tradewatch.exporter.wire import Format

__all__ = [
    "Address",
    "AsOf",
    "DatabaseFeed",
    "Format",
    "Limits",
    "MetricsServer",
    "PathFeed",
    "Service",
    "utc_now",
]
