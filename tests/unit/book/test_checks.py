"""A book that agrees with itself says 0; one that does not says by how much."""

from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import book_of
from tests.support.definitions import checks
from tests.support.facts import MIDNIGHT, at, closed, opened, started
from tradewatch.book import Book, moment_of, read
from tradewatch.catalog import concepts
from tradewatch.facts import CashFlowed
from tradewatch.stats import Outcomes


def errors(book: Book) -> dict[str, float]:
    found = read(moment_of(book, MIDNIGHT), concepts.RECONCILIATION_ERROR, ("check",))
    return {reading.labels[0]: reading.value for reading in found}


trades = st.lists(st.tuples(st.sampled_from("ABC"), st.floats(-1e6, 1e6), st.floats(-100, 100)), max_size=20)


@checks(concepts.RECONCILIATION_ERROR, within="1e-12 of the sums")
@given(trades)
def test_whatever_was_told_adds_up(told: list[tuple[str, float, float]]) -> None:
    entries = [at(0, started(1e9))]
    for number, (asset, pnl, flow) in enumerate(told, start=1):
        entries += [
            at(2 * number, opened(str(number), asset=asset, fees=0.1)),
            at(2 * number + 1, closed(str(number), asset=asset, pnl=pnl)),
            at(2 * number + 1, CashFlowed(amount=flow), f"flow-{number}"),
        ]
    assert set(errors(book_of(*entries)).values()) == {0.0}


def test_the_checks_are_by_every_division_the_balance_and_the_counters() -> None:
    names = set(errors(book_of(at(0, started()))))
    assert {"profit_by_asset", "profit_by_strategy", "profit_by_regime", "balance", "counters"} <= names


def test_a_part_that_lost_a_trade_is_told() -> None:
    book = book_of(at(0, started()), at(1, closed("a", pnl=5.0)), at(2, closed("b", pnl=7.0, asset="ETH")))
    del book.trades.of(("asset",))[("ETH",)]  # type: ignore[attr-defined]  # breaking what is read-only
    assert errors(book)["profit_by_asset"] == -7.0


def test_money_from_nowhere_is_told() -> None:
    book = book_of(at(0, started()), at(1, closed("a", pnl=5.0)))
    book.account.realised.update(-1.0)
    assert errors(book)["balance"] == 1.0


def test_a_counter_that_is_off_is_told() -> None:
    book = book_of(at(0, started()), at(1, closed("a", pnl=5.0)))
    book.trades.whole.told = Outcomes()
    assert errors(book)["counters"] == -1.0
