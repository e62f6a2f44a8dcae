"""The regimes of all assets: what is told, that asking changes nothing, and that a restart is exact."""

import json
from collections import Counter
from datetime import timedelta
from itertools import groupby

import pytest

from tests.unit.systems.hydra.markets import START, bars
from tradewatch.facts import Canonical, Entry, RegimeEntered, canonical
from tradewatch.indicators import AverageDirectionalIndex, AverageTrueRange, BollingerBands, RealisedVolatility
from tradewatch.market.bars import Bar
from tradewatch.market.instruments import CRYPTO
from tradewatch.regimes import TrendClassifier, TrendRegime
from tradewatch.systems.hydra.regime_detector import BARS_KEPT, CHANGES_KEPT, RegimeDetector

PAIR = ("BTC-USD", "XRP-USD")


def led(detector: RegimeDetector, told: tuple[Bar, ...]) -> list[Entry]:
    return [entry for entry in map(detector.update, told) if entry is not None]


def test_it_tells_each_asset_by_its_own_bars() -> None:
    told = bars(*PAIR)
    detector, alone = RegimeDetector(PAIR), RegimeDetector(PAIR[1:])
    both = led(detector, told)
    assert [entry for entry in both if entry.id.startswith("regime/XRP")] == led(
        alone, tuple(bar for bar in told if bar.asset == "XRP-USD")
    )
    assert detector.detect_regime("XRP-USD") == alone.detect_regime("XRP-USD")


def test_each_change_is_the_classifiers_and_is_told_once_with_the_bars_time() -> None:
    told = bars("BTC-USD")
    classifier, expected = TrendClassifier(), []
    for bar in told:
        before = classifier.value
        if classifier.update(bar):
            previous = None if before is None else before.value
            fact = RegimeEntered(
                asset="BTC-USD",
                regime=str(classifier.value),
                previous=previous,
                confidence=classifier.lasting.confidence,
            )
            expected.append(Entry(bar.time, f"regime/BTC-USD/{bar.time.isoformat()}", fact))
    detector = RegimeDetector(["BTC-USD"])
    changes = led(detector, told)
    assert changes == expected == list(detector.regime_history)
    assert len(changes) > 20
    assert all(isinstance(canonical(change), Canonical) for change in changes)
    regimes = [change.fact.regime for change in changes if isinstance(change.fact, RegimeEntered)]
    assert [name for name, _ in groupby(regimes)] == regimes


def test_what_it_detects_are_the_indicators_and_the_regime_of_the_newest_bar() -> None:
    told = bars("SOL-USD")
    detector = RegimeDetector(["SOL-USD"])
    changes = led(detector, told)
    index, average, bands, volatility = (
        AverageDirectionalIndex(),
        AverageTrueRange(),
        BollingerBands(),
        RealisedVolatility(60.0),
    )
    for bar in told:
        for each in (index, average, bands, volatility):
            each.update(bar)
    found = detector.detect_regime("SOL-USD")
    assert bands.value is not None
    assert (found["adx"], found["atr"], found["bb_width"], found["volatility"]) == (
        index.value,
        average.value,
        bands.value.width,
        volatility.value,
    )
    assert isinstance(changes[-1].fact, RegimeEntered)
    assert (found["regime"], found["since"]) == (changes[-1].fact.regime, changes[-1].time)
    assert found["confidence"] is not None
    assert 0 < found["confidence"] <= 1
    assert detector.indicators("SOL-USD") == {
        **{name: found[name] for name in ("adx", "atr", "bb_width", "volatility")},
        "regime_confidence": found["confidence"],
    }


def test_what_is_undefined_yet_is_there_and_none() -> None:
    detector = RegimeDetector(["BTC-USD"])
    keys = {"regime", "confidence", "adx", "atr", "bb_width", "volatility", "since"}
    assert detector.detect_regime("BTC-USD") == dict.fromkeys(keys)
    led(detector, bars("BTC-USD")[:20])
    found = detector.detect_regime("BTC-USD")
    assert {name for name, value in found.items() if value is not None} == {"atr", "bb_width"}
    assert detector.indicators("BTC-USD").keys() == {"atr", "bb_width"}
    assert detector.view("BTC-USD") is None


def test_asking_changes_nothing() -> None:
    told = bars(*PAIR)
    quiet, asked = RegimeDetector(PAIR), RegimeDetector(PAIR)
    led(quiet, told)
    for bar in told:
        asked.update(bar)
        for _ in range(3):
            asked.detect_regime(bar.asset)
            asked.view(bar.asset)
            asked.indicators(bar.asset)
    assert asked.state() == quiet.state()
    assert asked.regime_history == quiet.regime_history


@pytest.mark.parametrize("cut", [0, 1, 60, 300, 1_001, 2_000])
def test_a_restart_changes_nothing(cut: int) -> None:
    told = bars(*PAIR)
    through, before, after = RegimeDetector(PAIR), RegimeDetector(PAIR), RegimeDetector(PAIR)
    led(through, told[:cut])
    led(before, told[:cut])
    led(after, told[5:700])  # what it saw before is forgotten
    kept = json.dumps(before.state())
    after.restore(json.loads(kept))
    assert json.dumps(after.state()) == kept
    for bar in told[cut:]:
        assert after.update(bar) == through.update(bar)
        assert after.view(bar.asset) == through.view(bar.asset)
    assert after.regime_history == through.regime_history
    assert json.dumps(after.state()) == json.dumps(through.state())


def test_an_asset_that_was_added_begins_anew_and_the_others_go_on() -> None:
    told = bars(*PAIR)
    before, after = RegimeDetector(PAIR[:1]), RegimeDetector(PAIR)
    led(before, tuple(bar for bar in told if bar.asset == PAIR[0]))
    after.restore(before.state())
    assert after.detect_regime(PAIR[0]) == before.detect_regime(PAIR[0])
    assert after.detect_regime(PAIR[1])["regime"] is None


def test_what_it_keeps_is_bounded() -> None:
    detector = RegimeDetector(["BTC-USD"])
    told = bars("BTC-USD", days=12.0)
    assert len(led(detector, told)) > CHANGES_KEPT == len(detector.regime_history)
    view = detector.view("BTC-USD")
    assert view is not None
    assert view.bars == told[-BARS_KEPT:]
    assert len(json.dumps(detector.state())) < 130_000


def test_engines_can_be_given_more_to_look_back_on_but_not_less_than_they_need() -> None:
    detector = RegimeDetector(["BTC-USD"], bars_kept=300)
    led(detector, bars("BTC-USD"))
    view = detector.view("BTC-USD")
    assert view is not None
    assert len(view.bars) == 300
    with pytest.raises(ValueError, match="20 bars are too few for the engines: keep 100 or more"):
        RegimeDetector(["BTC-USD"], bars_kept=20)


def test_an_asset_it_does_not_follow_is_a_key_error() -> None:
    detector = RegimeDetector(["BTC-USD"])
    for ask in (detector.detect_regime, detector.view, detector.indicators):
        with pytest.raises(KeyError):
            ask("ETH-USD")
    with pytest.raises(KeyError):
        detector.update(bars("XRP-USD")[0])


@pytest.mark.parametrize("seed", [1, 2])
def test_every_regime_comes_on_a_few_assets_within_days(seed: int) -> None:
    assets = ("BTC-USD", "XRP-USD", "LINK-USD")
    assert set(assets) <= set(CRYPTO)
    detector = RegimeDetector(assets)
    found: Counter[tuple[str, str]] = Counter()
    for entry in led(detector, bars(*assets, days=8.0, seed=seed)):
        assert isinstance(entry.fact, RegimeEntered)
        assert START < entry.time <= START + timedelta(days=8)
        found[entry.fact.asset, entry.fact.regime] += 1
    assert {(asset, regime.value) for asset in assets for regime in TrendRegime} == set(found)
