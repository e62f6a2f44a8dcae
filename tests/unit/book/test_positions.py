"""What is open and what it is worth."""

import pytest

from tests.support.books import book_of, reading
from tests.support.definitions import checks
from tests.support.facts import at, closed, opened, started
from tradewatch.catalog import concepts
from tradewatch.facts import BarClosed, Direction, TradePartlyClosed, TradeVoided

LONG = opened("long", asset="BTC", quantity=2.0, entry_price=100.0)
SHORT = opened("short", asset="ETH", quantity=10.0, entry_price=5.0, direction=Direction.SELL)


def bar(close: float) -> BarClosed:
    return BarClosed(asset="BTC", interval=60.0, open=close, high=close, low=close, close=close)


@checks(concepts.EXPOSURE, concepts.NET_EXPOSURE, concepts.LARGEST_EXPOSURE, within="1e-6 relative")
@pytest.mark.parametrize(
    ("entries", "gross", "net", "largest"),
    [
        ((), 0.0, 0.0, 0.0),
        ((at(1, LONG),), 0.2, 0.2, 0.2),
        ((at(1, LONG), at(1, SHORT)), 0.25, 0.15, 0.2),
        ((at(1, LONG), at(2, bar(150.0))), 0.3, 0.3, 0.3),
        ((at(1, LONG), at(2, closed("long"))), 0.0, 0.0, 0.0),
    ],
    ids=["nothing", "one long", "long and short", "at the newest price", "closed"],
)
def test_exposure_is_position_values_by_equity(
    entries: tuple[object, ...], gross: float, net: float, largest: float
) -> None:
    book = book_of(at(0, started(1000.0)), *entries)  # type: ignore[arg-type]  # a table of entries
    found = [reading(book, each) for each in (concepts.EXPOSURE, concepts.NET_EXPOSURE, concepts.LARGEST_EXPOSURE)]
    assert found == pytest.approx([gross, net, largest])


def test_a_part_closed_leaves_the_rest_open() -> None:
    part = TradePartlyClosed(trade_id="long", part=1, quantity=1.5, exit_price=100.0, pnl=0.0)
    book = book_of(at(0, started(1000.0)), at(1, LONG), at(2, part))
    assert reading(book, concepts.EXPOSURE) == pytest.approx(0.05)
    assert reading(book, concepts.OPEN_TRADES) == 1


def test_without_equity_there_is_no_exposure() -> None:
    assert reading(book_of(at(0, started(None)), at(1, LONG)), concepts.EXPOSURE) is None


def test_a_trade_that_never_happened_was_never_open() -> None:
    assert reading(book_of(at(0, LONG), at(1, TradeVoided(trade_id="other"))), concepts.OPEN_TRADES) == 1
