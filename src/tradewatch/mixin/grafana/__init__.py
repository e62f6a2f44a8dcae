"""Dashboards as Grafana's JSON, by Grafana's own types; the built-in viewer draws the same files."""

from tradewatch.mixin.grafana.dashboards import dashboard_json

__all__ = ["dashboard_json"]
