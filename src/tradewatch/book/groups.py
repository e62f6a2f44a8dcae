"""Closed trades divided by one combination of labels: a group for each combination of values that occurs."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import product, takewhile

from tradewatch.book.batch import REGIME, Batch, Labels, keys_of
from tradewatch.book.performance import TradePerformance
from tradewatch.book.settled import OpenedTrade, SettledTrade
from tradewatch.catalog import Concept, concepts
from tradewatch.facts import Direction, TradeOpened

Values = tuple[str, ...]
"""Values of labels, in the order of their names."""

UNKNOWN = "UNKNOWN"
"""The label value of a trade that does not say: sums include it."""

OTHER = "other"
"""The label value of trades whose own value came after `LARGEST` others: sums include it too."""

LARGEST = 1_000
"""Groups that are made of one combination of labels before further values become `OTHER`."""

_FEW_VALUES = frozenset({"direction", "mode"})
"""Labels with few values, which never become `OTHER`."""

_KNOWN: Mapping[str, Sequence[str]] = {"direction": [direction.value for direction in Direction]}
"""Labels whose values are known beforehand, as a trade has them."""


class Groups:
    """The groups of one combination of labels; ``dropped`` counts closings that went to `OTHER`.

    A combination without labels has one group, from the start. Each `take` has a version, counted from 1.
    """

    def __init__(self, labels: Labels, asked: AbstractSet[Concept], largest: int = LARGEST) -> None:
        self.groups: dict[Values, TradePerformance] = {}
        self.dropped = 0
        self._labels = labels
        self._asked = asked
        self._largest = largest
        self._version = 1
        self._changed: dict[Values, int] = {}  # the version of each group's last change, the newest last
        self._newest: Sequence[Values] = ()
        self._newest_asked = _NOTHING
        self._profits: dict[Values, float] = {}
        self._profits_of = 0  # the version of which they are
        self._begins_when_opened = set(labels) <= {*TradeOpened.__struct_fields__, REGIME}
        if not labels:
            self._make(())

    def begin(self, assets: Sequence[str]) -> None:
        """Begin the groups of the assets that a run says it trades, if these labels divide by nothing that may vary."""
        if "asset" in self._labels and set(self._labels) <= _KNOWN.keys() | {"asset"}:
            self._admit(product(*[_KNOWN.get(label, assets) for label in self._labels]))
        self._version += 1

    def take(self, arrived: Sequence[OpenedTrade | SettledTrade], told: Batch, counted: Batch) -> None:
        """Take closings as they were ``told`` and as they count; groups begin in the order in which trades arrived."""
        if self._labels:
            self._take_divided(arrived, told, counted)
        else:
            self._take_parts({(): told}, {(): counted})
        self._version += 1

    def _take_divided(self, arrived: Sequence[OpenedTrade | SettledTrade], told: Batch, counted: Batch) -> None:
        keys = keys_of(told.trades, self._labels)
        self._admit(keys if arrived is told.trades else self._beginning(arrived))
        parts = self._divided(told, keys)
        is_same = counted is told
        self._take_parts(parts, parts if is_same else self._divided(counted, keys_of(counted.trades, self._labels)))
        if len(self.groups) >= self._largest:
            self.dropped += sum(_values(key) not in self.groups for key in keys)

    def _take_parts(self, told: Mapping[Values, Batch], counted: Mapping[Values, Batch]) -> None:
        for values, batch in told.items():
            self.groups[values].tell(batch)
            self._touch(values)
        for values, batch in counted.items():
            self.groups[values].extend(batch)
            self._touch(values)

    def _beginning(self, arrived: Iterable[OpenedTrade | SettledTrade]) -> Sequence[Hashable]:
        """Return the keys of the trades that may begin a group."""
        if not self._begins_when_opened:
            arrived = [trade for trade in arrived if isinstance(trade, SettledTrade)]
        return keys_of(arrived, self._labels)

    def _admit(self, keys: Iterable[Hashable]) -> None:
        """Begin groups of new values while there is room; their counters are 0 before the first closing is told."""
        for values in map(_values, dict.fromkeys(keys)):
            if values not in self.groups and len(self.groups) < self._largest:
                self._make(values)

    def _divided(self, trades: Batch, keys: Sequence[Hashable]) -> Mapping[Values, Batch]:
        return trades.divided(keys, {key: self.admitted(_values(key)) for key in dict.fromkeys(keys)})

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
        self._touch(values)

    def _touch(self, values: Values) -> None:
        self._changed.pop(values, None)
        self._changed[values] = self._version
        self._newest_asked = _NOTHING

    def changed(self, since: int) -> Sequence[Values]:
        """Return the groups that began or changed after a version."""
        if self._newest_asked != (since, self._version):
            self._newest_asked = since, self._version
            self._newest = list(takewhile(lambda values: self._changed[values] > since, reversed(self._changed)))
        return self._newest

    def profits(self) -> Iterable[float]:
        """Return the net profit of each group; what did not change since the last time is not added up again."""
        begun = self.changed(self._profits_of) if self._profits else self.groups
        for values in begun:
            self._profits[values] = self.groups[values].read(concepts.NET_PROFIT) or 0.0
        self._profits_of = self._version - 1
        return self._profits.values()

    def restore(self, groups: Mapping[Values, TradePerformance], dropped: int) -> None:
        """Become what was remembered."""
        self.groups, self.dropped = dict(groups), dropped


_NOTHING = (0, 0)
"""No two versions that can be asked for."""


def _values(key: Hashable) -> Values:
    found = key if isinstance(key, tuple) else (key,)
    return tuple([str(value) if value else UNKNOWN for value in found])
