"""Ranks and weights by points: one source for what is used and what is shown."""

from collections import Counter
from collections.abc import Mapping


def ranks(points: Mapping[str, int]) -> dict[str, int]:
    """Return each one's rank: 1 + how many have more points, so that equals share the best rank of theirs.

    >>> ranks({"A": 3, "B": 5, "C": 3, "D": 0})
    {'A': 2, 'B': 1, 'C': 2, 'D': 4}
    """
    place: dict[int, int] = {}
    for rank, own in enumerate(sorted(points.values(), reverse=True), start=1):
        place.setdefault(own, rank)
    return {name: place[own] for name, own in points.items()}


def weights(points: Mapping[str, int]) -> dict[str, float]:
    """Return each one's weight, 0 to 100, together 100: in proportion to n, n - 1 ... 1 by rank.

    Equals have the mean of the places they share, so all weigh the same at the start.

    >>> weights({"A": 3, "B": 5, "C": 1, "D": 0})
    {'A': 30.0, 'B': 40.0, 'C': 20.0, 'D': 10.0}
    >>> weights({"A": 1, "B": 5, "C": 1, "D": 0})
    {'A': 25.0, 'B': 40.0, 'C': 25.0, 'D': 10.0}
    """
    equals, count = Counter(points.values()), len(points)
    whole = count * (count + 1) / 2
    return {
        name: 100 * (count + 1 - rank - (equals[points[name]] - 1) / 2) / whole for name, rank in ranks(points).items()
    }
