"""Every metric that a dashboard or rule may ask for."""

from tradewatch.catalog import Metric, servers
from tradewatch.exporter.metrics import ALL
from tradewatch.systems import SYSTEMS

CATALOGUE: dict[str, Metric] = {
    metric.name: metric for metric in (*ALL, *servers.ALL, *(each for system in SYSTEMS for each in system.metrics))
}
