"""Statistics of closed trades, by hand."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import book_of, reading
from tests.support.definitions import checks
from tests.support.facts import at, closed, opened, started
from tradewatch.book import ProfitSource
from tradewatch.catalog import Concept, concepts
from tradewatch.facts import Direction

FOUR = (
    at(0, started(1000.0)),
    at(1, closed("a", pnl=30.0)),
    at(2, closed("b", pnl=-10.0, asset="ETH")),
    at(3, closed("c", pnl=0.0)),
    at(4, closed("d", pnl=-10.0, strategy=None)),
)


@checks(
    concepts.CLOSED_TRADES,
    concepts.WINS,
    concepts.LOSSES,
    concepts.SCRATCHES,
    concepts.WIN_RATE,
    concepts.NET_PROFIT,
    concepts.NET_PROFIT_SHARE,
    concepts.GROSS_PROFIT,
    concepts.GROSS_LOSS,
    concepts.PROFIT_FACTOR,
    concepts.EXPECTANCY,
    within="exact",
)
@pytest.mark.parametrize(
    ("concept", "value"),
    [
        (concepts.CLOSED_TRADES, 4),
        (concepts.WINS, 1),
        (concepts.LOSSES, 2),
        (concepts.SCRATCHES, 1),
        (concepts.WIN_RATE, 0.25),
        (concepts.NET_PROFIT, 10.0),
        (concepts.NET_PROFIT_SHARE, 0.01),
        (concepts.GROSS_PROFIT, 30.0),
        (concepts.GROSS_LOSS, 20.0),
        (concepts.PROFIT_FACTOR, 1.5),
        (concepts.EXPECTANCY, 2.5),
    ],
)
def test_four_trades_by_hand(concept: Concept, value: float) -> None:
    assert reading(book_of(*FOUR), concept) == value


def test_an_unknown_strategy_is_a_group_of_its_own_so_that_sums_include_it() -> None:
    book = book_of(*FOUR)
    parts = {name: reading(book, concepts.NET_PROFIT, name, labels=("strategy",)) for name in ("trend", "UNKNOWN")}
    assert parts == {"trend": 20.0, "UNKNOWN": -10.0}


def test_before_the_first_trade_ratios_are_undefined_and_counts_are_zero() -> None:
    book = book_of(at(0, started()))
    assert reading(book, concepts.WIN_RATE) is None
    assert reading(book, concepts.EXPECTANCY) is None
    assert reading(book, concepts.CLOSED_TRADES) == 0


def test_all_wins_leave_the_profit_factor_undefined() -> None:
    assert reading(book_of(at(0, closed("a", pnl=1.0))), concepts.PROFIT_FACTOR) is None


@checks(concepts.WINS, concepts.LOSSES, concepts.SCRATCHES, within="exact")
@pytest.mark.parametrize(
    ("pnl", "wins", "losses", "scratches"),
    [(1.1e-7, 1, 0, 0), (0.9e-7, 0, 0, 1), (0.0, 0, 0, 1), (-0.9e-7, 0, 0, 1), (-1.1e-7, 0, 1, 0)],
)
def test_a_scratch_is_within_a_billionth_of_the_notional_value(
    pnl: float, wins: int, losses: int, scratches: int
) -> None:
    book = book_of(at(0, closed("a", pnl=pnl, quantity=1.0, entry_price=100.0)))
    assert [reading(book, each) for each in (concepts.WINS, concepts.LOSSES, concepts.SCRATCHES)] == [
        wins,
        losses,
        scratches,
    ]


@pytest.mark.parametrize(
    ("changes", "pnl"),
    [
        ({"direction": Direction.BUY, "exit_price": 110.0}, 20.0),
        ({"direction": Direction.SELL, "exit_price": 110.0}, -20.0),
        ({"direction": Direction.BUY, "exit_price": 110.0, "fees": 3.0, "funding": -1.0}, 18.0),
        ({"direction": Direction.BUY, "exit_price": 110.0, "contract_value": 10.0}, 200.0),
    ],
)
def test_profit_from_the_parts(changes: dict[str, Any], pnl: float) -> None:
    trade = closed("a", pnl=12345.0, quantity=2.0, **changes)
    assert reading(book_of(at(0, trade), profit=ProfitSource.RECOMPUTED), concepts.NET_PROFIT) == pytest.approx(pnl)
    assert reading(book_of(at(0, trade)), concepts.NET_PROFIT) == 12345.0


def test_counters_of_an_asset_begin_at_zero_when_its_first_trade_opens() -> None:
    book = book_of(at(0, opened("a", asset="ETH")))
    for outcome in ("win", "loss", "scratch"):
        assert reading(book, concepts.TRADES_TOLD_BY_OUTCOME, "ETH", outcome, labels=("asset", "outcome")) == 0


@checks(concepts.OPEN_TRADES, within="exact")
def test_open_trades_are_those_not_closed() -> None:
    book = book_of(at(0, opened("a")), at(0, opened("b")), at(1, closed("a")), at(2, closed("never opened")))
    assert reading(book, concepts.OPEN_TRADES) == 1


assets = st.sampled_from(["BTC", "ETH", 'quo"te', "new\nline"])


@given(st.lists(st.tuples(assets, st.floats(-1e9, 1e9)), max_size=40))
def test_the_parts_add_up_to_the_whole(trades: list[tuple[str, float]]) -> None:
    entries = [at(number, closed(str(number), pnl=pnl, asset=asset)) for number, (asset, pnl) in enumerate(trades)]
    book = book_of(at(0, started()), *entries)
    names = {asset for asset, _ in trades}
    parts = [reading(book, concepts.NET_PROFIT, name, labels=("asset",)) or 0.0 for name in names]
    assert sum(parts) == pytest.approx(reading(book, concepts.NET_PROFIT), rel=1e-12, abs=1e-6)


def test_a_closing_that_knows_its_pnl_alone_counts_like_any_other() -> None:
    unknown = {"direction": None, "quantity": None, "entry_price": None, "exit_price": None}
    book = book_of(at(0, started()), at(1, closed("1", pnl=5.0, **unknown)), at(2, closed("2", pnl=0.0, **unknown)))
    assert reading(book, concepts.NET_PROFIT) == 5.0
    assert reading(book, concepts.WINS) == 1
    assert reading(book, concepts.SCRATCHES) == 1
    assert reading(book, concepts.ENTRY_SLIPPAGE) is None
    assert book.reported_profit is not None
    assert book.reported_profit.difference == 0
