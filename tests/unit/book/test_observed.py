"""What a book tells of the market, of signals and limits, of learning and of connections."""

import pytest

from tests.support.definitions import checks
from tests.support.facts import MIDNIGHT, at, started
from tradewatch.book import Book, moment_of, read
from tradewatch.book.groups import LARGEST, OTHER
from tradewatch.book.market import MOST_REGIMES
from tradewatch.catalog import Concept, concepts, conduct, market
from tradewatch.facts import (
    BarClosed,
    ConnectionChanged,
    Entry,
    Heartbeat,
    LearningStepped,
    OrderRefused,
    QuotesRefused,
    RegimeEntered,
    RiskActed,
    RiskAction,
    SignalGiven,
    Stance,
)
from tradewatch.regimes import TrendRegime


def bar(asset: str = "EURUSD", close: float = 1.1, **changes: object) -> BarClosed:
    fields = {"interval": 60.0, "open": close, "high": close, "low": close, "close": close, "ticks": 4, "spread": 0.001}
    return BarClosed(asset=asset, **(fields | changes))  # type: ignore[arg-type]  # fields of several types


def readings(concept: Concept, *entries: Entry, seconds: float | None = None) -> dict[tuple[str, ...], float]:
    book = Book()
    book.fold_many([at(0, started()), at(0, Heartbeat(interval=60.0)), *entries])
    moment = moment_of(book, (book.time or MIDNIGHT) if seconds is None else at(seconds, started()).time)
    return {reading.labels: reading.value for reading in read(moment, concept, ())}


@checks(market.PRICE, market.SPREAD, market.LAST_BAR_TIME, market.TICKS, within="exact")
def test_the_newest_bar_is_what_is_seen_and_ticks_add_up() -> None:
    bars = [at(60, bar()), at(120, bar(close=1.2, spread=0.0)), at(120, bar("XAUUSD", 2400.0, spread=None))]
    assert readings(market.PRICE, *bars) == {("EURUSD",): 1.2, ("XAUUSD",): 2400.0}
    assert readings(market.SPREAD, *bars) == {("EURUSD",): 0.0}
    assert readings(market.LAST_BAR_TIME, *bars)["EURUSD",] == MIDNIGHT.timestamp() + 120
    assert readings(market.TICKS, *bars) == {(): 12}


@pytest.mark.parametrize("seconds", [420, 421])
def test_what_an_asset_told_of_now_goes_when_its_bars_stop_and_the_others_stay(seconds: float) -> None:
    is_there = seconds == 420
    told = [
        at(120, bar(indicators={"adx": 20.0})),
        at(120, RegimeEntered(asset="EURUSD", regime="RANGING")),
        at(400, bar("XAUUSD", 2400.0)),
    ]
    of_now = (market.PRICE, market.SPREAD, concepts.AVERAGE_DIRECTIONAL_INDEX, market.REGIME_CODE)
    for concept in of_now:
        assert (("EURUSD",) in readings(concept, *told, seconds=seconds)) is is_there
    assert (("EURUSD", "RANGING") in readings(market.REGIME_STATE, *told, seconds=seconds)) is is_there
    assert readings(market.PRICE, *told, seconds=seconds)["XAUUSD",] == 2400.0
    assert readings(market.LAST_BAR_TIME, *told, seconds=seconds)["EURUSD",] == MIDNIGHT.timestamp() + 120
    assert readings(market.REGIME_TIME_SHARE, *told, seconds=seconds)["RANGING", "EURUSD"] == 1.0


@checks(market.STALE_AFTER, within="exact")
@pytest.mark.parametrize(("interval", "seconds"), [(60.0, 300.0), (300.0, 900.0), (3_600.0, 10_800.0)])
def test_prices_are_stale_after_three_bars_or_five_minutes(interval: float, seconds: float) -> None:
    told = [at(120, bar(interval=interval)), at(180, bar(interval=60.0))]
    assert readings(market.STALE_AFTER, *told) == {("EURUSD",): seconds}


def test_longer_bars_may_be_older() -> None:
    told = at(3600, bar(interval=900.0))
    assert readings(market.PRICE, told, seconds=3600 + 2700) == {("EURUSD",): 1.1}
    assert readings(market.PRICE, told, seconds=3600 + 2701) == {}


def test_a_bar_that_only_brings_indicators_counts_no_ticks_again() -> None:
    bars = [at(300, bar(ticks=7)), at(300, bar(interval=300.0, ticks=None, indicators={"velocity": 1.5}))]
    assert readings(market.TICKS, *bars) == {(): 7}
    assert readings(market.VELOCITY, *bars) == {("EURUSD",): 1.5}


@checks(market.ACTIVE_ASSETS, within="exact")
@pytest.mark.parametrize(("seconds", "active"), [(120, 2), (360, 2), (361, 1), (421, 0)])
def test_an_asset_is_active_for_five_minutes(seconds: float, active: int) -> None:
    bars = [at(60, bar()), at(120, bar("XAUUSD", 2400.0))]
    assert readings(market.ACTIVE_ASSETS, *bars, seconds=seconds) == {(): active}


@checks(*market.INDICATORS, within="exact")
@pytest.mark.parametrize(("concept", "name"), market.INDICATORS.items())
def test_an_indicator_is_read_off_the_newest_bar_that_has_some(concept: Concept, name: str) -> None:
    bars = [at(300, bar(interval=300.0, ticks=None, indicators={name: -0.5})), at(360, bar())]
    assert readings(concept, *bars) == {("EURUSD",): -0.5}


def test_an_indicator_that_became_undefined_is_gone() -> None:
    bars = [at(300, bar(indicators={"damping_ratio": 1.0})), at(600, bar(indicators={"velocity": 0.0}))]
    assert readings(market.DAMPING_RATIO, *bars) == {}


@checks(market.QUOTES_REFUSED, within="exact")
def test_refused_quotes_are_counted_by_reason() -> None:
    told = [at(1, QuotesRefused(asset="A", reason="stale", count=3)), at(2, QuotesRefused(asset="A", reason="stale"))]
    assert readings(market.QUOTES_REFUSED, *told) == {("A", "stale"): 4}


HOUR = 3_600
DAY = 24 * HOUR


@checks(market.PRICE_CHANGE_24H, within="exact")
@pytest.mark.parametrize(
    ("bars", "change"),  # hours, close
    [
        ([], None),
        ([(0, 100.0)], None),
        ([(0, 100.0), (23.99, 150.0)], None),
        ([(0, 100.0), (24, 150.0)], 0.5),
        ([(0, 100.0), (12, 900.0), (24, 50.0)], -0.5),
        ([(0, 100.0), (0.1, 80.0), (24.1, 150.0)], 0.5),  # of one quarter of an hour its first close is kept
        ([(0, 100.0), (0.25, 120.0), (24.24, 150.0)], 0.5),
        ([(0, 100.0), (0.25, 120.0), (24.25, 150.0)], 0.25),
        ([(0, 100.0), (24, 150.0), (25, 200.0)], 1.0),  # 25 hours are near enough
        ([(0, 100.0), (24, 150.0), (25.1, 200.0)], None),  # the gap is too long
        ([(0, 100.0), (1, 110.0), (25, 220.0), (49, 110.0)], -0.5),
    ],
)
def test_a_price_is_compared_with_that_of_a_day_before(bars: list[tuple[float, float]], change: float | None) -> None:
    told = [at(hours * HOUR, bar(close=close)) for hours, close in bars]
    assert readings(market.PRICE_CHANGE_24H, *told) == ({} if change is None else {("EURUSD",): change})


def test_a_month_of_bars_leaves_a_day_of_prices() -> None:
    book = Book()
    for minute in range(0, 30 * 24 * 60, 5):
        book.fold(at(60 * minute, bar(close=1.0 + minute)))
    ((_, seen),) = book.market.assets()
    assert len(seen._quarters) == 97  # noqa: SLF001 - what may grow
    assert seen.change == (1.0 + 43_195) / (1.0 + 43_195 - 1_450) - 1


@checks(market.BUY_AND_HOLD, within="exact")
def test_buy_and_hold_is_the_mean_of_the_assets_since_their_first_close() -> None:
    told = [at(60, bar("A", 100.0)), at(60, bar("B", 10.0)), at(120, bar("A", 150.0)), at(120, bar("B", 9.0))]
    assert readings(market.BUY_AND_HOLD, *told[:2]) == {(): 0.0}
    assert readings(market.BUY_AND_HOLD, *told) == {(): pytest.approx(0.2)}
    assert readings(market.BUY_AND_HOLD) == {}


def test_prices_before_the_account_began_are_not_held() -> None:
    book = Book()
    book.fold_many([at(0, bar("A", 50.0)), at(60, started()), at(120, bar("A", 100.0)), at(180, bar("A", 110.0))])
    assert book.market.buy_and_hold == pytest.approx(0.1)


def test_ten_thousand_assets_and_a_thousand_regimes_stay_within_bounds() -> None:
    told = [at(1, bar(f"A{number}")) for number in range(10_000)]
    assert len(readings(market.PRICE, *told)) == LARGEST
    wild = [at(number, RegimeEntered(asset="A", regime=f"R{number}")) for number in range(1, 1_001)]
    states = readings(market.REGIME_STATE, *wild)
    assert len(states) == MOST_REGIMES + 1
    assert states["A", OTHER] == 1
    assert readings(market.REGIME_CODE, *wild) == {}
    refused = [at(n, QuotesRefused(asset="A", reason=f"{n}")) for n in range(LARGEST + 5)]
    assert readings(market.QUOTES_REFUSED, *refused)[OTHER, OTHER] == 5


@pytest.mark.parametrize("regime", TrendRegime)
def test_hydras_regimes_have_the_numbers_their_classifier_gives_them(regime: TrendRegime) -> None:
    assert readings(market.REGIME_CODE, at(1, RegimeEntered(asset="A", regime=regime.value))) == {("A",): regime.code}


def regimes(*told: tuple[float, str]) -> list[Entry]:
    return [at(seconds, RegimeEntered(asset="A", regime=regime)) for seconds, regime in told]


@checks(
    market.REGIME_CODE,
    market.REGIME_STATE,
    market.REGIME_CHANGES,
    market.REGIME_TRANSITIONS,
    market.REGIME_TIME_SHARE,
    within="exact",
)
def test_regimes_come_from_the_same_history() -> None:
    told = regimes((100, "CHAOTIC"), (130, "OVERDAMPED"), (160, "CHAOTIC"), (170, "CHAOTIC"))
    assert readings(market.REGIME_CODE, *told) == {("A",): 1}
    assert readings(market.REGIME_STATE, *told) == {("A", "CHAOTIC"): 1, ("A", "OVERDAMPED"): 0}
    assert readings(market.REGIME_CHANGES, *told) == {("A",): 2}
    assert readings(market.REGIME_TRANSITIONS, *told) == {
        ("A", "CHAOTIC", "OVERDAMPED"): 1,
        ("A", "OVERDAMPED", "CHAOTIC"): 1,
    }
    share = readings(market.REGIME_TIME_SHARE, *told, seconds=200)
    assert share == {("CHAOTIC", "A"): 0.7, ("OVERDAMPED", "A"): 0.3}


def test_the_first_regime_is_no_change_and_has_all_the_time() -> None:
    told = regimes((100, "UNDERDAMPED"))
    assert readings(market.REGIME_CHANGES, *told) == {("A",): 0}
    assert readings(market.REGIME_TIME_SHARE, *told) == {("UNDERDAMPED", "A"): 1.0}


@checks(conduct.SIGNALS, conduct.SIGNALS_BY_AGENT, conduct.SIGNALS_TAKEN, conduct.SIGNAL_CONFIDENCE, within="exact")
def test_signals_are_counted_taken_or_not() -> None:
    told = [
        at(1, SignalGiven(asset="A", stance=Stance.BUY, taken=True, agent="sniper", confidence=0.5)),
        at(2, SignalGiven(asset="A", stance=Stance.SELL, taken=False, agent="sniper", confidence=1.0)),
        at(3, SignalGiven(asset="A", stance=Stance.HOLD, taken=False, agent="sniper")),
    ]
    assert readings(conduct.SIGNALS, *told) == {(): 2}
    by_agent = {("sniper", "BUY"): 1, ("sniper", "SELL"): 1, ("sniper", "HOLD"): 1}
    assert readings(conduct.SIGNALS_BY_AGENT, *told) == by_agent
    assert readings(conduct.SIGNALS_TAKEN, *told) == {("sniper",): 1}
    assert readings(conduct.SIGNAL_CONFIDENCE, *told) == {("sniper",): 0.75}


def test_too_many_agents_are_others() -> None:
    told = [at(n, SignalGiven(asset="A", stance=Stance.BUY, taken=True, agent=f"{n}")) for n in range(LARGEST)]
    found = readings(conduct.SIGNALS_BY_AGENT, *told)
    assert len(found) <= LARGEST + 10
    assert sum(found.values()) == LARGEST
    assert found[OTHER, "BUY"] > 0


@checks(conduct.ORDERS_REFUSED, within="exact")
def test_refused_orders_are_counted_by_reason() -> None:
    told = [at(n, OrderRefused(asset="A", reason="margin")) for n in range(3)]
    assert readings(conduct.ORDERS_REFUSED, *told) == {("margin",): 3}


@checks(conduct.TRADING_ALLOWED, conduct.AGENT_ALLOWED, conduct.HALTS, conduct.SIZE_MULTIPLIER, within="exact")
def test_halts_last_until_they_are_ended() -> None:
    learner = LearningStepped(agent="sniper", experiences=1, episodes=0, buffer_size=1, exploration_rate=1.0)
    halt = RiskActed(action=RiskAction.HALT, reason="daily_loss")
    pause = RiskActed(action=RiskAction.HALT, reason="losses_in_a_row", scope="sniper")
    smaller = RiskActed(action=RiskAction.REDUCE_SIZE, reason="losses", size_multiplier=0.5)
    told = [at(0, learner), at(1, halt), at(2, pause), at(3, smaller)]
    assert readings(conduct.TRADING_ALLOWED, *told) == {(): 0}
    assert readings(conduct.AGENT_ALLOWED, *told) == {("sniper",): 0}
    assert readings(conduct.HALTS, *told) == {("account", "daily_loss"): 1, ("sniper", "losses_in_a_row"): 1}
    assert readings(conduct.SIZE_MULTIPLIER, *told) == {(): 0.5}
    told.append(at(4, RiskActed(action=RiskAction.RESUME, reason="new_day")))
    assert readings(conduct.TRADING_ALLOWED, *told) == {(): 1}
    assert readings(conduct.AGENT_ALLOWED, *told) == {("sniper",): 0}


def test_a_kill_switch_is_not_ended_by_the_end_of_a_halt() -> None:
    actions = (RiskAction.HALT, RiskAction.KILL_SWITCH_ON, RiskAction.RESUME)
    told = [at(n, RiskActed(action=action, reason="limit")) for n, action in enumerate(actions)]
    assert readings(conduct.TRADING_ALLOWED, *told) == {(): 0}


@checks(
    conduct.EXPERIENCES,
    conduct.EPISODES,
    conduct.BUFFER_SIZE,
    conduct.EXPLORATION_RATE,
    conduct.LEARNING_LOSS,
    conduct.MODEL_CONFIDENCE,
    conduct.LEARNING_PROGRESS,
    within="exact",
)
def test_an_agent_is_as_its_newest_step_says() -> None:
    first = LearningStepped(agent="sniper", experiences=1, episodes=0, buffer_size=1, exploration_rate=1.0)
    newest = LearningStepped(
        agent="sniper",
        experiences=90,
        episodes=40,
        buffer_size=80,
        exploration_rate=0.5,
        loss=0.25,
        model_confidence=0.4,
        progress=0.1,
    )
    expected = {
        conduct.EXPERIENCES: 90,
        conduct.EPISODES: 40,
        conduct.BUFFER_SIZE: 80,
        conduct.EXPLORATION_RATE: 0.5,
        conduct.LEARNING_LOSS: 0.25,
        conduct.MODEL_CONFIDENCE: 0.4,
        conduct.LEARNING_PROGRESS: 0.1,
    }
    for concept, value in expected.items():
        assert readings(concept, at(1, first), at(2, newest)) == {("sniper",): value}
    assert readings(conduct.LEARNING_PROGRESS, at(1, first)) == {}


@checks(conduct.MT5_CONNECTED, conduct.CONNECTION_LOSSES, conduct.RECONNECT_ATTEMPT, within="exact")
def test_a_connection_is_lost_once_however_often_one_tries() -> None:
    told = [at(0, ConnectionChanged(connection="mt5", connected=True))]
    assert readings(conduct.MT5_CONNECTED, *told) == {(): 1}
    told += [at(n, ConnectionChanged(connection="mt5", connected=False, attempt=n)) for n in (1, 2)]
    assert readings(conduct.MT5_CONNECTED, *told) == {(): 0}
    assert readings(conduct.CONNECTION_LOSSES, *told) == {("mt5",): 1}
    assert readings(conduct.RECONNECT_ATTEMPT, *told) == {("mt5",): 2}
    told.append(at(3, ConnectionChanged(connection="mt5", connected=True, attempt=3)))
    assert readings(conduct.RECONNECT_ATTEMPT, *told) == {("mt5",): 0}


@checks(conduct.QUERY_SECONDS, within="exact")
def test_the_time_of_a_query_is_known_to_the_one_who_asked() -> None:
    book = Book()
    book.fold(at(0, started()))
    assert [each.value for each in read(moment_of(book, MIDNIGHT, 0.25), conduct.QUERY_SECONDS, ())] == [0.25]
    assert list(read(moment_of(book, MIDNIGHT), conduct.QUERY_SECONDS, ())) == []


@pytest.mark.parametrize("concept", [market.TICKS, conduct.SIGNALS, conduct.TRADING_ALLOWED, conduct.SIZE_MULTIPLIER])
def test_a_file_of_trades_says_nothing_of_a_running_system(concept: Concept) -> None:
    book = Book()
    book.fold(at(0, started()))
    assert list(read(moment_of(book, MIDNIGHT), concept, ())) == []
