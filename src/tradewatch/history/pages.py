"""The page of any moment of the past, as the exporter would have shown it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from tradewatch.book import Past, moment_of
from tradewatch.exporter.as_of import instant, published
from tradewatch.exporter.page import Page
from tradewatch.exporter.wire import Family
from tradewatch.systems import System

ALL = "*"
"""The pattern of every metric's name."""


class Pages:
    """What follows from the facts up to a moment; moments must not go back. ``source``: the ledger as it is served.

    ``pattern``: of the names of metrics that are wanted, as a shell would have it.
    """

    def __init__(self, past: Past, system: System, source: str, pattern: str = ALL) -> None:
        self._past = past
        self._system = system
        self._source = source
        self._pattern = pattern
        self._page = Page()
        self._wanted: dict[str, bool] = {}

    def at(self, seconds: int) -> Sequence[Family]:
        """Return the families of a moment (Unix)."""
        now = datetime.fromtimestamp(seconds, UTC)
        book = self._past.at(now)
        at = instant(book, now)
        metrics, moment = published(self._system, book, at), moment_of(book, at)
        if self._pattern == ALL:
            return self._page.of_facts(moment, metrics, self._source)
        wanted = [each for each in metrics if self._is_wanted(each.name)]
        families = self._page.of_facts(moment, wanted, self._source)
        return [each for each in families if self._is_wanted(each.metric.name)]

    def _is_wanted(self, name: str) -> bool:
        if name not in self._wanted:
            self._wanted[name] = fnmatchcase(name, self._pattern)
        return self._wanted[name]
