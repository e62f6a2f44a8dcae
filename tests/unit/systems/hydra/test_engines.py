"""The four engines: what each votes for, that all directions come, and that none looks ahead."""

import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.systems.hydra.markets import START, bars, views
from tradewatch.facts import Stance
from tradewatch.indicators import Bands
from tradewatch.market.bars import Bar
from tradewatch.regimes import TrendReadings, TrendRegime
from tradewatch.systems.hydra.engines import BUILT_IN, Engine, MarketView, Vote, ballot

CALM = TrendReadings(
    atr=1.0,
    atr_mean=1.0,
    adx=10.0,
    plus_di=20.0,
    minus_di=10.0,
    bands=Bands(100.0, 102.0, 98.0, 0.04),
    width_median=0.04,
)
every_engine = pytest.mark.parametrize("name", BUILT_IN)


def bar(close: float, minute: int = 0) -> Bar:
    return Bar("BTC-USD", START + timedelta(minutes=minute), 60.0, close, close + 0.5, close - 0.5, close)


def view(closes: list[float], **changed: Any) -> MarketView:
    """Return a view of 100 bars that end with these closes; 100 before. Any: the view's or the indicators' fields."""
    seen = {name: changed.pop(name) for name in tuple(changed) if name in TrendReadings._fields}
    whole = [100.0] * (100 - len(closes)) + closes
    calm = MarketView(
        asset="BTC-USD",
        bars=tuple(bar(close, minute) for minute, close in enumerate(whole)),
        indicators=CALM._replace(**seen),
        regime=TrendRegime.CHOPPY,
        previous_regime=None,
        bars_in_regime=50,
        regime_confidence=0.8,
        volatility=0.5,
    )
    return calm._replace(**changed)


def test_names() -> None:
    assert list(BUILT_IN) == ["A", "B", "C", "D"]


HOLD, BUY, SELL = ("HOLD", 0.0), "BUY", "SELL"
UP, DOWN, RANGING, VOLATILE = (
    TrendRegime.TRENDING_UP,
    TrendRegime.TRENDING_DOWN,
    TrendRegime.RANGING,
    TrendRegime.VOLATILE,
)


@pytest.mark.parametrize(
    ("name", "seen", "expected"),
    [
        ("A", view([101.0], adx=19.9), HOLD),
        ("A", view([101.0], adx=20.0), (BUY, 0.4)),
        ("A", view([101.0], adx=60.0), (BUY, 1.0)),
        ("A", view([99.0], adx=30.0, plus_di=5.0), (SELL, 0.6)),
        ("A", view([99.0], adx=30.0), HOLD),  # below the mean of a rising trend
        ("A", view([101.0], adx=30.0, plus_di=10.0), HOLD),  # no direction
        ("B", view([106.0] * 5 + [103.0]), (SELL, 0.45)),  # 2.7 ATR above a mean of 100.3, on the way back
        ("B", view([94.0] * 5 + [97.0]), (BUY, 0.45)),
        ("B", view([110.0] * 5 + [108.0]), (SELL, 1.0)),
        ("B", view([103.0] * 6), HOLD),  # it has not turned
        ("B", view([103.0] * 5 + [102.4]), HOLD),  # too near
        ("B", view([106.0] * 5 + [103.0], regime=UP), HOLD),  # the trend leads away
        ("B", view([106.0] * 5 + [103.0], regime=DOWN), (SELL, 0.45)),
        ("B", view([100.0], atr=0.0), HOLD),  # nothing moved
        ("C", view([101.0]), (BUY, 0.9)),  # half an ATR above the highs of 100.5
        ("C", view([99.4]), (SELL, 0.5)),
        ("C", view([103.0]), (BUY, 1.0)),
        ("C", view([100.5]), HOLD),  # on the channel's edge
        ("C", view([104.0] + [100.0] * 19 + [103.0]), HOLD),  # still inside
        ("C", view([104.0] + [100.0] * 20 + [103.0]), (BUY, 1.0)),  # 20 bars, no more
        ("D", view([100.0], regime=UP, bars_in_regime=10), (BUY, 0.8)),
        ("D", view([100.0], regime=DOWN, bars_in_regime=1), (SELL, 0.8)),
        ("D", view([100.0], regime=UP, bars_in_regime=11), HOLD),
        ("D", view([100.0], regime=RANGING, bars_in_regime=1), HOLD),
        ("D", view([103.0], atr=1.5), (BUY, 0.7)),
        ("D", view([97.0], atr=1.5, regime=VOLATILE), (SELL, 0.7)),
        ("D", view([103.0], atr=1.2), HOLD),  # it does not grow enough
        ("D", view([101.5], atr=1.5), HOLD),  # an ATR, and no more
        ("D", view([103.0] * 6, atr=1.5), HOLD),  # an impulse of long ago
        ("D", view([100.0], atr=0.0, atr_mean=0.0), HOLD),
    ],
)
def test_by_hand(name: str, seen: MarketView, expected: tuple[str, float]) -> None:
    vote = BUILT_IN[name]().vote(seen)
    assert vote.direction.value == expected[0]
    assert vote.confidence == pytest.approx(
        expected[1], abs=0.06 if name == "B" else 1e-12
    )  # B: of the newest bars' mean
    assert vote.reason


@given(st.lists(st.sampled_from([98.0, 99.5, 100.0, 100.5, 101.0, 103.0]), min_size=22, max_size=22))
def test_c_holds_exactly_inside_the_channel_of_20_bars(closes: list[float]) -> None:
    seen = view(closes)
    channel = [price for each in seen.bars[-21:-1] for price in (each.high, each.low)]
    is_inside = min(channel) <= closes[-1] <= max(channel)
    assert (BUILT_IN["C"]().vote(seen).direction is Stance.HOLD) == is_inside


@every_engine
def test_a_price_that_stands_still_is_left_alone(name: str) -> None:
    still = tuple(bar(100.0, minute)._replace(high=100.0, low=100.0) for minute in range(300))
    told = {BUILT_IN[name]().vote(seen).direction for seen in views(still)}
    assert told == {Stance.HOLD}


@every_engine
def test_all_directions_come_on_every_asset_within_days(name: str) -> None:
    engine, found = BUILT_IN[name](), Counter[tuple[str, Stance]]()
    for seen in views(bars("BTC-USD", "XRP-USD", "LINK-USD", days=4.0)):
        vote = engine.vote(seen)
        assert 0 <= vote.confidence <= 1
        found[seen.asset, vote.direction] += 1
    assert len(found) == 9
    assert min(found.values()) > 50


def votes_of(engines: dict[str, Engine], told: tuple[Bar, ...]) -> list[dict[str, Vote]]:
    return [ballot(engines, seen).votes for seen in views(told)]


def shaken(told: tuple[Bar, ...]) -> tuple[Bar, ...]:
    """Return other bars of the same times."""
    return tuple(
        each._replace(open=each.open * 2, high=each.high * 3, low=each.low, close=each.close * 2) for each in told
    )


@pytest.mark.parametrize("cut", [200, 700, 1_203])
def test_what_comes_later_changes_no_vote_before(cut: int) -> None:
    engines = {name: make() for name, make in BUILT_IN.items()}
    told = bars("BTC-USD")
    whole, other = votes_of(engines, told), votes_of(engines, told[:cut] + shaken(told[cut:]))
    known = votes_of(engines, told[:cut])
    assert whole[: len(known)] == other[: len(known)] == known
    assert whole != other


@every_engine
def test_an_engine_keeps_nothing(name: str) -> None:
    engine = BUILT_IN[name]()
    seen = list(views(bars("BTC-USD")))
    forward = [engine.vote(each) for each in seen]
    assert [engine.vote(each) for each in reversed(seen)] == forward[::-1]


def test_a_view_ends_with_the_newest_bar_and_cannot_be_changed() -> None:
    told = bars("BTC-USD")
    seen = list(views(told))
    assert [each.bars[-1] for each in seen] == list(told[-len(seen) :])
    assert all(one.bars[-99:] == two.bars[-100:-1] for one, two in pairwise(seen))
    assert seen[-1].close == told[-1].close
    for part, name in ((seen[0], "asset"), (seen[0].bars[0], "close"), (seen[0].indicators, "adx")):
        with pytest.raises(AttributeError):
            setattr(part, name, 1.0)


class Failing:
    def __init__(self, act: Callable[[], Any]) -> None:
        self.act = act

    def vote(self, market: MarketView) -> Any:
        assert market.asset == "BTC-USD"
        return self.act()


def _raise() -> None:
    message = "no luck"
    raise RuntimeError(message)


def _exit() -> None:
    sys.exit("no model")


class WordlessError(Exception):
    """An error that raises when it is asked what it says."""

    def __str__(self) -> str:
        raise RuntimeError


def _raise_without_words() -> None:
    raise WordlessError


def _raise_half_a_character() -> None:
    message = "\ud83d of \N{GRINNING FACE}"
    raise RuntimeError(message)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (_raise, "RuntimeError: no luck"),
        (_exit, "SystemExit: no model"),
        (_raise_without_words, "WordlessError, which says nothing"),
        (_raise_half_a_character, "RuntimeError: \\ud83d of \N{GRINNING FACE}"),
        (lambda: None, "TypeError: "),
        (lambda: Vote(Stance.BUY, 1.5, ""), "ValueError: a confidence of 1.5 is none: return 0 to 1"),
        (lambda: Vote(Stance.BUY, float("nan"), ""), "ValueError: a confidence of nan is none"),
        (lambda: ("UP", 0.5, ""), "ValueError: 'UP' is not a valid Stance"),
        (lambda: (Stance.BUY, "high", ""), "TypeError: "),
    ],
)
def test_an_engine_that_fails_has_not_voted_and_the_others_have(act: Callable[[], Any], message: str) -> None:
    held = ballot({"X": Failing(act), "A": BUILT_IN["A"]()}, view([101.0], adx=30.0))
    assert list(held.votes) == ["A"]
    (error,) = held.errors
    assert (error.component, error.type) == ("engine/X", "vote_failed")
    assert error.message.startswith(f"engine X did not vote on BTC-USD: {message}")


def test_a_vote_in_plain_words_becomes_one_that_facts_can_carry() -> None:
    held = ballot({"X": Failing(lambda: ("BUY", 1, "y" * 3_000))}, view([100.0]))
    assert held.votes == {"X": Vote(Stance.BUY, 1.0, "y" * 2_000)}
    assert type(held.votes["X"].confidence) is float
    assert held.errors == ()
    unsound = ballot({"X": Failing(lambda: Vote(Stance.BUY, 0.5, "\ud83d" * 2_000))}, view([100.0]))
    assert unsound.votes["X"].reason == "\\ud83d" * 333 + "\\u"
    talkative = ballot({"X": Failing(lambda: Vote(Stance.BUY, 0.5, "y" * 3_000))}, view([100.0]))
    assert talkative.votes["X"].reason == "y" * 2_000


def test_who_stops_the_program_with_ctrl_c_stops_it_even_while_an_engine_votes() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ballot({"X": Failing(interrupted)}, view([100.0]))
