"""At which moment a book is read, and which metrics are shown then."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from tradewatch.book import Book
from tradewatch.catalog import Metric
from tradewatch.systems import System


class AsOf(StrEnum):
    """At which moment a ledger is read."""

    AUTO = "auto"
    """``last`` for a ledger all of whose runs have ended, else ``now``."""

    NOW = "now"
    """The clock; facts from the future wait."""

    LAST = "last"
    """The newest fact."""


def instant(book: Book, now: datetime, as_of: AsOf = AsOf.AUTO) -> datetime:
    """Return the moment at which a book is read when the clock says ``now``; never before its newest fact."""
    if book.time is None:
        return now
    if as_of is AsOf.LAST or book.activity.is_over:
        return book.time
    return max(now, book.time)


def published(system: System, book: Book, at: datetime, *, is_up: bool = True) -> Sequence[Metric]:
    """Return the metrics that may be shown: of the account's currency or of any, and what is live while it is.

    A source that is down, or whose heartbeats have stopped, has no live ones.
    """
    is_alive = is_up and not book.activity.is_silent(at)
    currencies = {None, book.account.currency}
    metrics = [metric for metric in system.metrics if metric.currency in currencies]
    return [metric for metric in metrics if is_alive or not metric.concept.live]
