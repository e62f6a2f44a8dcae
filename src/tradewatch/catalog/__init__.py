"""What is measured and under which name it is published: typed data, no behaviour."""

from tradewatch.catalog import concepts, conduct, distributions, engines, market
from tradewatch.catalog.concept import Concept, Unit
from tradewatch.catalog.metric import Kind, Metric, Population, Stability

__all__ = [
    "Concept",
    "Kind",
    "Metric",
    "Population",
    "Stability",
    "Unit",
    "concepts",
    "conduct",
    "distributions",
    "engines",
    "market",
]
