"""Facts that were lost on the way to the ledger, counted until the ledger knows."""

import threading
from collections import Counter
from collections.abc import Iterator

from tradewatch.facts import KIND_OF, Fact, FactsDropped, FactsRefused, Objection
from tradewatch.recorder.log import warn

_LONGEST_EXAMPLE = 200


Cause = tuple[str, str]
"""What kind of fact was lost, and why: the labels a loss is counted by."""


class Losses:
    """Counts of refused and dropped facts by kind and reason. Any thread counts, one thread tells the ledger."""

    def __init__(self) -> None:
        self._refused: dict[Cause, int] = {}
        self._dropped: dict[Cause, int] = {}
        self._examples: dict[Cause, str] = {}
        self._refused_told: Counter[Cause] = Counter()
        self._dropped_told: Counter[Cause] = Counter()
        # Only counting takes it, so that reading never waits; reentrant, for a signal handler that counts too.
        self._lock = threading.RLock()

    def refuse(self, objection: Objection) -> None:
        """Count a fact that is not valid."""
        cause = (objection.kind, objection.reason)
        with self._lock:
            if cause not in self._examples:
                self._examples[cause] = _printable(objection.detail)
            self._count(self._refused, cause)

    def drop(self, fact: Fact, reason: str) -> None:
        """Count a fact that could not be kept."""
        with self._lock:
            self._count(self._dropped, (KIND_OF[type(fact)], reason))

    @property
    def refused(self) -> dict[Cause, int]:
        """How many facts were not valid, by kind and reason."""
        return self._refused.copy()

    @property
    def dropped(self) -> dict[Cause, int]:
        """How many facts were lost, by kind and reason."""
        return self._dropped.copy()

    @property
    def are_untold(self) -> bool:
        """Whether something was lost that `tell` has not returned yet."""
        return self._refused != self._refused_told or self._dropped != self._dropped_told

    def tell(self) -> list[FactsRefused | FactsDropped]:
        """Return what was lost since the last call, as facts for the ledger; what is new of its kind is logged."""
        return [*self._tell_refused(), *self._tell_dropped()]

    def _tell_refused(self) -> Iterator[FactsRefused]:
        for cause, count in _news(self.refused, self._refused_told):
            example = self._examples[cause]
            if cause not in self._refused_told:
                warn("a fact %s was refused as %s: %s", *cause, example)
            self._refused_told[cause] += count
            yield FactsRefused(fact_kind=cause[0], reason=cause[1], count=count, example=example)

    def _tell_dropped(self) -> Iterator[FactsDropped]:
        for cause, count in _news(self.dropped, self._dropped_told):
            if cause not in self._dropped_told:
                warn("facts %s were dropped: %s", *cause)
            self._dropped_told[cause] += count
            yield FactsDropped(fact_kind=cause[0], reason=cause[1], count=count)

    def _count(self, counts: dict[Cause, int], cause: Cause) -> None:
        counts.setdefault(cause, 0)
        counts[cause] += 1  # without a call inside, so that no signal handler comes between reading and writing


def _news(counts: dict[Cause, int], told: Counter[Cause]) -> Iterator[tuple[Cause, int]]:
    for cause, total in counts.items():
        if count := total - told[cause]:
            yield cause, count


def _printable(text: str) -> str:
    """Return the start of a text, without what cannot be written as UTF-8."""
    return text[:_LONGEST_EXAMPLE].encode(errors="backslashreplace").decode()
