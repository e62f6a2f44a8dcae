"""HYDRA's regimes: each rule, their order, what lasts, and the same on arrays with TA-Lib and pandas."""

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.indicators.candles import ORDINARY_BARS, Candle, drawn, flat, market
from tests.unit.market.markets import month
from tests.unit.market.regimes import hydra_by_bar
from tradewatch.indicators import Bands
from tradewatch.regimes import TrendClassifier, TrendReadings, TrendRegime, trend_regime
from tradewatch.regimes.trend import LastingRegime

CHOPPY, RANGING, UP, DOWN, VOLATILE = TrendRegime
NARROW, USUAL, WIDE = (Bands(100.0, 100 + reach, 100 - reach, reach / 50) for reach in (0.9, 1.0, 1.1))
CALM = TrendReadings(atr=1.0, atr_mean=1.0, adx=22.0, plus_di=20.0, minus_di=10.0, bands=USUAL, width_median=0.02)


def test_codes_are_those_of_the_contract() -> None:
    assert [(each.value, each.code) for each in TrendRegime] == [
        ("CHOPPY", 0),
        ("RANGING", 1),
        ("TRENDING_UP", 2),
        ("TRENDING_DOWN", 3),
        ("VOLATILE", 4),
    ]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, CHOPPY),
        ({"atr": 2.0}, CHOPPY),  # not more than twice
        ({"atr": 2.01}, VOLATILE),
        ({"adx": 25.0}, CHOPPY),  # not more than 25
        ({"adx": 25.01}, UP),
        ({"adx": 25.01, "plus_di": 9.0}, DOWN),
        ({"adx": 25.01, "plus_di": 10.0}, CHOPPY),  # a strong trend in no direction
        ({"adx": 90.0, "bands": NARROW, "plus_di": 10.0}, CHOPPY),
        ({"adx": 20.0, "bands": NARROW}, CHOPPY),  # not less than 20
        ({"adx": 19.99, "bands": NARROW}, RANGING),
        ({"adx": 19.99}, CHOPPY),  # not below the median
        ({"adx": 19.99, "bands": WIDE}, CHOPPY),
        ({"adx": 22.0, "bands": NARROW}, CHOPPY),
        ({"atr": 2.01, "adx": 40.0}, VOLATILE),  # the first that holds
        ({"atr": 2.01, "adx": 10.0, "bands": NARROW}, VOLATILE),
    ],
)
def test_the_first_rule_that_holds_decides(told: dict[str, Any], expected: TrendRegime) -> None:
    assert trend_regime(CALM._replace(**told)) is expected


TABLE = (
    # told by the bar, then the regime that counts, bars since it does, and its share of the last 20 bars
    (UP, None, 0, None),
    (UP, None, 0, None),
    (DOWN, None, 0, None),
    (UP, None, 0, None),
    (UP, None, 0, None),
    (UP, UP, 1, 5 / 6),
    (CHOPPY, UP, 2, 5 / 7),
    (CHOPPY, UP, 3, 5 / 8),
    (UP, UP, 4, 6 / 9),  # not three in a row: it starts again
    (CHOPPY, UP, 5, 6 / 10),
    (CHOPPY, UP, 6, 6 / 11),
    (RANGING, UP, 7, 6 / 12),  # three bars away from it, but not of one kind
    (RANGING, UP, 8, 6 / 13),
    (RANGING, RANGING, 1, 3 / 14),
    (RANGING, RANGING, 2, 4 / 15),
)


def test_what_lasts_by_hand() -> None:
    lasting = LastingRegime()
    for told, expected, bars, confidence in TABLE:
        before = lasting.value
        assert lasting.update(told) is (expected is not before)
        assert (lasting.value, lasting.bars, lasting.confidence) == (expected, bars, confidence)
    assert lasting.previous is UP


def test_the_confidence_is_of_the_last_20_bars() -> None:
    lasting = LastingRegime()
    for told in [CHOPPY] * 30 + [UP] * 2 + [CHOPPY] * 3:
        lasting.update(told)
    assert lasting.confidence == 18 / 20


REGIMES = st.lists(st.sampled_from(TrendRegime), max_size=60)


@given(REGIMES)
def test_a_regime_counts_when_a_run_of_three_says_so(told: list[TrendRegime]) -> None:
    lasting = LastingRegime()
    counted = [lasting.value for each in told if lasting.update(each)]
    runs = [name for name, run in groupby(told) if len(list(run)) >= 3]
    assert counted == [name for name, _ in groupby(runs)]


@given(REGIMES)
def test_the_confidence_is_a_share_above_nothing(told: list[TrendRegime]) -> None:
    lasting = LastingRegime()
    for number, each in enumerate(told, start=1):
        lasting.update(each)
        if lasting.value is not None:
            assert lasting.confidence == told[:number][-20:].count(lasting.value) / min(20, number)


def classifier_of(candles: Sequence[Candle]) -> TrendClassifier:
    classifier = TrendClassifier()
    for candle in candles:
        classifier.update(candle)
    return classifier


def by_bar(candles: Sequence[Candle]) -> list[str | None]:
    classifier, told = TrendClassifier(), []
    for candle in candles:
        classifier.update(candle)
        told.append(None if classifier.readings is None else trend_regime(classifier.readings).value)
    return told


@pytest.mark.parametrize("seed", range(4))
def test_each_bar_has_the_regime_that_arrays_have(seed: int) -> None:
    candles = market(seed, blocks=40)
    assert by_bar(candles)[ORDINARY_BARS:] == hydra_by_bar(candles)[ORDINARY_BARS:]


def test_a_simulated_month_has_the_regimes_that_arrays_have() -> None:
    bars = [Candle(bar.high, bar.low, bar.close) for bar in month("BTCUSD")[0][:15_000]]
    ours = by_bar(bars)[ORDINARY_BARS:]
    assert ours == hydra_by_bar(bars)[ORDINARY_BARS:]
    assert set(ours) == {regime.value for regime in TrendRegime}


def test_it_warms_up_for_118_bars_and_its_first_regime_takes_three() -> None:
    candles = market(seed=1, blocks=0)
    assert by_bar(candles[:118])[-1] is None
    assert by_bar(candles[:119])[-1] is not None
    assert classifier_of(candles[:120]).value is None
    rising = [Candle(101.0 + n, 99.0 + n, 100.0 + n) for n in range(121)]
    assert classifier_of(rising[:120]).value is None
    assert classifier_of(rising).value is UP
    assert classifier_of([Candle(500 - c.low, 500 - c.high, 500 - c.close) for c in rising]).value is DOWN


def test_a_price_that_stands_still_is_choppy() -> None:
    assert classifier_of(flat(*[7.0] * 300)).value is CHOPPY


def test_each_indicator_is_told_as_soon_as_it_is_ready() -> None:
    candles = market(seed=1, blocks=0)
    told = [
        [value is not None for value in (seen.atr, seen.bb_width, seen.adx)]
        for seen in (classifier_of(candles[:count]).indicators for count in (13, 14, 19, 20, 27, 28))
    ]
    assert [sum(each) for each in told] == [0, 1, 1, 2, 2, 3]


CANDLES = st.builds(lambda calm, wild: market(4, 0)[:calm] + wild, st.integers(0, 130), drawn(st.floats(1e-3, 1e6), 60))


@given(past=CANDLES, future=drawn(st.floats(1e-3, 1e6), 60), before=CANDLES)
def test_it_goes_on_from_its_state_to_the_last_bit(
    past: list[Candle], future: list[Candle], before: list[Candle]
) -> None:
    never_stopped, restored = classifier_of(past), classifier_of(before)
    kept = json.dumps(never_stopped.state())
    restored.restore(json.loads(kept))
    assert json.dumps(restored.state()) == kept
    for candle in future:
        assert restored.update(candle) == never_stopped.update(candle)
        assert (restored.readings, restored.value) == (never_stopped.readings, never_stopped.value)
        assert restored.lasting.confidence == never_stopped.lasting.confidence
    assert restored.state() == never_stopped.state()


@given(past=CANDLES, factor=st.sampled_from([0.25, 1024.0]))
def test_the_unit_of_the_price_changes_no_regime(past: list[Candle], factor: float) -> None:
    assert by_bar([candle.scaled(factor) for candle in past]) == by_bar(past)


def test_its_state_is_bounded() -> None:
    candles = market(seed=4, blocks=60)
    assert len(json.dumps(classifier_of(candles).state())) < 1.1 * len(json.dumps(classifier_of(candles[:600]).state()))
