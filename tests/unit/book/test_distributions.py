"""Distributions of closed trades and of cycles, as they are read of a book."""

from datetime import timedelta

from tests.support.definitions import checks
from tests.support.facts import MIDNIGHT, at, closed, started
from tradewatch.book import Book, moment_of, read, wanted
from tradewatch.catalog import Concept, distributions
from tradewatch.facts import Entry, Heartbeat, TradeCorrected


def spread(concept: Concept, *entries: Entry) -> dict[str, float]:
    """Return a distribution by the bound of each bucket, its sum and its count."""
    amended = {"b": closed("b", -500.0)}
    book = Book(wanted([(concept, ())]), amended)
    book.fold_many([at(0, started()), *entries])
    return {each.labels[-1]: each.value for each in read(moment_of(book, MIDNIGHT), concept, ())}


@checks(distributions.TRADE_PROFIT, within="exact")
def test_trades_are_counted_as_they_were_told() -> None:
    correction = TradeCorrected(trade_id="b", revision=1, replacement=closed("b", -500.0))
    found = spread(
        distributions.TRADE_PROFIT,
        at(1, closed("a", 1.5)),
        at(2, closed("b", 3.0)),
        at(3, correction),
        at(4, closed("c", -7.0)),
    )
    assert found["+Inf"] == 3
    assert not {"sum", "count"} & found.keys()  # the sum may go down, as no counter may
    assert (found["-10.0"], found["-5.0"], found["0.0"], found["2.0"], found["5.0"]) == (0, 1, 1, 2, 3)


@checks(distributions.TRADE_DURATION, within="exact")
def test_durations_are_in_seconds() -> None:
    opened_at = MIDNIGHT - timedelta(seconds=100)
    found = spread(distributions.TRADE_DURATION, at(0, closed("a", 1.0, opened_at=opened_at)), at(1, closed("b", 1.0)))
    assert (found["60.0"], found["300.0"], found["sum"], found["count"]) == (0, 1, 100.0, 1)


@checks(distributions.TRADE_SLIPPAGE, within="exact")
def test_slippage_is_in_basis_points_and_a_cost_is_above_zero() -> None:
    found = spread(
        distributions.TRADE_SLIPPAGE, at(1, closed("a", 1.0, entry_price=100.01, entry_reference_price=100.0))
    )
    assert (found["0.5"], found["2.0"], found["+Inf"]) == (0, 1, 1)


@checks(distributions.CYCLE_SECONDS, within="exact")
def test_cycles_are_counted_where_heartbeats_tell_how_long_they_took() -> None:
    beats = [at(60, Heartbeat(interval=60.0, cycle_seconds=0.02)), at(120, Heartbeat(interval=60.0))]
    found = spread(distributions.CYCLE_SECONDS, *beats)
    assert (found["0.01"], found["0.025"], found["count"], found["sum"]) == (0, 1, 1, 0.02)


def test_before_the_first_trade_every_bucket_is_there_and_empty() -> None:
    found = spread(distributions.TRADE_PROFIT)
    assert set(found.values()) == {0}
    assert len(found) == len(distributions.BOUNDS[distributions.TRADE_PROFIT]) + 1
