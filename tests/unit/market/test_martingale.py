import json
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import pairwise
from statistics import fmean, stdev

import pytest

from tests.unit.market.markets import COINS, START
from tradewatch.market.bars import Bar
from tradewatch.market.feed import Feed
from tradewatch.market.instruments import METATRADER
from tradewatch.market.martingale import MartingaleFeed

DAYS = 60
COARSE = "EURUSD in pips"
"""A minute moves it by about its smallest step: what rounding does to the mean would show."""

INSTRUMENTS = {**METATRADER, **COINS, COARSE: replace(METATRADER["EURUSD+"], symbol=COARSE, digits=4)}


def feed(*symbols: str, seed: int = 1, ticks: int = 1, changing: bool = False) -> MartingaleFeed:
    return MartingaleFeed(
        {name: INSTRUMENTS[name] for name in symbols}, seed=seed, start=START, ticks=ticks, changing_volatility=changing
    )


@cache
def closes(symbol: str, ticks: int, *, changing: bool) -> list[float]:
    bars = feed(symbol, ticks=ticks, changing=changing).advance(START + timedelta(days=DAYS))
    return [bar.close for bar in bars]


_FINE = [("EURUSD+", 1, False), ("BTCUSD", 1, False), ("EURUSD+", 1, True), ("US500", 4, True)]
FINE = pytest.mark.parametrize(("symbol", "ticks", "changing"), _FINE)
KINDS = pytest.mark.parametrize(("symbol", "ticks", "changing"), [*_FINE, (COARSE, 1, False)])


def deviations(values: Sequence[float]) -> float:
    """How many standard errors the mean is from nothing."""
    return fmean(values) / (stdev(values) / math.sqrt(len(values)))


@KINDS
def test_the_mean_move_is_nothing(symbol: str, ticks: int, changing: bool) -> None:  # noqa: FBT001
    prices = closes(symbol, ticks, changing=changing)
    assert abs(deviations([after - before for before, after in pairwise(prices)])) < 3.5


@KINDS
@pytest.mark.parametrize("lag", [1, 2, 15, 60])
def test_the_moves_before_say_nothing_about_the_next(symbol: str, ticks: int, changing: bool, lag: int) -> None:  # noqa: FBT001
    prices = closes(symbol, ticks, changing=changing)
    moves = [after - before for before, after in pairwise(prices)]
    for known in (lambda move: move, lambda move: math.copysign(1.0, move), lambda move: move * move):
        gains = [known(sum(moves[at - lag : at])) * moves[at] for at in range(lag, len(moves))]
        assert abs(deviations(gains)) < 3.5


@FINE
def test_a_years_volatility_is_the_instruments(symbol: str, ticks: int, changing: bool) -> None:  # noqa: FBT001
    prices = closes(symbol, ticks, changing=changing)
    measured = stdev(math.log(after / before) for before, after in pairwise(prices)) * math.sqrt(365 * 1_440)
    assert measured == pytest.approx(INSTRUMENTS[symbol].volatility, rel=0.1)


def test_changing_volatility_comes_in_clusters() -> None:
    def clustering(*, changing: bool) -> float:
        sizes = [abs(after - before) for before, after in pairwise(closes("EURUSD+", 1, changing=changing))]
        usual = fmean(sizes)
        return deviations([(a - usual) * (b - usual) for a, b in zip(sizes, sizes[20:], strict=False)])

    assert clustering(changing=True) > 10
    assert abs(clustering(changing=False)) < 3.5


def test_one_tick_makes_one_price_bars_and_more_make_bars_with_a_range() -> None:
    bars = feed("BTCUSD").advance(START + timedelta(hours=5))
    assert all(bar.open == bar.high == bar.low == bar.close for bar in bars)
    ranged = feed("BTCUSD", ticks=12).advance(START + timedelta(hours=5))
    assert all(bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high for bar in ranged)
    assert all(bar.low < bar.high for bar in ranged)
    assert {bar.ticks for bar in ranged} == {12}


def test_the_spread_is_always_the_usual_one_and_prices_have_the_symbols_digits() -> None:
    bars = feed("EURUSD+", changing=True).advance(START + timedelta(days=1))
    assert {bar.spread for bar in bars} == {INSTRUMENTS["EURUSD+"].spread}
    assert all(round(bar.close, 5) == bar.close for bar in bars)


def test_the_price_never_leaves_the_ground() -> None:
    wild = COINS["BTC"].__class__(
        symbol="X", digits=0, contract_size=1, quote_currency="USD", spread_points=1, price=3, volatility=400.0
    )
    bars: Sequence[Bar] = MartingaleFeed({"X": wild}, seed=1, start=START).advance(START + timedelta(days=3))
    assert min(bar.close for bar in bars) == 1


def test_it_starts_when_it_is_told_and_goes_on_where_it_was() -> None:
    market: Feed = feed("BTCUSD", "EURUSD+", changing=True)
    restored = feed("BTCUSD", "EURUSD+", changing=True)
    assert len(market.advance(START + timedelta(minutes=2_000))) == 4_000
    restored.restore(json.loads(json.dumps(market.state())))
    assert restored.advance(START + timedelta(days=4)) == market.advance(START + timedelta(days=4))


def test_another_symbol_changes_nothing() -> None:
    both = feed("EURUSD+", "BTCUSD").advance(START + timedelta(days=2))
    assert [bar for bar in both if bar.asset == "BTCUSD"] == feed("BTCUSD").advance(START + timedelta(days=2))
