"""Pages of many moments turned into series: each with all its samples, as servers want them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

from tradewatch.catalog import Metric
from tradewatch.exporter.wire import Family, named
from tradewatch.history.encoding import STALE
from tradewatch.history.series import Pairs, Run, Samples, Series

Values = tuple[str, ...]
"""Values of a sample's labels."""

_NOTHING: tuple[Sequence[Values], Sequence[float]] = ((), ())


@dataclass(slots=True)
class _Stretch:
    """Rows of a metric with the same series throughout: from which moment on, by its number, and of each its values."""

    begin: int
    series: Sequence[Values]
    rows: list[Sequence[float]] = field(default_factory=list)


class _Column:
    """The samples of one metric, moment after moment; the ``family`` of the newest one is what is compared."""

    def __init__(self, metric: Metric, target: Mapping[str, str]) -> None:
        self._metric = metric
        self._target = target
        self._named: dict[Values, Pairs] = {}
        self._stretches: list[_Stretch] = []
        self._family: Family | None = None
        self._newest = _NOTHING
        self._rows: list[Sequence[float]] | None = None  # of the stretch that goes on

    def add(self, number: int, family: Family | None) -> None:
        """Take a moment's samples; a series that is gone has a last one that says so."""
        if family is not None and family is self._family and self._rows is not None:
            self._rows.append(self._newest[1])
            return
        found = _NOTHING if family is None else _finite(family)
        if found[0] != self._newest[0] or self._rows is None:
            self._end(number, found[0])
        self._family, self._newest = family, found
        if self._rows is not None:
            self._rows.append(found[1])

    def see(self, family: Family) -> None:
        """Take the samples of the moment before the first one: they are not written, but may be gone at the first."""
        self._family, self._newest = family, _finite(family)

    def _end(self, number: int, present: Sequence[Values]) -> None:
        """Begin a stretch with these series, if there are any, after the marks of those that are gone."""
        kept = set(present)
        if gone := [each for each in self._newest[0] if each not in kept]:
            self._stretches.append(_Stretch(number, gone, [[STALE] * len(gone)]))
        self._rows = [] if present else None
        if self._rows is not None:
            self._stretches.append(_Stretch(number, present, self._rows))

    def take(self) -> Iterator[Series]:
        """Yield the series, and forget their samples."""
        stretches, self._stretches, self._rows = self._stretches, [], None
        for values, runs in _runs(stretches).items():
            yield Series(self._name(values), [Run(*run) for run in runs])

    def _name(self, values: Values) -> Pairs:
        known = self._named.get(values)
        if known is None:
            name, pairs = named(self._metric, values)
            labels = {**self._target, **pairs, "__name__": name}
            known = self._named[values] = tuple(sorted(pair for pair in labels.items() if pair[1]))
        return known


def _runs(stretches: Sequence[_Stretch]) -> Mapping[Values, Sequence[tuple[int, list[float]]]]:
    """Return of each series the number of a moment, and the samples at it and the ones after it without a gap."""
    found: dict[Values, list[tuple[int, list[float]]]] = {}
    for stretch in stretches:
        for values, column in zip(stretch.series, zip(*stretch.rows, strict=True), strict=True):
            runs = found.setdefault(values, [])
            if runs and runs[-1][0] + len(runs[-1][1]) == stretch.begin:
                runs[-1][1].extend(column)
            else:
                runs.append((stretch.begin, list(column)))
    return found


def _finite(family: Family) -> tuple[Sequence[Values], Sequence[float]]:
    """Return the series of a family and their numbers; without those that are not finite, which no page shows."""
    if not family.samples:
        return _NOTHING
    present, numbers = zip(*family.samples, strict=True)
    if isfinite(sum(numbers)):
        return present, numbers
    kept = [sample for sample in family.samples if isfinite(sample.value)]
    return tuple(sample.labels for sample in kept), tuple(sample.value for sample in kept)


class Columns:
    """Takes pages moment by moment, and gives series with all their samples since the last time.

    ``target``: the labels that a scrape adds to every series. ``samples``: how many wait; ``moments``: theirs, in
    milliseconds.
    """

    def __init__(self, target: Mapping[str, str]) -> None:
        self.samples = 0
        self.moments: list[int] = []
        self._target = target
        self._columns: dict[str, _Column] = {}

    def see(self, families: Sequence[Family]) -> None:
        """Take the page of the moment before the first one, whose samples are not written."""
        for family in families:
            self._column(family.metric).see(family)

    def add(self, milliseconds: int, families: Sequence[Family]) -> None:
        """Take the page of a moment after the last one."""
        number = len(self.moments)
        self.moments.append(milliseconds)
        for family in families:
            self._column(family.metric).add(number, family)
            self.samples += len(family.samples)
        if len(families) < len(self._columns):
            for name in self._columns.keys() - {family.metric.name for family in families}:
                self._columns[name].add(number, None)

    def take(self) -> Samples:
        """Return what waits; nothing waits any more."""
        found = Samples(self.moments, [each for column in self._columns.values() for each in column.take()])
        self.moments, self.samples = [], 0
        return found

    def _column(self, metric: Metric) -> _Column:
        column = self._columns.get(metric.name)
        if column is None:
            column = self._columns[metric.name] = _Column(metric, self._target)
        return column
