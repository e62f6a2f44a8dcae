import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tradewatch.market.aggregation import BarBuilder
from tradewatch.market.bars import Bar, Timeframe

TEN = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)


def minute(number: int, close: float = 1.0, asset: str = "BTC") -> Bar:
    """The bar that ends so many minutes after ten."""
    end = TEN + timedelta(minutes=number)
    return Bar(asset, end, 60.0, close - 0.5, close + 1, close - 1, close, volume=2.0, spread=number / 100, ticks=7)


def tick(seconds: float, price: float) -> Bar:
    return Bar("BTC", TEN + timedelta(seconds=seconds), 0.0, price, price, price, price, volume=1.0, ticks=1)


def ends(bars: list[Bar]) -> list[str]:
    return [f"{bar.time:%H:%M}" for bar in bars]


def test_a_bar_closes_with_the_minute_that_ends_at_its_boundary() -> None:
    builder = BarBuilder(Timeframe.M5)
    made = [builder.update(minute(number, close=float(number))) for number in range(1, 6)]
    assert made[:4] == [[], [], [], []]
    assert made[4] == [
        Bar("BTC", TEN + timedelta(minutes=5), 300.0, 0.5, 6.0, 0.0, 5.0, volume=10.0, spread=0.05, ticks=35)
    ]


def test_after_a_gap_the_first_minute_beyond_closes_the_bar_and_none_is_invented() -> None:
    builder = BarBuilder(Timeframe.M5)
    assert builder.update(minute(2)) == []
    closed = builder.update(minute(21))
    assert ends(closed) == ["10:05"]
    assert closed[0].ticks == 7


def test_a_minute_that_ends_at_a_boundary_after_a_gap_closes_two_bars() -> None:
    builder = BarBuilder(Timeframe.M5)
    builder.update(minute(2))
    assert ends(builder.update(minute(20))) == ["10:05", "10:20"]


def test_a_tick_at_the_boundary_belongs_to_the_next_bar() -> None:
    builder = BarBuilder(Timeframe.M1)
    assert builder.update(tick(0, 1.0)) == []
    assert builder.update(tick(59.9, 3.0)) == []
    [bar] = builder.update(tick(60, 9.0))
    assert (bar.open, bar.high, bar.close, bar.ticks, ends([bar])) == (1.0, 3.0, 3.0, 2, ["10:01"])


def test_a_bar_of_the_same_length_passes_and_a_longer_one_brings_nothing() -> None:
    coarse = minute(5)._replace(interval=300.0)
    assert BarBuilder(Timeframe.M5).update(coarse) == [coarse]
    assert BarBuilder(Timeframe.M1).update(coarse) == []
    quarter = BarBuilder(Timeframe.M15)
    made = [bar for end in (5, 10, 15) for bar in quarter.update(minute(end)._replace(interval=300.0))]
    assert ends(made) == ["10:15"]


def test_what_comes_after_its_bar_was_closed_is_counted_and_changes_nothing() -> None:
    builder = BarBuilder(Timeframe.M5)
    for number in (4, 5, 3, 7, 6, 4):
        builder.update(minute(number))
    assert builder.late == 2
    [bar] = builder.update(minute(10))
    assert bar.ticks == 21


def test_a_restored_builder_knows_which_bars_are_closed() -> None:
    builder, restored = BarBuilder(Timeframe.M5), BarBuilder(Timeframe.M5)
    builder.update(minute(5))
    restored.restore(builder.state())
    restored.update(minute(4))
    assert restored.late == 1


def test_bars_that_end_by_a_moment_are_closed_when_nothing_can_follow() -> None:
    builder = BarBuilder(Timeframe.M5)
    for each in (minute(7), minute(3, asset="ETH"), minute(12, asset="SOL")):
        builder.update(each)
    assert [bar.asset for bar in builder.close_until(TEN + timedelta(minutes=10))] == ["ETH", "BTC"]
    assert builder.close_until(TEN + timedelta(minutes=14)) == []


def test_assets_do_not_touch_each_other() -> None:
    builder = BarBuilder(Timeframe.M5)
    builder.update(minute(4, asset="ETH"))
    assert [bar.asset for bar in builder.update(minute(5))] == ["BTC"]
    assert [bar.asset for bar in builder.update(minute(5, asset="ETH"))] == ["ETH"]


@given(st.lists(st.integers(1, 200), unique=True, min_size=2).map(sorted), st.data())
def test_a_restored_builder_goes_on_as_if_nothing_had_happened(numbers: list[int], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(numbers)))
    whole, first, second = (BarBuilder(Timeframe.M15) for _ in range(3))
    expected = [whole.update(minute(number)) for number in numbers]
    before = [first.update(minute(number)) for number in numbers[:cut]]
    second.restore(json.loads(json.dumps(first.state())))
    assert before + [second.update(minute(number)) for number in numbers[cut:]] == expected
    assert second.state() == whole.state()


@given(st.lists(st.integers(1, 400), unique=True).map(sorted))
def test_no_volume_is_lost_or_made(numbers: list[int]) -> None:
    builder = BarBuilder(Timeframe.H1)
    made = [bar for number in numbers for bar in builder.update(minute(number))]
    made += [bar for bar in builder.update(minute(10_000)) if bar.time < TEN + timedelta(minutes=9_000)]
    assert sum(bar.ticks for bar in made) == 7 * len(numbers)
    assert len(made) == len({(number + 59) // 60 for number in numbers})
