"""Closed trades that are taken together: what statistics observe of them, one list for each measure."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import Any

from tradewatch.book.settled import OpenedTrade, SettledTrade
from tradewatch.stats import Outcomes

# Any in this file: each measure has its own kind of observation.

Labels = tuple[str, ...]
"""Names of labels, in order."""

REGIME = "regime"
"""The label that no fact about a trade has: it is known of the moment of opening."""


class Batch:
    """Closed trades in order; each measure is looked up once, when it is first asked for."""

    def __init__(self, trades: Sequence[SettledTrade]) -> None:
        self.trades = trades
        self._observed: dict[str, Any] = {}

    def observed(self, name: str) -> Any:  # noqa: ANN401 - see above
        """Return the observations for a kept statistic."""
        found = self._observed.get(name)
        if found is None:
            found = self._observed[name] = _OBSERVE[name](self)
        return found

    def divided(self, keys: Iterable[Hashable], group_of: Mapping[Hashable, Hashable]) -> Mapping[Any, "Batch"]:
        """Return a batch for each group; ``keys``: what tells the group of each trade."""
        parts: dict[Hashable, list[SettledTrade]] = {group: [] for group in group_of.values()}
        add = {key: parts[group].append for key, group in group_of.items()}
        for key, trade in zip(keys, self.trades, strict=True):
            add[key](trade)
        return {group: Batch(part) for group, part in parts.items()}


def keys_of(trades: Iterable[OpenedTrade | SettledTrade], labels: Labels) -> Sequence[Hashable]:
    """Return what tells the values of these labels of each trade: one value or, of several labels, a tuple."""
    return list(map(attrgetter(*[label if label == REGIME else f"fact.{label}" for label in labels]), trades))


def _field(name: str) -> Callable[[Batch], Sequence[Any]]:
    """Return what observes a field that every settled trade has."""
    field = itemgetter(SettledTrade._fields.index(name))
    return lambda batch: list(map(field, batch.trades))


def _measure(name: str, needs: str) -> Callable[[Batch], Sequence[Any]]:
    """Return what observes a measure of the trades that have it; none has it without what it ``needs``."""
    measure, needed = attrgetter(name), attrgetter(needs)

    def observe(batch: Batch) -> Sequence[Any]:
        trades = [
            trade for trade, found in zip(batch.trades, map(needed, batch.trades), strict=True) if found is not None
        ]
        return [found for found in map(measure, trades) if found is not None]

    return observe


def _durations(batch: Batch) -> Sequence[float]:
    """Return seconds from opening to closing, of the trades whose opening is known."""
    both = [(trade.closed, trade.fact.opened_at) for trade in batch.trades]
    return [closed - opened.timestamp() for closed, opened in both if opened is not None]


def _wins(batch: Batch) -> Sequence[float]:
    return [pnl for pnl, result in zip(batch.observed("pnl"), batch.observed("result"), strict=True) if result > 0]


def _losses(batch: Batch) -> Sequence[float]:
    return [pnl for pnl, result in zip(batch.observed("pnl"), batch.observed("result"), strict=True) if result < 0]


def _outcomes(batch: Batch) -> Outcomes:
    outcomes = Outcomes()
    outcomes.extend(batch.observed("result"))
    return outcomes


MEASURES: Mapping[str, Callable[[Batch], Sequence[Any]]] = {
    "r_multiple": _measure("r_multiple", "fact.stop"),
    "duration": _durations,
    "confidence": _measure("fact.confidence", "fact.confidence"),
    "fees": lambda batch: [trade.fact.fees for trade in batch.trades],
    "adverse": _measure("adverse_excursion", "fact.stop"),
    "favourable": _measure("favourable_excursion", "fact.stop"),
    "entry_slippage": _measure("entry_slippage", "fact.entry_reference_price"),
    "exit_slippage": _measure("exit_slippage", "fact.exit_reference_price"),
}
"""What trades are measured by, and averaged."""

_OBSERVE: Mapping[str, Callable[[Batch], Any]] = {
    "outcomes": _outcomes,
    "result": _field("result"),
    "pnl": _field("pnl"),
    "closed": _field("closed"),
    "win": _wins,
    "loss": _losses,
    **MEASURES,
}
