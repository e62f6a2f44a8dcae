"""The tournament: what a vote earns, what ranks and weights follow, and whose the P&L is."""

from math import fsum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.guardians import NOON
from tradewatch.facts import Direction, Entry, Stance, TradeClosed, Vote, VotesCast, VotesScored
from tradewatch.facts.decisions import VoteScore
from tradewatch.stats.ranking import ranks, weights
from tradewatch.systems.hydra.tournament import Tournament

BUY, SELL, HOLD = Stance.BUY, Stance.SELL, Stance.HOLD
STANCES = {"B": BUY, "S": SELL, "H": HOLD}
ENGINES = "ABCD"


def cast(stances: str, decision: Stance = BUY, trade_id: str | None = "t", **fields: str) -> VotesCast:
    """Return a round in which A, B ... vote as the letters say, equally sure; a dot did not vote."""
    votes = tuple(
        Vote(engine=engine, stance=STANCES[letter], confidence=0.5, weight=25.0)
        for engine, letter in zip(ENGINES, stances, strict=False)
        if letter != "."
    )
    asset = fields.get("asset", "BTC-USD")
    return VotesCast(round_id=f"r-{trade_id}", asset=asset, votes=votes, decision=decision, trade_id=trade_id)


def closed(pnl: float | None, trade_id: str = "t", **fields: Any) -> TradeClosed:
    return TradeClosed(trade_id=trade_id, asset="BTC-USD", pnl=pnl, **fields)


def settled(stances: str, decision: Stance, pnl: float) -> tuple[Tournament, list[Entry]]:
    tournament = Tournament(ENGINES)
    tournament.take(cast(stances, decision))
    return tournament, tournament.settle(NOON, closed(pnl))


@pytest.mark.parametrize(
    ("stances", "decision", "pnl", "points", "scored"),
    [
        ("BBSH", BUY, 5.0, "1100", "1110"),  # a BUY that won
        ("BBSH", BUY, -5.0, "0010", "1110"),  # a BUY that lost
        ("SSBH", SELL, 5.0, "1100", "1110"),  # a SELL that won
        ("SSBB", SELL, -5.0, "0011", "1111"),  # a SELL that lost
        ("BBSH", BUY, 0.0, "0000", "0000"),  # a scratch
        ("BB..", BUY, 5.0, "1100", "1100"),  # two did not vote
    ],
)
def test_a_vote_earns_a_point_with_a_winner_or_against_a_loser(
    stances: str, decision: Stance, pnl: float, points: str, scored: str
) -> None:
    stats = settled(stances, decision, pnl)[0].get_engine_stats()
    assert "".join(str(stats[engine]["points"]) for engine in ENGINES) == points
    assert "".join(str(stats[engine]["scored"]) for engine in ENGINES) == scored
    assert "".join(str(stats[engine]["right"]) for engine in ENGINES) == points


def test_a_round_is_scored_once_as_one_fact() -> None:
    tournament, entries = settled("BBSH", BUY, 5.0)
    scores = tuple(
        VoteScore(engine=engine, correct=right) for engine, right in (("A", True), ("B", True), ("C", False))
    )
    fact = VotesScored(round_id="r-t", trade_id="t", asset="BTC-USD", scores=scores)
    assert entries == [Entry(NOON, "r-t/scored", fact)]
    assert tournament.settle(NOON, closed(5.0)) == []


def test_a_scratch_is_within_a_billionth_of_what_was_traded_and_is_no_fact() -> None:
    for pnl, told in ((9.9e-7, 0), (-9.9e-7, 0), (1.1e-6, 1), (-1.1e-6, 1)):
        tournament = Tournament(ENGINES)
        tournament.take(cast("BBSH"))
        assert len(tournament.settle(NOON, closed(pnl, quantity=10.0, entry_price=100.0))) == told


def test_a_trade_without_a_round_and_a_round_without_a_trade_are_nothing() -> None:
    tournament = Tournament(ENGINES)
    tournament.take(cast("BBSH", trade_id=None))
    tournament.take(cast("BBSH", trade_id="refused"))
    tournament.forget("refused")
    tournament.forget("never")
    assert tournament.settle(NOON, closed(5.0, "refused")) == []
    assert tournament.settle(NOON, closed(5.0, "other")) == []
    assert tournament.state()["rounds"] == []


def test_statistics_are_kept_by_asset_too() -> None:
    tournament = Tournament(ENGINES)
    for trade_id, asset, pnl in (("1", "BTC-USD", 6.0), ("2", "ETH-USD", -2.0), ("3", "ETH-USD", 4.0)):
        tournament.take(cast("BBSH", trade_id=trade_id, asset=asset))
        tournament.settle(NOON, closed(pnl, trade_id))
    stats = tournament.get_engine_stats()
    record = {"points": 2, "scored": 3, "right": 2, "accuracy": 2 / 3, "pnl": 4.0}
    assert {key: stats["A"][key] for key in record} == record
    assert stats["A"]["assets"] == {
        "BTC-USD": {"points": 1, "scored": 1, "right": 1, "accuracy": 1.0, "pnl": 3.0},
        "ETH-USD": {"points": 1, "scored": 2, "right": 1, "accuracy": 0.5, "pnl": 1.0},
    }
    assert stats["C"]["assets"]["ETH-USD"] == {"points": 1, "scored": 2, "right": 1, "accuracy": 0.5, "pnl": 0.0}
    assert (stats["D"]["accuracy"], stats["D"]["assets"]) == (None, {})


def test_a_trade_is_shared_by_weight_times_confidence_among_those_that_agreed() -> None:
    votes = (
        Vote(engine="A", stance=BUY, confidence=0.5, weight=40.0),
        Vote(engine="B", stance=BUY, confidence=1.0, weight=60.0),
        Vote(engine="C", stance=SELL, confidence=1.0, weight=90.0),
    )
    cast_votes = VotesCast(round_id="r", asset="BTC-USD", votes=votes, decision=BUY, trade_id="t")
    assert cast_votes.shares == {"A": 0.25, "B": 0.75}
    assert cast_votes.leader == "B"
    tournament = Tournament("ABC")
    tournament.take(cast_votes)
    tournament.settle(NOON, closed(-8.0))
    assert [each["pnl"] for each in tournament.get_engine_stats().values()] == [-2.0, -6.0, 0.0]


def test_votes_that_weigh_nothing_share_equally_and_nobody_agrees_with_a_hold() -> None:
    votes = tuple(Vote(engine=engine, stance=SELL, confidence=0.0) for engine in "AB")
    assert VotesCast(round_id="r", asset="X", votes=votes, decision=SELL).shares == {"A": 0.5, "B": 0.5}
    held = cast("HHHH", HOLD)
    assert (held.shares, held.leader) == ({}, None)
    assert (cast("HHHH").shares, cast("HHHH").leader) == ({}, None)


def test_the_pnl_is_what_the_parts_make_where_none_is_reported() -> None:
    tournament = Tournament(ENGINES)
    tournament.take(cast("BHHH"))
    trade = TradeClosed(
        trade_id="t",
        asset="BTC-USD",
        direction=Direction.BUY,
        quantity=2.0,
        entry_price=10.0,
        exit_price=13.0,
        fees=1.0,
    )
    tournament.settle(NOON, trade)
    assert tournament.get_engine_stats()["A"]["pnl"] == 5.0


def test_an_engine_that_left_is_scored_in_the_fact_alone() -> None:
    tournament = Tournament("AB")
    tournament.take(cast("BBS"))
    (entry,) = tournament.settle(NOON, closed(5.0))
    assert isinstance(entry.fact, VotesScored)
    assert len(entry.fact.scores) == 3
    assert list(tournament.get_engine_stats()) == ["A", "B"]


@pytest.mark.parametrize(
    ("points", "rank", "weight"),
    [
        ((0, 0, 0, 0), (1, 1, 1, 1), (25.0, 25.0, 25.0, 25.0)),
        ((9, 7, 5, 1), (1, 2, 3, 4), (40.0, 30.0, 20.0, 10.0)),
        ((9, 9, 5, 1), (1, 1, 3, 4), (35.0, 35.0, 20.0, 10.0)),
        ((1, 2, 2, 2), (4, 1, 1, 1), (10.0, 30.0, 30.0, 30.0)),
        ((5,), (1,), (100.0,)),
        ((3, 0), (1, 2), (200 / 3, 100 / 3)),
        ((), (), ()),
    ],
)
def test_ranks_and_weights_by_hand(points: tuple[int, ...], rank: tuple[int, ...], weight: tuple[float, ...]) -> None:
    named = dict(zip(ENGINES, points, strict=False))
    assert tuple(ranks(named).values()) == rank
    assert tuple(weights(named).values()) == pytest.approx(weight)


points = st.dictionaries(st.text(min_size=1), st.integers(0, 6), min_size=1, max_size=12)


@given(points)
def test_weights_add_up_to_100_and_follow_the_points(points: dict[str, int]) -> None:
    found = weights(points)
    assert fsum(found.values()) == pytest.approx(100.0, rel=1e-12)
    assert min(found.values()) > 0
    for one, own in points.items():
        for other, others in points.items():
            assert (found[one] > found[other]) == (own > others)


rounds = st.lists(
    st.tuples(st.text("BSH.", min_size=4, max_size=4), st.sampled_from([BUY, SELL]), st.floats(-1e6, 1e6)), max_size=20
)


def played(rows: list[tuple[str, Stance, float]], engines: str = ENGINES) -> tuple[Tournament, list[Entry]]:
    tournament, told = Tournament(engines), []
    for number, (stances, decision, pnl) in enumerate(rows):
        tournament.take(cast(stances, decision, str(number)))
        told += tournament.settle(NOON, closed(pnl, str(number)))
    return tournament, told


@given(rounds)
def test_points_are_the_right_votes_of_the_facts_and_assets_add_up(rows: list[tuple[str, Stance, float]]) -> None:
    tournament, told = played(rows)
    scores = [score for entry in told if isinstance(entry.fact, VotesScored) for score in entry.fact.scores]
    for engine, stats in tournament.get_engine_stats().items():
        assert stats["scored"] == sum(score.engine == engine for score in scores)
        assert stats["points"] == sum(score.engine == engine and score.correct for score in scores)
        for key in ("points", "scored"):
            assert stats[key] == sum(each[key] for each in stats["assets"].values())


@given(rounds)
def test_the_shares_of_all_engines_add_up_to_the_trades_somebody_agreed_with(
    rows: list[tuple[str, Stance, float]],
) -> None:
    earned = fsum(pnl for stances, decision, pnl in rows if decision.value[0] in stances)
    shared = fsum(stats["pnl"] for stats in played(rows)[0].get_engine_stats().values())
    assert shared == pytest.approx(earned, rel=1e-9, abs=1e-6)


@given(rounds, st.permutations(ENGINES))
def test_the_order_of_the_engines_is_nothing(rows: list[tuple[str, Stance, float]], engines: list[str]) -> None:
    assert played(rows, "".join(engines))[0].get_engine_stats() == played(rows)[0].get_engine_stats()


@given(rounds, rounds)
def test_a_restart_is_not_noticed(
    before: list[tuple[str, Stance, float]], after: list[tuple[str, Stance, float]]
) -> None:
    tournament, _ = played(before)
    tournament.take(cast("BBSH", trade_id="open"))
    other = Tournament(ENGINES)
    other.restore(tournament.state())
    assert other.state() == tournament.state()
    for each in (tournament, other):
        each.settle(NOON, closed(0.1, "open"))
        for number, (stances, decision, pnl) in enumerate(after):
            each.take(cast(stances, decision, f"later-{number}"))
            each.settle(NOON, closed(pnl, f"later-{number}"))
    assert other.get_engine_stats() == tournament.get_engine_stats()


def test_engines_may_come_and_go_at_a_restart() -> None:
    tournament, _ = settled("BBSH", BUY, 5.0)
    other = Tournament("BCE")
    other.restore(tournament.state())
    assert other.points == {"B": 1, "C": 0, "E": 0}
    assert other.weights == pytest.approx({"B": 50.0, "C": 25.0, "E": 25.0})


def test_an_engine_that_comes_back_has_what_it_had_and_what_was_scored_while_it_was_away() -> None:
    tournament, _ = settled("BBSH", BUY, 5.0)
    tournament.take(cast("BBSH", trade_id="open"))
    without, again = Tournament("BCD"), Tournament(ENGINES)
    without.restore(tournament.state())
    without.settle(NOON, closed(5.0, "open"))
    again.restore(without.state())
    tournament.settle(NOON, closed(5.0, "open"))
    assert again.points == {"A": 2, "B": 2, "C": 0, "D": 0}
    assert again.get_engine_stats() == tournament.get_engine_stats()
