"""Facts folded into statistics per dimension, and read as concepts."""

from tradewatch.book.book import Book
from tradewatch.book.follow import Follower, is_true, only_system
from tradewatch.book.moment import Basis, Moment, moment_of
from tradewatch.book.past import Past
from tradewatch.book.performance import PERFORMANCE
from tradewatch.book.reading import COUNT, SUM, Reading
from tradewatch.book.readings import read, value
from tradewatch.book.reported_profit import ReportedProfit
from tradewatch.book.settled import ProfitSource
from tradewatch.book.snapshots import Snapshot, Snapshots
from tradewatch.book.trades import Amendments, Trades
from tradewatch.book.wanted import TOLD, TRADE_CONCEPTS, Wanted, wanted, without_outcome

__all__ = [
    "COUNT",
    "PERFORMANCE",
    "SUM",
    "TOLD",
    "TRADE_CONCEPTS",
    "Amendments",
    "Basis",
    "Book",
    "Follower",
    "Moment",
    "Past",
    "ProfitSource",
    "Reading",
    "ReportedProfit",
    "Snapshot",
    "Snapshots",
    "Trades",
    "Wanted",
    "is_true",
    "moment_of",
    "only_system",
    "read",
    "value",
    "wanted",
    "without_outcome",
]
