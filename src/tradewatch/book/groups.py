"""One accumulator per combination of label values, for the declared combinations of labels only."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

Accumulator = TypeVar("Accumulator")

Labels = tuple[str, ...]
"""Names of labels, in order."""

Values = tuple[str, ...]
"""Values of labels, in the order of their names."""


class Groups(Generic[Accumulator]):
    """Accumulators by label values, one table for each combination of labels."""

    def __init__(self, combinations: Iterable[Labels], make: Callable[[], Accumulator]) -> None:
        self._tables: dict[Labels, dict[Values, Accumulator]] = {labels: {} for labels in combinations}
        self._make = make
        if () in self._tables:
            self._tables[()][()] = make()

    def of(self, labels: Mapping[str, str]) -> Iterator[Accumulator]:
        """Yield the accumulator of every combination of these labels, made when it is new."""
        for names, table in self._tables.items():
            values = tuple(labels[name] for name in names if name in labels)
            if len(values) < len(names):
                continue
            accumulator = table.get(values)
            if accumulator is None:
                accumulator = table[values] = self._make()
            yield accumulator

    def table(self, labels: Labels) -> Mapping[Values, Accumulator]:
        """Return one combination's accumulators by their label values; raises KeyError when it was not declared."""
        return self._tables[labels]
