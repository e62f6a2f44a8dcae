"""A ledger's metrics for Prometheus: the page, its two text formats, and HTTP."""

from tradewatch.exporter.http import Address, Limits, MetricsServer
from tradewatch.exporter.service import AsOf, Service
from tradewatch.exporter.wire import Format

__all__ = ["Address", "AsOf", "Format", "Limits", "MetricsServer", "Service"]
