"""What a release promised of its metrics, and where a later catalogue breaks it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypedDict

from tradewatch.catalog.metric import Metric, Stability


class Described(TypedDict, total=False):
    """One metric as plain data; what is left out is not promised."""

    kind: str
    unit: str
    scale: float
    labels: list[str]
    closed: dict[str, list[str]]
    stability: str


Description = Mapping[str, Described]
"""A metric's name to what it is."""


def described(metrics: Iterable[Metric]) -> dict[str, Described]:
    """Return metrics as plain data, to be kept with a release."""
    return {
        metric.name: Described(
            kind=metric.kind.value,
            unit=metric.unit.name.lower(),
            scale=metric.unit.scale,
            labels=list(metric.labels),
            closed={label: list(values) for label, values in metric.closed.items()},
            stability=metric.stability.value,
        )
        for metric in metrics
    }


def breaks(before: Description, after: Description) -> list[str]:
    """Return a sentence for each promise of ``before`` that ``after`` does not keep; only stable metrics promise.

    The order of labels promises nothing, and a closed label may gain values.

    >>> breaks({"bot_pnl": {"kind": "gauge", "stability": "stable"}}, {"bot_pnl": {"kind": "counter"}})
    ['bot_pnl was a gauge and is a counter']
    >>> breaks({"bot_pnl": {"kind": "gauge", "stability": "development"}}, {})
    []
    """
    stable = ((name, promise) for name, promise in before.items() if promise.get("stability") == Stability.STABLE)
    return [sentence for name, promise in stable for sentence in _broken(name, promise, after.get(name))]


def _broken(name: str, before: Described, after: Described | None) -> Iterator[str]:
    if after is None:
        yield f"{name} is gone"
        return
    yield from _changed_kind(name, before, after)
    yield from _changed_unit(name, before, after)
    yield from _changed_labels(name, before, after)
    yield from _lost_values(name, before, after)
    if after.get("stability") == Stability.DEVELOPMENT:
        yield f"{name} was stable and is in development"


def _changed_kind(name: str, before: Described, after: Described) -> Iterator[str]:
    if "kind" in before and before["kind"] != after.get("kind"):
        yield f"{name} was a {before['kind']} and is a {after.get('kind')}"


def _changed_unit(name: str, before: Described, after: Described) -> Iterator[str]:
    if "unit" in before and before["unit"] != after.get("unit"):
        yield f"{name} was in the unit {before['unit']} and is in {after.get('unit')}"
    elif "scale" in before and before["scale"] != after.get("scale"):
        yield f"{name} was scaled by {before['scale']:g} and is by {after.get('scale', 1):g}"


def _changed_labels(name: str, before: Described, after: Described) -> Iterator[str]:
    if "labels" in before:
        was, now = set(before["labels"]), set(after.get("labels", ()))
        yield from (f"{name} lost the label {label}" for label in sorted(was - now))
        yield from (f"{name} gained the label {label}" for label in sorted(now - was))


def _lost_values(name: str, before: Described, after: Described) -> Iterator[str]:
    kept = after.get("closed", {})
    for label in sorted(set(before.get("closed", ())) & set(after.get("labels", ()))):
        lost = sorted(set(before["closed"][label]) - set(kept.get(label, ())))
        yield from (f"{name} lost the value {value} of its label {label}" for value in lost)
