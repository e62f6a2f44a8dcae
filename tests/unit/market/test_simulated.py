import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from tests.unit.market.markets import MINUTE, START, feed
from tradewatch.errors import ConfigurationError
from tradewatch.market.bars import Bar
from tradewatch.market.feed import Feed
from tradewatch.market.instruments import METATRADER
from tradewatch.market.simulated import SimulatedFeed

DAY = timedelta(days=1)


def of(bars: Sequence[Bar], asset: str) -> list[Bar]:
    return [bar for bar in bars if bar.asset == asset]


def test_it_is_a_feed() -> None:
    market: Feed = feed("BTCUSD", days=1)
    assert market.start == START


def test_it_has_a_bar_of_every_symbol_every_minute_in_one_order() -> None:
    bars = feed("EURUSD+", "BTCUSD").advance(START + DAY * 1.5)
    assert [bar.asset for bar in bars] == ["EURUSD+", "BTCUSD"] * 2_160
    assert [bar.time for bar in bars[::2]] == [START + number * MINUTE for number in range(1, 2_161)]


def test_warm_up_bars_end_at_the_start_and_the_days_after_it() -> None:
    market = feed("BTCUSD", days=2, warm_up=timedelta(hours=30))
    warm_up = market.advance(START)
    assert (len(warm_up), warm_up[-1].time, market.is_over) == (30 * 60, START, False)
    assert len(market.advance(START + 9 * DAY)) == 2 * 1_440
    assert market.is_over
    assert market.advance(START + 10 * DAY) == []


def test_the_same_seed_brings_the_same_bytes_and_another_one_another_market() -> None:
    one, same, other = (feed("BTCUSD", "US500", seed=seed).advance(START + DAY) for seed in (4, 4, 5))
    assert repr(one) == repr(same)
    alike = [a.close == b.close for a, b in zip(one, other, strict=True)]
    assert sum(alike) < 0.01 * len(alike)


def test_the_bars_of_a_seed_are_these_on_every_machine() -> None:
    bar = feed("BTCUSD", seed=7).advance(START + 2 * DAY)[-1]
    assert bar[3:] == (64934.92, 64945.75, 64919.91, 64921.19, 18.0, 10.94, 18)


def test_how_long_it_lasts_changes_nothing() -> None:
    assert feed("BTCUSD", days=1).advance(START + 9 * DAY) == feed("BTCUSD").advance(START + DAY)


def test_how_time_is_cut_changes_nothing() -> None:
    whole, cut = feed("EURUSD+", "BTCUSD"), feed("EURUSD+", "BTCUSD")
    moments = [START + minutes * MINUTE for minutes in (0.5, 1, 7, 7.9, 1_439, 1_441, 3_000)]
    assert [bar for moment in moments for bar in cut.advance(moment)] == whole.advance(moments[-1])


def test_another_symbol_changes_nothing() -> None:
    alone = feed("BTCUSD").advance(START + 3 * DAY)
    assert of(feed("ETHUSD", "BTCUSD", "EURUSD+").advance(START + 3 * DAY), "BTCUSD") == alone


@pytest.mark.parametrize("minutes", [0, 1, 700, 1_440, 1_441, 4_000])
def test_a_restored_market_goes_on_with_the_same_bars(minutes: int) -> None:
    market, restored = feed("EURUSD+", "BTCUSD"), feed("EURUSD+", "BTCUSD")
    market.advance(START + minutes * MINUTE)
    kept = json.dumps(market.state())
    restored.restore(json.loads(kept))
    assert restored.advance(START + 5 * DAY) == market.advance(START + 5 * DAY)
    assert restored.hidden_state("BTCUSD") == market.hidden_state("BTCUSD")
    assert restored.state() == market.state()


def test_its_state_is_small_however_long_it_ran() -> None:
    market = feed("BTCUSD")
    market.advance(START + 20 * DAY)
    assert len(json.dumps(market.state())) < 1_500


@pytest.mark.parametrize("other", [feed("BTCUSD", seed=2), feed("ETHUSD")])
def test_the_state_of_another_market_is_refused(other: SimulatedFeed) -> None:
    with pytest.raises(ConfigurationError, match="not of this one"):
        feed("BTCUSD").restore(other.state())


def test_a_market_without_symbols_or_a_time_zone_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no symbols"):
        SimulatedFeed({}, seed=1, start=START)
    with pytest.raises(ConfigurationError, match="no time zone"):
        SimulatedFeed(METATRADER, seed=1, start=datetime(2026, 1, 1))  # noqa: DTZ001 - the mistake


def test_days_begin_at_midnight_in_utc_whatever_the_zone_of_the_start() -> None:
    zone = datetime(2026, 3, 2, 2, tzinfo=UTC).astimezone().tzinfo
    there = SimulatedFeed(feed("BTCUSD").instruments, seed=1, start=START.astimezone(zone), warm_up=timedelta(0))
    assert there.advance(START + DAY) == feed("BTCUSD").advance(START + DAY)


def test_bars_are_sound_and_have_the_symbols_digits() -> None:
    bars = feed(*METATRADER).advance(START + 3 * DAY)
    for bar in bars:
        assert 0 < bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high
        assert METATRADER[bar.asset].rounded(bar.close) == bar.close
        assert bar.spread >= 0
        assert bar.ticks == bar.volume >= 1


def test_each_bar_opens_where_the_last_one_closed() -> None:
    bars = feed("EURUSD+").advance(START + 2 * DAY)
    assert all(before.close == after.open for before, after in pairwise(bars))
