"""How the fleet and the monitoring itself are seen."""

from tradewatch.catalog.rule import Views
from tradewatch.exporter.metrics import ALL
from tradewatch.exporter.views.alerts import RULES
from tradewatch.exporter.views.fleet import FLEET

VIEWS = Views(name="tradewatch", metrics=ALL, dashboards=(FLEET,), rules=(RULES,), unseen={}, is_fleet=True)
"""All systems, and the monitoring itself."""
