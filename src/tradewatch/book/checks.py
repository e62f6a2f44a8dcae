"""Whether a book agrees with itself: what must add up, and by how much it does not."""

from collections.abc import Iterator, Sequence
from math import fsum

from tradewatch.book.account import Account
from tradewatch.book.engines import Engines
from tradewatch.book.reading import Reading
from tradewatch.book.trades import Trades
from tradewatch.catalog import concepts


def checks(trades: Trades, account: Account, engines: Engines) -> Iterator[Reading]:
    """Yield each check's name and its error, which should be 0: money in account currency, or a count."""
    for labels in trades.combinations():
        if labels:
            yield Reading((f"profit_by_{'_and_'.join(labels)}",), _profit_error(trades, labels))
    if engines.shares_profit:
        yield Reading(("profit_shared_by_engines",), _sharing_error(trades, engines))
    yield Reading(("balance",), _balance_error(account))
    yield Reading(("counters",), _counter_error(trades))


def _profit_error(trades: Trades, labels: tuple[str, ...]) -> float:
    """Return the sum of the parts less the whole."""
    return _beyond_rounding([*trades.profits_by(labels), -(trades.whole.read(concepts.NET_PROFIT) or 0.0)])


def _sharing_error(trades: Trades, engines: Engines) -> float:
    """Return the sum of the engines' shares less the whole."""
    shares = [profit.value for profit in engines.profits.values()]
    return _beyond_rounding([*shares, -(trades.whole.read(concepts.NET_PROFIT) or 0.0)])


def _balance_error(account: Account) -> float:
    """Return balance less start, flows and realised P&L."""
    if account.balance is None or account.starting_equity is None:
        return 0.0
    return _beyond_rounding([account.balance, -account.starting_equity, -account.flows.value, -account.realised.value])


def _counter_error(trades: Trades) -> float:
    """Return closings told less the ones that stand or were voided."""
    standing = trades.whole.read(concepts.CLOSED_TRADES) or 0
    return trades.whole.told.count - standing - trades.voided


_ROUNDING = 1e-12


def _beyond_rounding(terms: Sequence[float]) -> float:
    """Return the sum of terms that should be 0; 0 when it is only their rounding."""
    error = fsum(terms)
    return 0.0 if abs(error) <= _ROUNDING * fsum(map(abs, terms)) else error
