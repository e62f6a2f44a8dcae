"""Every concept that can be read of a book, and how."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from tradewatch.book.account import Account
from tradewatch.book.book import Book
from tradewatch.book.groups import Labels
from tradewatch.book.performance import READINGS
from tradewatch.book.reading import Reading
from tradewatch.catalog import Concept, concepts

TRADE_CONCEPTS = READINGS.keys() | {concepts.TRADES_TOLD, concepts.NET_PROFIT_SHARE}
"""The concepts that a book keeps by label combinations."""


class Moment(NamedTuple):
    """A book, its account with the current step complete, and the moment it is read at."""

    book: Book
    account: Account
    at: datetime


def moment_of(book: Book, at: datetime) -> Moment:
    """Return a book as it reads at a moment that is not before its newest fact."""
    return Moment(book, book.account.settled(), at)


def read(moment: Moment, concept: Concept, labels: Labels) -> Iterator[Reading]:
    """Yield what is defined of a concept now, by label values; raises KeyError on one that no book has."""
    if concept in READINGS or concept is concepts.TRADES_TOLD:
        yield from moment.book.trades.readings(concept, labels)
    elif concept is concepts.NET_PROFIT_SHARE:
        yield from _net_profit_share(moment, labels)
    elif concept is concepts.ERRORS:
        yield from (Reading(key, count) for key, count in moment.book.activity.errors.items())
    elif concept is concepts.ACCOUNT:
        yield Reading(_account_labels(moment.book), 1)
    else:
        value = _SINGLE[concept](moment)
        if value is not None:
            yield Reading((), value)


def _net_profit_share(moment: Moment, labels: Labels) -> Iterator[Reading]:
    start = moment.account.starting_equity
    if start is not None:
        for values, profit in moment.book.trades.readings(concepts.NET_PROFIT, labels):
            yield Reading(values, profit / start)


def _account_labels(book: Book) -> tuple[str, str]:
    return (book.account.currency or "", book.activity.mode.value if book.activity.mode else "")


def _system_status(moment: Moment) -> float | None:
    alive = moment.book.activity.is_alive(moment.at)
    return None if alive is None else float(alive)


def _last_heartbeat(moment: Moment) -> float | None:
    last = moment.book.activity.last_heartbeat
    return None if last is None else last.timestamp()


_SINGLE: Mapping[Concept, Callable[[Moment], float | None]] = {
    concepts.OPEN_TRADES: lambda moment: moment.book.trades.open_count,
    concepts.TRADES_CORRECTED: lambda moment: moment.book.intake.folded["trade_corrected"],
    concepts.TRADES_VOIDED: lambda moment: moment.book.intake.folded["trade_voided"],
    concepts.STARTING_EQUITY: lambda moment: moment.account.starting_equity,
    concepts.BALANCE: lambda moment: moment.account.balance,
    concepts.EQUITY: lambda moment: moment.account.equity,
    concepts.CURRENT_DRAWDOWN: lambda moment: _if_started(moment.account, moment.account.drawdown.current),
    concepts.MAXIMUM_DRAWDOWN: lambda moment: _if_started(moment.account, moment.account.drawdown.value),
    concepts.SYSTEM_STATUS: _system_status,
    concepts.LAST_HEARTBEAT_TIME: _last_heartbeat,
}


def _if_started(account: Account, value: float | None) -> float | None:
    return None if account.starting_equity is None else value
