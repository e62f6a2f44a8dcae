"""The cards that every indicator passes. A new one is one line in `CARDS`; the audit finds the one that is missing."""

import copy
import importlib
import json
import pickle
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.indicators.candles import Candle, drawn, flat, market
from tradewatch import indicators
from tradewatch.facts import BarClosed
from tradewatch.indicators import (
    Autoregression,
    AverageDirectionalIndex,
    AverageTrueRange,
    Bar,
    BollingerBands,
    Burst,
    Displacement,
    Indicator,
    Motion,
    Oscillator,
    RealisedVolatility,
)
from tradewatch.indicators.exponential_average import ExponentialAverage
from tradewatch.indicators.rolling_mean import RollingMean
from tradewatch.indicators.sorted_window import SortedWindow
from tradewatch.indicators.wilder_average import WilderAverage

# Any in this file: each indicator has its own kind of value.

Reading = float | None


class Card(NamedTuple):
    """How to try an indicator: all that can be read from it, and which power of a factor on all prices that follows."""

    make: Callable[[], Indicator[Any]]
    warm_up: int
    read: Callable[[Any], Sequence[Reading]]
    scales_with: Sequence[int]


CARDS = (
    Card(AverageTrueRange, 14, lambda atr: (atr.value, atr.share), (1, 0)),
    Card(AverageDirectionalIndex, 28, lambda adx: (adx.value, adx.plus_di, adx.minus_di), (0, 0, 0)),
    Card(BollingerBands, 20, lambda bands: bands.value or (None,) * 4, (1, 1, 1, 0)),
    Card(lambda: RealisedVolatility(60.0), 31, lambda volatility: (volatility.value,), (0,)),
)
NOT_OF_BARS = {Indicator, WilderAverage, ExponentialAverage, RollingMean, SortedWindow}
OF_PRICES = {Autoregression, Burst, Displacement, Motion, Oscillator}
"""They take a price or a number; their cards are in tests/unit/indicators/test_restored.py."""
every_indicator = pytest.mark.parametrize("card", CARDS, ids=lambda card: type(card.make()).__name__)

CALM = market(seed=4, blocks=0)[:40]
BARS = st.builds(lambda calm, wild: CALM[:calm] + wild, st.integers(0, 35), drawn(st.floats(1e-3, 1e6), most=45))
"""Lists that end anywhere: within an indicator's warm-up, with its last bar, long after it."""


def public_indicators() -> Iterator[type]:
    for module in pkgutil.iter_modules(indicators.__path__, f"{indicators.__name__}."):
        for name, found in vars(importlib.import_module(module.name)).items():
            if isinstance(found, type) and found.__module__ == module.name and not name.startswith("_"):
                yield found


def readings(card: Card, bars: Sequence[Bar]) -> list[Sequence[Reading]]:
    indicator = card.make()
    return [after(card, indicator, bar) for bar in bars]


def after(card: Card, indicator: Indicator[Any], bar: Bar) -> Sequence[Reading]:
    indicator.update(bar)
    return card.read(indicator)


def test_no_public_indicator_escapes_the_cards() -> None:
    found = {each for each in public_indicators() if hasattr(each, "update")} - NOT_OF_BARS - OF_PRICES
    assert found == {type(card.make()) for card in CARDS}
    assert {each.__name__ for each in found} <= set(indicators.__all__)


@every_indicator
def test_before_the_first_bar_it_is_undefined(card: Card) -> None:
    indicator = card.make()
    assert (indicator.value, indicator.ready, indicator.warm_up) == (None, False, card.warm_up)
    assert set(card.read(indicator)) == {None}


@every_indicator
@given(data=st.data())
def test_it_is_defined_from_the_end_of_its_warm_up_on(card: Card, data: st.DataObject) -> None:
    indicator = card.make()
    for number, candle in enumerate(data.draw(BARS), start=1):
        indicator.update(candle)
        assert indicator.ready == (indicator.value is not None) == (number >= indicator.warm_up)
        assert not indicator.ready or None not in card.read(indicator)


@every_indicator
@pytest.mark.parametrize(
    "bars",
    [
        flat(*[0.1] * 200),
        flat(*[1e-30, 1e30] * 100),
        flat(*[100.0] * 60, 1e8, *[100.0] * 100),
        [Candle(1e30, 1e-30, 1.0)] * 200,
        [candle.scaled(1e-30) for candle in market(seed=1)],
        [candle.scaled(1e27) for candle in market(seed=2)],
        [*flat(1.0, 2.0), *flat(*[3.0] * 20_000)],
    ],
    ids=["frozen", "jumping", "outlier", "widest", "tiny", "huge", "frozen for weeks"],
)
def test_it_is_a_finite_number_whatever_the_market_does(card: Card, bars: Sequence[Candle]) -> None:
    for number, values in enumerate(readings(card, bars), start=1):
        for value in values:
            assert isfinite(value) if value is not None else number < card.warm_up


@every_indicator
@given(data=st.data())
def test_scaling_all_prices_scales_the_value_as_declared(card: Card, data: st.DataObject) -> None:
    candles = data.draw(BARS)
    factor = data.draw(st.sampled_from([0.25, 2.0, 1024.0]))  # powers of two: exact
    expected = [
        tuple(value and value * factor**power for value, power in zip(values, card.scales_with, strict=True))
        for values in readings(card, candles)
    ]
    assert [tuple(each) for each in readings(card, [candle.scaled(factor) for candle in candles])] == expected


@every_indicator
@given(data=st.data())
def test_what_comes_later_changes_nothing_before(card: Card, data: st.DataObject) -> None:
    past, one, other = data.draw(BARS), data.draw(BARS), data.draw(BARS)
    known = readings(card, past)
    assert readings(card, past + one)[: len(past)] == readings(card, past + other)[: len(past)] == known


@every_indicator
@given(data=st.data())
@pytest.mark.parametrize("again", [copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))])  # noqa: S301 - ours
def test_it_comes_back_from_storage_and_goes_on(card: Card, again: Callable[[Any], Any], data: st.DataObject) -> None:
    candles = data.draw(BARS)
    cut = data.draw(st.integers(0, len(candles)))
    indicator = card.make()
    for candle in candles[:cut]:
        indicator.update(candle)
    stored = again(indicator)
    assert (stored.value, stored.warm_up) == (indicator.value, indicator.warm_up)
    expected = readings(card, candles)[cut:]
    assert [after(card, stored, candle) for candle in candles[cut:]] == expected
    assert [after(card, indicator, candle) for candle in candles[cut:]] == expected  # a copy shares nothing with it


@every_indicator
@given(data=st.data())
def test_it_goes_on_from_its_state_to_the_last_bit(card: Card, data: st.DataObject) -> None:
    candles = data.draw(BARS)
    cut = data.draw(st.integers(0, len(candles)))
    never_stopped, restored = card.make(), card.make()
    for candle in candles[:cut]:
        never_stopped.update(candle)
    for candle in data.draw(BARS):
        restored.update(candle)  # what it saw before is forgotten
    kept = json.dumps(never_stopped.state())
    restored.restore(json.loads(kept))
    assert (card.read(restored), json.dumps(restored.state())) == (card.read(never_stopped), kept)
    assert [after(card, restored, each) for each in candles[cut:]] == readings(card, candles)[cut:]
    assert json.dumps(never_stopped.state()) == kept


@every_indicator
def test_memory_is_bounded(card: Card) -> None:
    def size(count: int) -> int:
        indicator = card.make()
        for number in range(count):
            price = 100.0 + number % 7 / 3
            indicator.update(Candle(price + 1 / 3, price - 1 / 7, price))
        return len(pickle.dumps(indicator))

    assert size(20_000) == size(2_000)


@every_indicator
@given(data=st.data())
def test_reading_changes_nothing(card: Card, data: st.DataObject) -> None:
    candles = data.draw(BARS)
    indicator = card.make()
    for candle in candles:
        indicator.update(candle)
        assert card.read(indicator) == card.read(indicator)
    assert [card.read(indicator)] == readings(card, candles)[-1:] or not candles


@every_indicator
def test_recorded_bars_are_bars(card: Card) -> None:
    facts = [BarClosed(asset="BTC", interval=60.0, open=bar.close, **bar._asdict()) for bar in CALM]
    assert readings(card, facts) == readings(card, CALM)
