"""A metric's help with nothing left to fill in."""

from functools import lru_cache

from tradewatch.book import Moment
from tradewatch.catalog import Metric


def help_of(metric: Metric, moment: Moment) -> str:
    """Return the help of a metric for the account of a moment."""
    account = moment.account
    return _help(metric.help, account.currency, account.calendar.days_a_year)


@lru_cache(maxsize=4_096)
def _help(words: str, currency: str | None, days: int) -> str:
    return words.format(currency=currency or "the account's currency", days=days)
