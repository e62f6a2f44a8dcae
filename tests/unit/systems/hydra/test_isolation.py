"""What is wrong with one asset or one engine stays with it."""

import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.ledgers import rows
from tests.support.odd_terminals import OddTerminal, between
from tests.support.runs import COINS, HYDRA, MINUTE, START
from tradewatch.book import Book, Follower, moment_of, read
from tradewatch.catalog.engines import WEIGHT
from tradewatch.facts import ErrorOccurred, Stance
from tradewatch.ledger import Row, SqliteAppender, to_microseconds
from tradewatch.market.bars import Bar
from tradewatch.market.clock import SimulatedClock
from tradewatch.market.terminal import Outages
from tradewatch.systems.hydra.engines import Loaded, MarketView, Vote, engines
from tradewatch.systems.hydra.metrics import HYDRA as SYSTEM
from tradewatch.systems.hydra.runtime import HydraRuntime

ODD = "ETH-USD"
OTHERS = set(COINS) - {ODD}
TOLD = ("bar_closed", "votes_cast", "regime_entered")


class Told(NamedTuple):
    """A fact: minutes after the start, kind, and what it says."""

    minute: float
    kind: str
    body: dict[str, Any]


def of_rows(found: Sequence[Row]) -> list[Told]:
    assert all(before.time <= after.time for before, after in pairwise(found))
    assert len({row.id for row in found}) == len(found)
    return [Told((row.time - to_microseconds(START)) / 60e6, row.kind, json.loads(row.body)) for row in found]


def traded(path: Path, days: float = 0.25, loaded: Loaded | None = None, **odd: Any) -> list[Told]:
    """Run with a terminal that is difficult with one asset; return the facts, which are in order of time."""
    feed, clock = HYDRA.feed(days), SimulatedClock(START)
    terminal = OddTerminal(feed, clock, seed=3, asset=ODD, **odd)
    with closing(SqliteAppender(path)) as appender:
        HYDRA.runtime(appender, feed, clock=clock, terminal=terminal, limits=HYDRA.loose, loaded=loaded).run()
    return of_rows(rows(path, HYDRA.system))


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> list[Told]:
    return traded(tmp_path_factory.mktemp("calm") / "h.db")


def minutes(found: Sequence[Told], kind: str, asset: str) -> set[float]:
    return {each.minute for each in found if each.kind == kind and each.body["asset"] == asset}


def require_that_others_go_on(found: Sequence[Told]) -> None:
    for asset in OTHERS:
        for kind in ("bar_closed", "votes_cast"):
            assert minutes(found, kind, asset) == set(range(1, 361))
        assert minutes(found, "trade_opened", asset) != set()


def test_an_asset_that_is_refused_for_hours_stops_nobody_and_its_late_bars_are_not_traded_on(tmp_path: Path) -> None:
    found = traded(tmp_path / "h.db", refuses=between(60, 239))
    require_that_others_go_on(found)
    silent = set(range(60, 240))
    for kind in ("bar_closed", "votes_cast"):
        assert minutes(found, kind, ODD) == set(range(1, 361)) - silent
    opened = {each.minute for each in found if each.kind == "trade_opened" and each.body["asset"] == ODD}
    assert opened & silent == set()
    assert max(opened) > 240
    errors = Counter((each.body["type"], each.body["message"]) for each in found if each.kind == "error_occurred")
    assert errors == {("bars_refused", f"nothing is told of {ODD} (busy)"): 180}


def test_an_asset_whose_history_is_not_told_at_first_is_warmed_up_later(tmp_path: Path) -> None:
    found = traded(tmp_path / "h.db", refuses=between(0, 100))
    require_that_others_go_on(found)
    assert min(minutes(found, "votes_cast", ODD)) == 102  # the bar of minute 101 is the last of its history
    assert next(each for each in found if each.kind == "regime_entered" and each.body["asset"] == ODD).minute == 101


def test_an_asset_that_the_terminal_does_not_have_is_passed_over(tmp_path: Path) -> None:
    found = traded(tmp_path / "h.db", is_hidden=True)
    require_that_others_go_on(found)
    assert not [each for each in found if each.body.get("asset") == ODD]


def gone(bar: Bar) -> list[Bar]:
    return [] if between(60, 239)(bar.time) else [bar]


def test_an_asset_without_prices_for_hours_goes_on_with_the_next(tmp_path: Path) -> None:
    found = traded(tmp_path / "h.db", changes=gone)
    require_that_others_go_on(found)
    assert minutes(found, "votes_cast", ODD) == set(range(1, 361)) - set(range(60, 240))


def still(bar: Bar) -> list[Bar]:
    return [bar._replace(open=bar.close, high=bar.close, low=bar.close, volume=0.0, ticks=0)]


def test_an_asset_that_nobody_trades_has_votes_and_harms_nobody(tmp_path: Path) -> None:
    found = traded(tmp_path / "h.db", changes=still)
    require_that_others_go_on(found)
    assert minutes(found, "votes_cast", ODD) == set(range(1, 361))


def test_an_asset_whose_price_never_moves_is_not_traded(tmp_path: Path) -> None:
    found = traded(
        tmp_path / "h.db",
        changes=lambda bar: [bar._replace(open=3_000.0, high=3_000.0, low=3_000.0, close=3_000.0, volume=0.0)],
    )
    require_that_others_go_on(found)
    assert minutes(found, "trade_opened", ODD) == set()


UNSOUND: dict[str, Callable[[Bar], Bar]] = {
    "not_finite": lambda bar: bar._replace(close=math.nan),
    "not_positive": lambda bar: bar._replace(low=-bar.low),
    "out_of_order": lambda bar: bar._replace(high=bar.low, low=bar.high),
}


@pytest.mark.parametrize("reason", UNSOUND)
def test_bars_that_make_no_sense_are_counted_and_nobody_sees_them(tmp_path: Path, reason: str) -> None:
    def spoiled(bar: Bar) -> list[Bar]:
        return [UNSOUND[reason](bar) if between(100, 109)(bar.time) else bar]

    found = traded(tmp_path / "h.db", changes=spoiled)
    require_that_others_go_on(found)
    refused = [each.body for each in found if each.kind == "quotes_refused"]
    assert {(body["asset"], body["reason"]) for body in refused} == {(ODD, reason)}
    assert sum(body.get("count", 1) for body in refused) == 10
    assert minutes(found, "votes_cast", ODD) == set(range(1, 361)) - set(range(100, 110))


def test_a_bar_that_comes_twice_is_taken_once(tmp_path: Path, calm: list[Told]) -> None:
    found = traded(tmp_path / "h.db", changes=lambda bar: [bar, bar])
    assert [each for each in found if each.kind in TOLD] == [each for each in calm if each.kind in TOLD]


def test_an_order_whose_asset_gets_no_price_is_taken_back_after_five_bars(tmp_path: Path, calm: list[Told]) -> None:
    opened = next(each for each in calm if each.kind == "trade_opened" and each.body["asset"] == ODD)
    order, decided = opened.body["trade_id"], opened.minute - 1
    found = traded(tmp_path / "h.db", refuses=between(opened.minute, opened.minute + 60))
    require_that_others_go_on(found)
    about = [each for each in found if order in (each.body.get("trade_id"), each.body.get("detail"))]
    assert {each.kind for each in about} <= {"votes_cast", "risk_acted"}
    (refused,) = [each for each in found if each.kind == "order_refused" and each.body["reason"] == "no_price"]
    assert (refused.minute, refused.body["asset"]) == (decided + 6, ODD)
    assert max(minutes(found, "trade_opened", ODD)) > opened.minute + 60


class Buyer:
    """An engine that always buys."""

    def vote(self, market: MarketView) -> Vote:
        return Vote(Stance.BUY, 1.0, f"it buys {market.asset}")


BUYERS = Loaded({"X": Buyer(), "Y": Buyer()}, ())
A_MINUTE_S_RISE = 0.01


def slowly_rising(bar: Bar) -> list[Bar]:
    """Let a price rise by a cent a minute, amid ranges that reach neither stop nor take-profit: it tells its minute."""
    price = 3_000.0 + round((bar.time - START) / MINUTE) * A_MINUTE_S_RISE
    return [bar._replace(open=price, high=price + 5, low=price - 5, close=price, spread=0.0)]


def test_a_close_that_was_asked_for_while_there_were_no_prices_is_not_filled_at_an_earlier_one(tmp_path: Path) -> None:
    found = traded(tmp_path / "h.db", 0.45, BUYERS, refuses=between(60, 600), changes=slowly_rising)
    (closed,) = [each for each in found if each.kind == "trade_closed" and each.body["asset"] == ODD][:1]
    asked = next(each.minute for each in found if each.kind == "trade_opened" and each.body["asset"] == ODD) + 479
    assert (closed.minute, closed.body["exit_reason"]) == (601, "timeout")
    slippage = COINS[ODD].slippage_points * 10.0 ** -COINS[ODD].digits
    sold_at = (closed.body["exit_price"] + slippage - 3_000.0) / A_MINUTE_S_RISE
    assert sold_at == pytest.approx(asked + 1, abs=1)


def test_an_order_is_taken_back_while_there_is_no_terminal(tmp_path: Path, calm: list[Told]) -> None:
    opened = next(each for each in calm if each.kind == "trade_opened")
    gone = START + opened.minute * MINUTE
    found = traded(tmp_path / "h.db", outages=Outages(scheduled=((gone, gone + 30 * MINUTE),)))
    waited = [each for each in found if each.kind == "order_refused" and each.body["reason"] == "no_price"]
    assert opened.body["asset"] in {each.body["asset"] for each in waited}
    assert all(opened.minute + 4 < each.minute <= opened.minute + 5 for each in waited)
    assert opened.body["trade_id"] not in {each.body["trade_id"] for each in found if each.kind == "trade_opened"}


class Raising:
    """An engine that cannot look at one asset."""

    def vote(self, market: MarketView) -> Vote:
        if market.asset == ODD:
            message = "no such model"
            raise RuntimeError(message)
        return Vote(Stance.HOLD, 0.0, "it waits")


class Nonsense:
    """An engine that returns no vote."""

    def vote(self, market: MarketView) -> Vote:
        wrong: Any = {"vote": market.asset}
        return wrong  # type: ignore[no-any-return]  # that is what is wrong with it


class Unsure:
    """An engine whose confidence is not a number."""

    def vote(self, market: MarketView) -> Vote:
        return Vote(Stance.BUY, math.nan, market.asset)


@pytest.mark.parametrize(("engine", "fails_on"), [(Raising(), 1), (Nonsense(), 3), (Unsure(), 3)])
def test_an_engine_that_fails_is_told_once_an_hour_and_the_others_vote(
    tmp_path: Path, engine: Any, fails_on: int
) -> None:
    offered = Loaded({**engines(()).engines, "BAD": engine}, ())
    found = traded(tmp_path / "h.db", loaded=offered)
    require_that_others_go_on(found)
    errors = [each for each in found if each.kind == "error_occurred"]
    assert [each.minute for each in errors] == [1, 61, 121, 181, 241, 301]
    assert {(each.body["component"], each.body["type"]) for each in errors} == {("engine/BAD", "vote_failed")}
    silent = [each.body["message"].partition(" (and ")[2] for each in errors]
    assert silent == ["", *[f"{60 * fails_on - 1} more like it)"] * 5]
    voted = {vote["engine"] for each in found if each.kind == "votes_cast" for vote in each.body["votes"]}
    assert voted - {"BAD"} == {"A", "B", "C", "D"}
    assert ("BAD" in voted) is (fails_on == 1)


def test_the_weights_that_are_shown_are_those_that_votes_had_though_an_engine_never_votes(tmp_path: Path) -> None:
    offered = Loaded({**engines(()).engines, "BAD": Nonsense()}, ())
    found = traded(tmp_path / "h.db", loaded=offered)
    assert any(each.kind == "votes_scored" for each in found)
    with closing(SqliteAppender(tmp_path / "h.db")) as appender:
        runtime = HYDRA.runtime(appender, HYDRA.feed(0.25), loaded=offered)
    assert isinstance(runtime, HydraRuntime)
    with closing(Follower(tmp_path / "h.db", HYDRA.system, lambda amended: Book(SYSTEM.kept, amended))) as following:
        following.catch_up()
        book = following.book
    assert book.time is not None
    shown = {labels: share * 100 for labels, share in read(moment_of(book, book.time), WEIGHT, ())}
    assert shown == {(engine,): weight for engine, weight in runtime.tournament_tracker.weights.items()}
    assert sum(shown.values()) == pytest.approx(100)
    assert len(shown) == 5


def test_what_is_wrong_with_a_plug_in_is_told_when_a_run_begins_and_once(tmp_path: Path) -> None:
    faulty = Loaded(
        engines(()).engines, (ErrorOccurred(component="engine/GONE", type="faulty_engine", message="it is not there"),)
    )
    for days in (0.01, 0.02, 0.1):
        clock = SimulatedClock(START)
        with closing(SqliteAppender(tmp_path / "h.db")) as appender:
            HYDRA.runtime(appender, HYDRA.feed(days), clock=None if days > 0.01 else clock, loaded=faulty).run()
    found = of_rows(rows(tmp_path / "h.db", HYDRA.system))
    assert [each.minute for each in found if each.kind == "error_occurred"] == [0]
    assert len([each for each in found if each.kind == "run_started"]) == 3


def gapped(bar: Bar) -> list[Bar]:
    """Let a bar open at its low, which is not where the one before closed."""
    return [bar._replace(open=bar.low)]


def test_an_order_is_filled_at_the_open_of_the_bar_after_the_one_it_was_decided_on(tmp_path: Path) -> None:
    found = traded(tmp_path / "h.db", changes=gapped)
    bars = {each.minute: each.body for each in found if each.kind == "bar_closed" and each.body["asset"] == ODD}
    opened = [each for each in found if each.kind == "trade_opened" and each.body["asset"] == ODD]
    assert len(opened) > 5
    for each in opened:
        trade, before, after = each.body, bars[each.minute - 1], bars[each.minute]
        assert trade["entry_reference_price"] == before["close"]
        against = (trade["entry_price"] - after["open"]) * (1 if trade["direction"] == "BUY" else -1)
        instrument = COINS[ODD]
        slippage = instrument.slippage_points * 10.0**-instrument.digits
        assert against == pytest.approx(after["spread"] / 2 + slippage, abs=1e-9)
