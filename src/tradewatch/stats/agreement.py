"""How far votes agree."""

from collections import Counter
from collections.abc import Hashable, Iterable


def agreeing_pairs(votes: Iterable[Hashable]) -> float | None:
    """Return the share of pairs that are the same, 0 to 1; None for fewer than two votes.

    >>> agreeing_pairs(["BUY", "BUY", "BUY", "HOLD"])
    0.5
    """
    counts = Counter(votes)
    pairs = _pairs(counts.total())
    return sum(map(_pairs, counts.values())) / pairs if pairs else None


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
