"""Facts folded into statistics per dimension, and read as concepts."""

from tradewatch.book.book import Book
from tradewatch.book.follow import Follower, only_system
from tradewatch.book.reading import Reading
from tradewatch.book.readings import TRADE_CONCEPTS, Moment, moment_of, read
from tradewatch.book.reconciliation import Reconciliation
from tradewatch.book.settled import ProfitSource

__all__ = [
    "TRADE_CONCEPTS",
    "Book",
    "Follower",
    "Moment",
    "ProfitSource",
    "Reading",
    "Reconciliation",
    "moment_of",
    "only_system",
    "read",
]
