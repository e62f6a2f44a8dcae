"""What a trading system is to the exporter, the dashboards and the documentation."""

from dataclasses import dataclass

from tradewatch.book import Wanted, wanted
from tradewatch.catalog import Metric, Population


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A name, and the metrics under which its books are published."""

    name: str
    metrics: tuple[Metric, ...]

    @property
    def kept(self) -> Wanted:
        """What its books must keep of closed trades."""
        return self._kept_of(Population.REAL)

    @property
    def kept_virtual(self) -> Wanted:
        """What its books must keep of virtual trades."""
        return self._kept_of(Population.VIRTUAL)

    def _kept_of(self, population: Population) -> Wanted:
        return wanted((each.concept, each.dimensions) for each in self.metrics if each.population is population)
