"""Closed trades divided by one combination of labels: a group for each combination of values that occurs."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from operator import attrgetter

from tradewatch.book.performance import Batch, TradePerformance
from tradewatch.book.settled import OpenedTrade, SettledTrade
from tradewatch.catalog import Concept
from tradewatch.facts import TradeOpened

Labels = tuple[str, ...]
"""Names of labels, in order."""

Values = tuple[str, ...]
"""Values of labels, in the order of their names."""

UNKNOWN = "UNKNOWN"
"""The label value of a trade that does not say: sums include it."""

OTHER = "other"
"""The label value of trades whose own value came after `LARGEST` others: sums include it too."""

LARGEST = 1_000
"""Groups that are made of one combination of labels before further values become `OTHER`."""

_REGIME = "regime"
_FEW_VALUES = frozenset({"direction", "mode"})
"""Labels with few values, which never become `OTHER`."""


class Groups:
    """The groups of one combination of labels; ``dropped`` counts closings that went to `OTHER`.

    A combination without labels has one group, from the start.
    """

    def __init__(self, labels: Labels, asked: AbstractSet[Concept], largest: int = LARGEST) -> None:
        self.groups: dict[Values, TradePerformance] = {}
        self.dropped = 0
        self._labels = labels
        self._asked = asked
        self._largest = largest
        self._key = _key_of(labels) if labels else _nothing
        self._begins_when_opened = set(labels) <= {*TradeOpened.__struct_fields__, _REGIME}
        if not labels:
            self._make(())

    def take(
        self,
        arrived: Sequence[OpenedTrade | SettledTrade],
        told: Sequence[SettledTrade],
        counted: Sequence[SettledTrade],
    ) -> None:
        """Take closings as they were ``told`` and as they count; groups begin in the order in which trades arrived."""
        self._admit(arrived)
        parts = self._divided(told)
        for values, batch in parts.items():
            self.groups[values].tell(batch)
        for values, batch in (parts if counted is told else self._divided(counted)).items():
            self.groups[values].extend(batch)
        if len(self.groups) >= self._largest:
            self.dropped += sum(_values(key) not in self.groups for key in map(self._key, told))

    def _admit(self, arrived: Iterable[OpenedTrade | SettledTrade]) -> None:
        """Begin groups of new values while there is room; their counters are 0 before the first closing is told."""
        if not self._labels:
            return
        if not self._begins_when_opened:
            arrived = [trade for trade in arrived if isinstance(trade, SettledTrade)]
        for key in dict.fromkeys(map(self._key, arrived)):
            values = _values(key)
            if values not in self.groups and len(self.groups) < self._largest:
                self._make(values)

    def _divided(self, trades: Sequence[SettledTrade]) -> Mapping[Values, Batch]:
        group_of = {key: self.admitted(_values(key)) for key in dict.fromkeys(map(self._key, trades))}
        parts: dict[Values, list[SettledTrade]] = {values: [] for values in group_of.values()}
        for key, trade in zip(map(self._key, trades), trades, strict=True):
            parts[group_of[key]].append(trade)
        return {values: Batch(part) for values, part in parts.items()}

    def admitted(self, values: Values) -> Values:
        """Return the values of the group that these belong to, which is made if it is `OTHER`."""
        if values in self.groups:
            return values
        named = zip(self._labels, values, strict=True)
        other = tuple([value if label in _FEW_VALUES else OTHER for label, value in named])
        if other not in self.groups:
            self._make(other)
        return other

    def _make(self, values: Values) -> None:
        self.groups[values] = TradePerformance(self._asked)


def _nothing(_trade: object) -> Hashable:
    return ()


def _key_of(labels: Labels) -> Callable[[object], Hashable]:
    """Return what tells the values of these labels of a trade: one value or, of several labels, a tuple."""
    return attrgetter(*[label if label == _REGIME else f"fact.{label}" for label in labels])


def _values(key: Hashable) -> Values:
    found = key if isinstance(key, tuple) else (key,)
    return tuple([str(value) if value else UNKNOWN for value in found])
