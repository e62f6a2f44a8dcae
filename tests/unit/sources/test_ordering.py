import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tradewatch.errors import SourceError
from tradewatch.facts import Direction, TradeClosed, TradeOpened
from tradewatch.sources.ordering import EventOrder, Step

START = datetime(2024, 1, 31, tzinfo=UTC)
OPENED = TradeOpened(trade_id="1", asset="a", direction=Direction.BUY, quantity=0.1, entry_price=1e-9)
CLOSED = TradeClosed(
    trade_id="1", asset="\n🚀", direction=Direction.SELL, quantity=0.1, entry_price=1.0, exit_price=2.0, opened_at=START
)


def step(microsecond: int, arrival: int) -> Step:
    """Return the step that came as number ``arrival``."""
    fact = replace(CLOSED if arrival % 2 else OPENED, trade_id=str(arrival))
    return Step(START + timedelta(microseconds=microsecond), bool(arrival % 2), fact)


@pytest.fixture
def order() -> Iterator[EventOrder]:
    with closing(EventOrder(piece=2)) as made:
        yield made


def test_steps_of_one_instant_keep_the_order_in_which_they_came(order: EventOrder) -> None:
    for arrival, microsecond in enumerate([3, 1, 3, 1, 0]):
        order.add(step(microsecond, arrival))
    assert [found.fact.trade_id for found in order] == ["4", "1", "3", "0", "2"]


def test_it_can_be_read_again(order: EventOrder) -> None:
    for arrival in range(5):
        order.add(step(0, arrival))
    assert list(order) == list(order)


def test_nothing_stays_on_the_disk() -> None:
    order = EventOrder(piece=1)
    order.add(step(0, 0))
    order.close()
    with pytest.raises(ValueError, match="closed file"):
        list(order)


def test_a_folder_that_takes_nothing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with closing(EventOrder(piece=1)) as order, pytest.raises(SourceError, match=r"missing, which .* with TMPDIR"):
        order.add(step(0, 0))


@given(microseconds=st.lists(st.integers(-(10**15), 10**15), max_size=30), piece=st.integers(1, 40))
def test_what_comes_back_is_what_was_given_sorted(microseconds: list[int], piece: int) -> None:
    steps = [step(microsecond, arrival) for arrival, microsecond in enumerate(microseconds)]
    with closing(EventOrder(piece)) as order:
        for each in steps:
            order.add(each)
        assert list(order) == sorted(steps, key=lambda each: (each.time, int(each.fact.trade_id)))
