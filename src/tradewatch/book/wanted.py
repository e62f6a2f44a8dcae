"""Which statistics of closed trades a book keeps: for each combination of labels, the concepts asked for."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from tradewatch.book.batch import Labels
from tradewatch.book.performance import DISTRIBUTIONS, PERFORMANCE
from tradewatch.catalog import Concept, concepts

OUTCOME = "outcome"
"""The label that counters of closings have last: its values are known beforehand."""

TOLD: AbstractSet[Concept] = frozenset(
    {concepts.TRADES_TOLD, concepts.TRADES_TOLD_BY_OUTCOME, concepts.WINS_TOLD, concepts.LOSSES_TOLD}
)
"""The concepts that count closings as they were told: every group knows them."""

TRADE_CONCEPTS: AbstractSet[Concept] = PERFORMANCE | DISTRIBUTIONS | TOLD | {concepts.NET_PROFIT_SHARE}
"""The concepts that a book keeps by label combinations."""

Wanted = Mapping[Labels, AbstractSet[Concept]]
"""Label combination, without `OUTCOME`, to the concepts kept for it."""


def wanted(asked: Iterable[tuple[Concept, Labels]]) -> Wanted:
    """Return what a book must keep so that these concepts can be read by these labels."""
    kept: dict[Labels, set[Concept]] = {(): set(PERFORMANCE)}
    for concept, labels in asked:
        if concept in TRADE_CONCEPTS or concept is concepts.OPEN_TRADES:  # open ones are 0 where there have been some
            kept.setdefault(without_outcome(labels), {concepts.NET_PROFIT}).update(_sources(concept))
    return kept


def _sources(concept: Concept) -> AbstractSet[Concept]:
    if concept is concepts.NET_PROFIT_SHARE:
        return {concepts.NET_PROFIT}
    return {concept} & (PERFORMANCE | DISTRIBUTIONS)


def without_outcome(labels: Labels) -> Labels:
    """Return a combination of labels without `OUTCOME`."""
    return labels[:-1] if labels[-1:] == (OUTCOME,) else labels
