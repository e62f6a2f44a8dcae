"""What a trading system is to the exporter, the dashboards and the documentation."""

from dataclasses import dataclass

from tradewatch.book import Wanted, wanted
from tradewatch.catalog import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A name, and the metrics under which its books are published."""

    name: str
    metrics: tuple[Metric, ...]

    @property
    def kept(self) -> Wanted:
        """What its books must keep of closed trades."""
        return wanted((metric.concept, metric.labels) for metric in self.metrics)
