"""What the page says of HYDRA's engines is what its tournament and its tracker know; whatever the order of facts."""

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import ledger_of
from tests.support.facts import MIDNIGHT, at, closed, opened, started
from tests.support.pages import Series, parsed
from tradewatch.book import Book, Follower, Snapshots, moment_of, read
from tradewatch.catalog import Concept, concepts, engines
from tradewatch.exporter.page import About, Page
from tradewatch.exporter.wire import Format
from tradewatch.facts import (
    BarClosed,
    CallTimed,
    Entry,
    EquityMarked,
    ErrorOccurred,
    Fact,
    Heartbeat,
    Mode,
    OrderRefused,
    RegimeEntered,
    RiskActed,
    RiskAction,
    RunStarted,
    Stance,
    TradeCorrected,
    TradeVoided,
    Vote,
    VotesCast,
)
from tradewatch.ledger import SqliteAppender
from tradewatch.systems.hydra.metrics import HYDRA
from tradewatch.systems.hydra.tournament import Tournament
from tradewatch.systems.hydra.vote_tracker import VoteTracker

ENGINES = "ABCD"
MINUTE = timedelta(minutes=1)


class Round(NamedTuple):
    """What four engines voted, how sure they were, what was decided, on which asset, and what a trade would make."""

    stances: tuple[Stance, ...]
    confidences: tuple[float, ...]
    decision: Stance
    asset: str
    pnl: float | None

    @property
    def is_traded(self) -> bool:
        return self.pnl is not None and self.decision is not Stance.HOLD and self.decision in self.stances


rounds = st.builds(
    Round,
    st.tuples(*[st.sampled_from(Stance)] * 4),
    st.tuples(*[st.sampled_from([0.0, 0.1, 0.55, 1.0])] * 4),
    st.sampled_from(Stance),
    st.sampled_from(["BTC-USD", "ETH-USD"]),
    st.none() | st.sampled_from([0.0, 0.1, -0.3, 7.77, -1e6]),
)


def votes(each: Round, number: int, weights: dict[str, float]) -> VotesCast:
    cast = tuple(
        Vote(engine=engine, stance=stance, confidence=confidence, weight=weights[engine])
        for engine, stance, confidence in zip(ENGINES, each.stances, each.confidences, strict=True)
    )
    trade_id = f"t{number}" if each.is_traded else None
    return VotesCast(round_id=f"r{number}", asset=each.asset, votes=cast, decision=each.decision, trade_id=trade_id)


@given(st.lists(rounds, min_size=1, max_size=120))
def test_the_page_says_what_the_tournament_and_the_tracker_know(told: list[Round]) -> None:
    tournament, tracker, book = Tournament(ENGINES), VoteTracker(ENGINES), Book(HYDRA.kept)
    book.fold(at(0, started(1000.0)))
    for number, each in enumerate(told):
        now = MIDNIGHT + (number + 1) * MINUTE
        cast = votes(each, number, tournament.weights)
        tracker.take(now, cast)
        tournament.take(cast)
        book.fold(Entry(now, cast.identity, cast))
        if each.is_traded:
            trade = closed(f"t{number}", pnl=each.pnl, asset=each.asset, engine="A")
            book.fold(Entry(now, trade.identity, trade))
            for entry in tournament.settle(now, trade):
                book.fold(entry)
    stats = tournament.get_engine_stats()
    assert readings(book, engines.POINTS) == {(engine,): each["points"] for engine, each in stats.items()}
    assert readings(book, engines.RANK) == {(engine,): each["rank"] for engine, each in stats.items()}
    assert readings(book, engines.WEIGHT) == {(engine,): each["weight"] / 100 for engine, each in stats.items()}
    assert readings(book, engines.ACCURACY) == {
        (engine,): each["accuracy"] for engine, each in stats.items() if each["accuracy"] is not None
    }
    assert readings(book, engines.ASSET_ACCURACY) == {
        (engine, asset): record["accuracy"]
        for engine, each in stats.items()
        for asset, record in each["assets"].items()
        if record["accuracy"] is not None
    }
    assert readings(book, engines.VOTES) == {(engine, stance.value): n for (engine, stance), n in tracker.votes.items()}
    assert readings(book, engines.AGREEMENT).get(()) == tracker.agreement
    found = readings(book, engines.PROFIT_SHARED)
    known = {
        (engine, asset): record["pnl"]
        for engine, each in stats.items()
        for asset, record in each["assets"].items()
        if record["pnl"] or (engine, asset) in found
    }
    assert found == known
    assert readings(book, concepts.RECONCILIATION_ERROR)["profit_shared_by_engines",] == 0


def readings(book: Book, concept: Concept) -> dict[tuple[str, ...], float]:
    assert book.time is not None
    return {each.labels: each.value for each in read(moment_of(book, book.time), concept, ())}


def bar(asset: str, close: float) -> BarClosed:
    return BarClosed(asset=asset, interval=60.0, open=close, high=close, low=close, close=close)


numbers, assets = st.integers(0, 5).map(str), st.sampled_from(["BTC", "ETH"])
some_facts: st.SearchStrategy[Fact] = st.one_of(
    st.builds(lambda each, number: votes(each, int(number), dict.fromkeys(ENGINES, 25.0)), rounds, numbers),
    st.builds(lambda number, asset: opened(f"t{number}", asset=asset, engine="B"), numbers, assets),
    st.builds(lambda number, pnl: closed(f"t{number}", pnl=pnl, engine="B"), numbers, st.sampled_from([-3.0, 5.0])),
    st.builds(lambda number: TradeVoided(trade_id=f"t{number}"), numbers),
    st.builds(
        lambda number: TradeCorrected(
            trade_id=f"t{number}", revision=1, replacement=closed(f"t{number}", pnl=1.5, engine="C")
        ),
        numbers,
    ),
    st.builds(bar, assets, st.sampled_from([90.0, 100.0, 110.0])),
    st.builds(
        lambda asset, regime: RegimeEntered(asset=asset, regime=regime), assets, st.sampled_from(["CHOPPY", "X"])
    ),
    st.builds(lambda equity: EquityMarked(equity=equity), st.sampled_from([900.0, 1100.0])),
    st.builds(lambda action: RiskActed(action=action, reason="losses_in_a_row"), st.sampled_from(RiskAction)),
    st.just(OrderRefused(asset="BTC", reason="position_limit", engine="A")),
    st.just(ErrorOccurred(component="feed", type="timeout")),
    st.just(CallTimed(api="kraken", endpoint="ticker", seconds=0.5, error="timeout")),
    st.just(Heartbeat(interval=60.0, cycle_seconds=0.5)),
    st.just(RunStarted(run_id="again", mode=Mode.PAPER, assets=("BTC", "ETH", "SOL"), limits={"daily_loss": 0.02})),
)


def page(book: Book) -> Series:
    """Return all that is told of a book, but for what depends on the machine."""
    assert book.time is not None
    about = About(source="ledger", is_up=True, is_ready=True, seconds=0.0, refolds=0, late=0)
    text = Page().render(moment_of(book, book.time), HYDRA.metrics, about, Format.TEXT)
    return {key: value for key, value in parsed(text, Format.TEXT).items() if not key[0].startswith("process_")}


@given(
    commits=st.lists(st.lists(st.tuples(st.integers(1, 12), some_facts), max_size=5), max_size=5),
    apart=st.sampled_from([1, 3, 20_000]),
)
def test_late_facts_and_restarts_make_no_difference_to_the_page(
    tmp_path_factory: pytest.TempPathFactory, commits: Sequence[Sequence[tuple[int, Fact]]], apart: int
) -> None:
    path = ledger_of(tmp_path_factory.mktemp("ledger") / "hydra.db", [at(0, started(1000.0))], "hydra")
    snapshots, appender = Snapshots(apart), SqliteAppender(path)
    for number, commit in enumerate(commits):
        appender.append(
            [at(when, fact, fact.identity or f"{number}/{when}/{fact!r}") for when, fact in commit], "hydra"
        )
        following = followed(path, Snapshots.decoded(snapshots.encoded()))
        following.remember()
        snapshots = following.snapshots
        following.close()
    appender.close()
    last, fresh = followed(path, snapshots), followed(path, Snapshots(20_000))
    assert page(last.book) == page(fresh.book)
    last.close()
    fresh.close()


def followed(path: object, snapshots: Snapshots) -> Follower:
    following = Follower(path, None, lambda amendments: Book(HYDRA.kept, amendments), lambda *_: snapshots)  # type: ignore[arg-type]
    while not following.catch_up(seconds=math.inf):
        pass
    return following
