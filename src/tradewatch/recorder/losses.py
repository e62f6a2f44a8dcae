"""Facts that were lost on the way to the ledger, counted until the ledger knows."""

import logging
import threading
from collections import Counter
from collections.abc import Iterable, Mapping

from tradewatch.facts import FactsDropped, FactsRefused, Objection

_log = logging.getLogger(__name__)


class Losses:
    """Counts of refused and dropped facts by kind and reason; each combination is logged once."""

    def __init__(self) -> None:
        self.refused: Counter[tuple[str, str]] = Counter()
        self.dropped: Counter[tuple[str, str]] = Counter()
        self._examples: dict[tuple[str, str], str] = {}
        self._told: Counter[tuple[str, str, str]] = Counter()
        self._lock = threading.Lock()

    def refuse(self, objection: Objection) -> None:
        """Count a fact that is not valid."""
        key = (objection.kind, objection.reason)
        with self._lock:
            self.refused[key] += 1
            if key not in self._examples:
                self._examples[key] = objection.detail
                _log.warning("a fact %s was refused as %s: %s", *key, objection.detail)

    def drop(self, counts: Mapping[str, int], reason: str) -> None:
        """Count facts that could not be kept, by kind."""
        with self._lock:
            for kind, count in counts.items():
                if (kind, reason) not in self.dropped:
                    _log.warning("facts %s were dropped: %s", kind, reason)
                self.dropped[kind, reason] += count

    def untold(self) -> list[FactsRefused | FactsDropped]:
        """Return what was lost since the last `told`, as facts for the ledger."""
        with self._lock:
            return [*self._untold_refused(), *self._untold_dropped()]

    def told(self, facts: Iterable[FactsRefused | FactsDropped]) -> None:
        """Remember that the ledger knows these."""
        with self._lock:
            for fact in facts:
                self._told[type(fact).__name__, fact.fact_kind, fact.reason] += fact.count

    def _untold_refused(self) -> Iterable[FactsRefused]:
        for (kind, reason), total in self.refused.items():
            if count := total - self._told[FactsRefused.__name__, kind, reason]:
                example = self._examples[kind, reason]
                yield FactsRefused(fact_kind=kind, reason=reason, count=count, example=example)

    def _untold_dropped(self) -> Iterable[FactsDropped]:
        for (kind, reason), total in self.dropped.items():
            if count := total - self._told[FactsDropped.__name__, kind, reason]:
                yield FactsDropped(fact_kind=kind, reason=reason, count=count)
