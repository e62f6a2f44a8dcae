"""Ids that were used, kept small: those that count up take as much room as their gaps."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence

Run = tuple[int, int]
"""The first and the last of numbers that follow each other."""


class OrderIds:
    """A set of texts. Those that end in a number are kept as runs of numbers per beginning, whatever their order.

    >>> ids = OrderIds()
    >>> for number in (1, 2, 7, 3):
    ...     ids.add(f"EURUSD-{number}")
    >>> "EURUSD-3" in ids, "EURUSD-4" in ids, "EURUSD-03" in ids
    (True, False, False)
    >>> ids.state()
    {'EURUSD-': [(1, 3), (7, 7)]}
    """

    def __init__(self) -> None:
        self._runs: dict[str, list[Run]] = {}

    def add(self, order_id: str) -> None:
        """Take an id; once more changes nothing."""
        if order_id in self:
            return
        beginning, number = _parts(order_id)
        runs = self._runs.setdefault(beginning, [])
        place = _following(runs, number)
        first = last = number
        if place < len(runs) and runs[place][0] == number + 1:
            last = runs.pop(place)[1]
        if place > 0 and runs[place - 1][1] == number - 1:
            place -= 1
            first = runs.pop(place)[0]
        runs.insert(place, (first, last))

    def __contains__(self, order_id: str) -> bool:
        beginning, number = _parts(order_id)
        runs = self._runs.get(beginning, [])
        place = _following(runs, number)
        return place > 0 and runs[place - 1][1] >= number

    def state(self) -> dict[str, list[Run]]:
        """Return what `restore` needs."""
        return {beginning: list(runs) for beginning, runs in self._runs.items()}

    def restore(self, runs: Mapping[str, Sequence[Run]]) -> None:
        """Become what was remembered."""
        self._runs = {beginning: list(each) for beginning, each in runs.items()}


_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,14})\Z")
"""The end of a text that can be told from its value again; no longer than what every format of numbers can hold."""

_NO_NUMBER = -1


def _parts(order_id: str) -> tuple[str, int]:
    found = _NUMBER.search(order_id)
    return (order_id[: found.start()], int(found[0])) if found else (order_id, _NO_NUMBER)


def _following(runs: Sequence[Run], number: int) -> int:
    """Return the place of the first run that begins after a number."""
    return bisect_right(runs, number, key=lambda run: run[0])
