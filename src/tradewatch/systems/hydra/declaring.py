"""How HYDRA's metrics are declared in short."""

from collections.abc import Mapping

from tradewatch.catalog import Concept, Kind, Metric, Stability, Unit
from tradewatch.facts import Outcome, Stance

STABLE = Stability.STABLE
"""Of a metric in the founding document."""

_DEVELOPMENT = Stability.DEVELOPMENT
_PREFIX = "hydra_"
_CLOSED: Mapping[str, tuple[str, ...]] = {
    "outcome": tuple(outcome.value for outcome in Outcome),
    "result": ("right", "wrong"),
    "direction": tuple(stance.value for stance in Stance),
}
"""Values of labels that are known beforehand; a trade's ``direction`` is told by the trade."""


def counter(
    name: str, concept: Concept, words: str, *labels: str, closed: str = "", stability: Stability = _DEVELOPMENT
) -> Metric:
    """Return a counter; ``closed``: the label whose values are known beforehand."""
    return Metric(
        name=_PREFIX + name,
        concept=concept,
        kind=Kind.COUNTER,
        unit=Unit.COUNT,
        help=words,
        labels=labels,
        closed={closed: _CLOSED[closed]} if closed else {},
        stability=stability,
    )


def gauge(  # noqa: PLR0913 - what a metric is
    name: str,
    concept: Concept,
    unit: Unit,
    words: str,
    *labels: str,
    stability: Stability = _DEVELOPMENT,
    lint_exceptions: Mapping[str, str] | None = None,
) -> Metric:
    """Return a gauge."""
    return Metric(
        name=_PREFIX + name,
        concept=concept,
        kind=Kind.GAUGE,
        unit=unit,
        help=words,
        labels=labels,
        stability=stability,
        currency=_currency(name),
        lint_exceptions=lint_exceptions or {},
    )


def histogram(
    name: str, concept: Concept, unit: Unit, words: str, *labels: str, stability: Stability = _DEVELOPMENT
) -> Metric:
    """Return a distribution."""
    return Metric(
        name=_PREFIX + name,
        concept=concept,
        kind=Kind.HISTOGRAM,
        unit=unit,
        help=words,
        labels=labels,
        stability=stability,
        currency=_currency(name),
    )


def _currency(name: str) -> str | None:
    """Return the only currency for which a name is true."""
    return "USD" if "usd" in name.split("_") else None
