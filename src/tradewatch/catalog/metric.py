"""Under which name, unit and labels a concept is published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from tradewatch.catalog.concept import Concept, Unit


class Kind(StrEnum):
    """Prometheus' type of a metric."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Population(StrEnum):
    """Which trades a metric is about."""

    REAL = "real"
    """All that moved the account's money, be it real or paper."""

    VIRTUAL = "virtual"
    """Trades that were only imagined, to learn from: their facts say so in ``mode``."""


DIMENSIONS = {"symbol": "asset"}
"""Labels that a system calls by another name than the facts do."""


class Stability(StrEnum):
    """What a user may rely on: a stable metric keeps its name, labels and meaning until a major release."""

    STABLE = "stable"
    DEVELOPMENT = "development"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One family of series.

    ``labels``: in the order of their values. ``closed``: labels whose values are known in advance; a counter has a
    series for each of them from the start. ``help``: one line; ``{currency}`` stands for the account's
    currency, ``{days}`` for how many days of a year count.
    ``currency``: the one that the name says; an account in another one does not publish it. None: any.
    ``lint_exceptions``: promtool's complaint (a part of its text) to the reason why it is accepted here.
    """

    name: str
    concept: Concept
    kind: Kind
    unit: Unit
    help: str
    labels: tuple[str, ...] = ()
    closed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    population: Population = Population.REAL
    stability: Stability = Stability.DEVELOPMENT
    currency: str | None = None
    lint_exceptions: Mapping[str, str] = field(default_factory=dict)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The labels as the facts call them."""
        return _dimensions(self.labels)


@cache
def _dimensions(labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([DIMENSIONS.get(label, label) for label in labels])
