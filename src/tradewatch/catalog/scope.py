"""What a dashboard or a file of rules is about: which metrics it may ask for, and what narrows every question."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tradewatch.catalog.metric import Metric
from tradewatch.catalog.query import TARGET_LABELS, Query, QueryError, buckets, select
from tradewatch.catalog.view import Variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The metrics of one system by their names without its prefix, and the variables that a reader can choose."""

    prefix: str
    metrics: Mapping[str, Metric]
    variables: tuple[Variable, ...] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)

    def metric(self, name: str) -> Metric:
        """Return a metric; raises QueryError where the catalogue has none of that name."""
        found = self.metrics.get(f"{self.prefix}{name}")
        if found is None:
            message = f"the catalogue has no metric {self.prefix}{name}"
            raise QueryError(message)
        return found

    def __call__(self, name: str, /, **matchers: str) -> Query:
        """Return the series of a metric that the reader has chosen."""
        metric = self.metric(name)
        return select(metric, **self._chosen(metric), **matchers)

    def buckets(self, name: str, /, **matchers: str) -> Query:
        """Return the buckets of a histogram that the reader has chosen."""
        metric = self.metric(name)
        return buckets(metric, **self._chosen(metric), **matchers)

    def _chosen(self, metric: Metric) -> dict[str, str]:
        labels = {*metric.labels, *TARGET_LABELS}
        return {**self.fixed, **{each.label: f"=~${each.name}" for each in self.variables if each.label in labels}}


def scope_of(prefix: str, metrics: Iterable[Metric], *variables: Variable, **fixed: str) -> Scope:
    """Return the scope of a system's metrics; ``fixed``: matchers that every question has."""
    return Scope(prefix=prefix, metrics={metric.name: metric for metric in metrics}, variables=variables, fixed=fixed)


def mode_and_instance(info: Metric, title: str = "Exporter") -> tuple[Variable, Variable]:
    """Return the choices of how real the money is, and of one source of that mode; ``info`` is labelled with both."""
    mode = Variable(name="mode", title="Mode", label="mode", metric=info)
    return mode, Variable(name="instance", title=title, label="instance", metric=info, within=mode, takes_all=False)
