"""One accumulator per combination of label values, for the declared combinations of labels only."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

Accumulator = TypeVar("Accumulator")

Labels = tuple[str, ...]
"""Names of labels, in order."""

Values = tuple[str, ...]
"""Values of labels, in the order of their names."""


class Groups(Generic[Accumulator]):
    """Accumulators by label values, one table for each combination of labels.

    ``names`` are all labels, in the order in which `of` wants an observation's values.
    """

    def __init__(self, combinations: Iterable[Labels], make: Callable[[Labels], Accumulator]) -> None:
        self._tables: dict[Labels, dict[Values, Accumulator]] = {labels: {} for labels in combinations}
        self._make = make
        self._found: dict[tuple[str | None, ...], list[Accumulator]] = {}
        self.names = tuple(sorted({name for labels in self._tables for name in labels}))
        self.of((None,) * len(self.names))  # what has no labels is there from the start

    def of(self, values: tuple[str | None, ...]) -> list[Accumulator]:
        """Return an observation's accumulators, one a combination, made when they are new.

        A value that is None is not known yet: combinations that need it are left out.
        """
        found = self._found.get(values)
        if found is None:
            found = self._found[values] = self._find(dict(zip(self.names, values, strict=True)))
        return found

    def _find(self, known: Mapping[str, str | None]) -> list[Accumulator]:
        found = []
        for names, table in self._tables.items():
            values = tuple(value for name in names if (value := known[name]) is not None)
            if len(values) == len(names):
                if values not in table:
                    table[values] = self._make(names)
                found.append(table[values])
        return found

    def table(self, labels: Labels) -> Mapping[Values, Accumulator]:
        """Return one combination's accumulators by their label values; raises KeyError when it was not declared."""
        return self._tables[labels]

    def combinations(self) -> Iterator[Labels]:
        """Yield the combinations that were declared."""
        yield from self._tables
