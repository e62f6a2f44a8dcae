"""What a trading system is to the exporter, the dashboards and the documentation."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from tradewatch.book import TRADE_CONCEPTS
from tradewatch.catalog import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A name, and the metrics under which its books are published."""

    name: str
    metrics: tuple[Metric, ...]

    @property
    def combinations(self) -> AbstractSet[tuple[str, ...]]:
        """The label combinations that its books must keep of closed trades."""
        return {metric.labels for metric in self.metrics if metric.concept in TRADE_CONCEPTS}
