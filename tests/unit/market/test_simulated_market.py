"""Whether the simulated market is one worth learning in: seeds are fixed, so that nothing here depends on luck."""

import math
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from itertools import pairwise
from statistics import fmean, stdev

import numpy as np
import pytest

from tests.unit.market import regimes
from tests.unit.market.markets import COINS, START, feed, month
from tradewatch.market.bars import Bar
from tradewatch.market.instruments import METATRADER, Instrument
from tradewatch.market.simulated_kinds import Kind

SYMBOLS = ("EURUSD+", "US500", "BTCUSD")
YEAR = 365 * 1_440


def log_returns(closes: Sequence[float], minutes: int = 1) -> list[float]:
    return [math.log(after / before) for before, after in pairwise(closes[::minutes])]


@cache
def quarter(symbol: str, seed: int = 3) -> list[float]:
    """Closes of 90 days."""
    return [bar.close for bar in feed(symbol, seed=seed).advance(START + timedelta(days=90))]


@pytest.mark.parametrize(("minutes", "tolerance"), [(1, 0.15), (15, 0.2), (60, 0.3), (1_440, 0.35)])
def test_a_years_volatility_is_about_the_instruments(minutes: int, tolerance: float) -> None:
    ratios = [
        stdev(log_returns(quarter(symbol), minutes)) * math.sqrt(YEAR / minutes) / METATRADER[symbol].volatility
        for symbol in SYMBOLS
    ]
    assert fmean(ratios) == pytest.approx(1, rel=tolerance)


@pytest.mark.parametrize("symbol", SYMBOLS)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_kind_comes_within_a_month(symbol: str, seed: int) -> None:
    _, hidden = month(symbol, seed)
    assert {state.fast for state in hidden} == set(Kind)
    assert len({state.slow for state in hidden}) >= 2
    assert {state.burst for state in hidden} == {False, True}


@pytest.mark.parametrize("symbol", SYMBOLS)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_physics_regime_comes_within_a_month(symbol: str, seed: int) -> None:
    bars, _ = month(symbol, seed)
    found = regimes.physics(np.array([bar.close for bar in bars[4::5]]))
    shares = np.bincount(found[found > 0], minlength=5)[1:] / np.count_nonzero(found)
    assert min(shares) > 0.02


@pytest.mark.parametrize("symbol", SYMBOLS)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_regime_of_hydra_comes_within_a_month(symbol: str, seed: int) -> None:
    bars, _ = month(symbol, seed)
    counted = regimes.hydra(bars)
    for name in ("VOLATILE", "TRENDING_UP", "TRENDING_DOWN", "RANGING", "CHOPPY"):
        assert counted.count(name) >= 5


def test_a_burst_doubles_the_average_true_range_and_hardly_anything_else_does() -> None:
    bars, hidden = month("BTCUSD")
    begun = [at for at, (one, two) in enumerate(pairwise(hidden)) if two.burst and not one.burst]
    seen = [regimes.hydra(bars[max(0, at - 300) : at + 60]).count("VOLATILE") > 0 for at in begun if at > 300]
    assert len(seen) > 10
    assert fmean(seen) > 0.8
    calm = [at for at in range(1_000, len(bars) - 60, 1_440) if not any(s.burst for s in hidden[at - 300 : at + 60])]
    assert fmean("VOLATILE" in regimes.hydra(bars[at - 300 : at + 60]) for at in calm) < 0.2


def test_a_burst_is_about_four_times_as_wild() -> None:
    bars, hidden = month("EURUSD+")
    sizes = {
        burst: fmean(
            math.log(bar.high / bar.low)
            for bar, state in zip(bars, hidden, strict=True)
            if state.burst is burst and state.fast is Kind.WALK
        )
        for burst in (True, False)
    }
    assert 3 < sizes[True] / sizes[False] < 7


def test_spreads_widen_in_bursts_and_when_the_day_rolls_over() -> None:
    bars, hidden = month("EURUSD+")
    usual = METATRADER["EURUSD+"].spread
    assert fmean(bar.spread for bar in bars) == pytest.approx(usual, rel=0.3)
    assert fmean(bar.spread for bar, state in zip(bars, hidden, strict=True) if state.burst) > 1.5 * usual
    assert fmean(bar.spread for bar in bars if (bar.time.hour, bar.time.minute) == (22, 5)) > 3 * usual


def test_volume_follows_volatility() -> None:
    bars, _ = month("BTCUSD")
    assert np.corrcoef([bar.ticks for bar in bars], [bar.high - bar.low for bar in bars])[0, 1] > 0.6


def test_volatility_comes_in_clusters() -> None:
    bars, _ = month("US500")
    ranges = np.log([bar.high / bar.low for bar in bars[9::10]])
    assert np.corrcoef(ranges[:-12], ranges[12:])[0, 1] > 0.2


def test_now_and_then_the_price_jumps() -> None:
    bars, hidden = month("BTCUSD")
    sizes = np.array([abs(math.log(bar.close / bar.open)) for bar in bars])
    calm = [at for at in range(60, len(bars)) if len(set(hidden[at - 60 : at + 1])) == 1 and not hidden[at].burst]
    jumps = [at for at in calm if sizes[at] > 6 * math.sqrt(np.mean(sizes[at - 60 : at] ** 2))]
    assert 3 <= len(jumps) <= 20


@cache
def moves(*symbols: str) -> dict[str, list[float]]:
    """Log returns of five minutes for 60 days."""
    bars: list[Bar] = list(feed(*symbols, seed=5).advance(START + timedelta(days=60)))
    return {name: log_returns([bar.close for bar in bars if bar.asset == name], 5) for name in symbols}


def test_coins_move_together() -> None:
    found = np.corrcoef(list(moves(*COINS).values()))
    assert 0.45 < found[np.triu_indices(3, 1)].mean() < 0.8


def test_pairs_of_the_dollar_move_with_its_side_of_the_price_and_not_with_coins() -> None:
    symbols = ("EURUSD+", "GBPUSD+", "USDJPY+", "BTCUSD")
    found = np.corrcoef(list(moves(*symbols).values()))
    assert found[0, 1] > 0.2
    assert found[0, 2] < -0.2
    assert np.abs(found[3, :3]).max() < 0.1


def gains(symbol: str, minutes: int, look: int, hold: int, side: int) -> list[float]:
    """What betting with (1) or against (-1) every large move of ``look`` bars brings in ``hold`` bars, before costs."""
    levels = np.log(quarter(symbol))[::minutes]
    known, following = levels[look:-hold] - levels[: -look - hold], levels[look + hold :] - levels[look:-hold]
    chosen = np.abs(known) > known.std()
    return list(side * np.sign(known[chosen]) * following[chosen])


def costs(instrument: Instrument) -> float:
    """Of a round trip, as a share of the price."""
    lot = 2 * instrument.commission_per_lot / instrument.contract_size / instrument.price
    price = (instrument.spread + 2 * instrument.slippage_points * instrument.point) / instrument.price
    return lot + price + 2 * instrument.commission_rate


@pytest.mark.parametrize("symbol", ["EURUSD+", "BTCUSD"])
@pytest.mark.parametrize("look", [1, 5, 20])
@pytest.mark.parametrize("hold", [1, 5])
@pytest.mark.parametrize("side", [1, -1])
def test_there_is_no_free_lunch_within_minutes(symbol: str, look: int, hold: int, side: int) -> None:
    assert fmean(gains(symbol, 1, look, hold, side)) < 0.6 * costs(METATRADER[symbol])


@pytest.mark.parametrize(("minutes", "look", "side"), [(15, 20, 1), (60, 20, -1)])
def test_there_is_something_to_learn_within_hours(minutes: int, look: int, side: int) -> None:
    net = [fmean(gains(symbol, minutes, look, 12, side)) - costs(METATRADER[symbol]) for symbol in SYMBOLS]
    assert fmean(net) > 0


def test_a_walk_is_not_predictable() -> None:
    bars, hidden = month("BTCUSD")
    steps = [
        (before.close / before.open - 1, after.close / after.open - 1)
        for (before, one), (after, two) in pairwise(zip(bars, hidden, strict=True))
        if one.fast is two.fast is Kind.WALK and one.slow is two.slow is Kind.WALK
    ]
    products = [one * two for one, two in steps]
    assert len(products) > 1_000
    assert abs(fmean(products)) < 3.5 * stdev(products) / math.sqrt(len(products))
