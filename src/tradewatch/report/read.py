"""From a ledger to its report."""

import os
from pathlib import Path

from tradewatch.book import Book, Follower, ProfitSource, moment_of
from tradewatch.errors import SourceError
from tradewatch.report.report import KEPT, Report, report


def read_report(path: Path, system: str | None, profit: ProfitSource) -> Report:
    """Fold a ledger and report on it as of its newest fact; raises `SourceError` or `ConfigurationError`."""
    follower = Follower(path, system, lambda amendments: Book(KEPT, amendments, profit, compares_parts=True))
    follower.catch_up()
    follower.close()
    if follower.system is None or follower.book.time is None:
        message = (
            f"the ledger {path} holds no facts{f' of {system}' if system else ''}: record or import something first"
        )
        raise SourceError(message)
    moment = moment_of(follower.book, follower.book.time)
    return report(
        moment, ledger=os.fsencode(path).decode(errors="backslashreplace"), system=follower.system, profit=profit
    )
