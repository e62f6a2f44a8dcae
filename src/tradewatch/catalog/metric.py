"""Under which name, unit and labels a concept is published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tradewatch.catalog.concept import Concept, Unit


class Kind(StrEnum):
    """Prometheus' type of a metric."""

    COUNTER = "counter"
    GAUGE = "gauge"


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
    ``lint_exceptions``: promtool's complaint (a part of its text) to the reason why it is accepted here.
    """

    name: str
    concept: Concept
    kind: Kind
    unit: Unit
    help: str
    labels: tuple[str, ...] = ()
    closed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stability: Stability = Stability.DEVELOPMENT
    lint_exceptions: Mapping[str, str] = field(default_factory=dict)
