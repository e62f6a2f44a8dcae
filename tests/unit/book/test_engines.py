"""Engines that vote, in tables a person can count: votes, agreement, points, ranks, and whose the profit is."""

import math
import pickle

import pytest

from tests.support.books import reading
from tests.support.definitions import checks
from tests.support.facts import at, closed, opened, started
from tradewatch.book import Book, moment_of, read, wanted
from tradewatch.book.engines import COMPARED, PAIRED
from tradewatch.book.groups import LARGEST, OTHER, UNKNOWN
from tradewatch.catalog import Concept, concepts, engines
from tradewatch.facts import (
    VIRTUAL,
    Entry,
    Fact,
    Mode,
    RunEnded,
    RunStarted,
    Stance,
    TradeClosed,
    Vote,
    VotesCast,
    VoteScore,
    VotesScored,
)

STANCES = {"B": Stance.BUY, "S": Stance.SELL, "H": Stance.HOLD}
KEPT = wanted([(concepts.NET_PROFIT, ("asset",)), (concepts.TRADES_TOLD, ("engine",))])


def cast(letters: str, trade_id: str | None = None, asset: str = "BTC", names: str = "ABCDEF") -> VotesCast:
    """Return a round in which A, B ... vote as the letters say, A with the weight 40, B 30, C 20, D 10; a dot did not.

    The decision is A's.
    """
    votes = tuple(
        Vote(engine=engine, stance=STANCES[letter], confidence=0.5, weight=weight)
        for engine, letter, weight in zip(names, letters, (40.0, 30.0, 20.0, 10.0, 0.0, 0.0), strict=False)
        if letter != "."
    )
    decision = votes[0].stance
    return VotesCast(round_id=f"r{trade_id}", asset=asset, votes=votes, decision=decision, trade_id=trade_id)


def scored(right: str, wrong: str = "", asset: str = "BTC", number: int = 0) -> VotesScored:
    scores = [VoteScore(engine=engine, correct=True) for engine in right]
    scores += [VoteScore(engine=engine, correct=False) for engine in wrong]
    return VotesScored(round_id=f"r{number}", trade_id=f"{number}", asset=asset, scores=tuple(scores))


def book_of(*facts: Fact, amendments: dict[str, TradeClosed | None] | None = None) -> Book:
    """Return the book of facts a second apart."""
    book = Book(KEPT, amendments or {})
    book.fold_many([at(0, started(1000.0)), *(at(second, fact, f"{second}") for second, fact in enumerate(facts, 1))])
    return book


def readings(book: Book, concept: Concept) -> dict[tuple[str, ...], float]:
    assert book.time is not None
    return {each.labels: each.value for each in read(moment_of(book, book.time), concept, ())}


@checks(engines.VOTES, engines.LAST_VOTE, within="exact")
def test_votes_are_counted_by_what_was_voted_and_begin_at_nothing() -> None:
    book = book_of(cast("BS"), cast("BH"), cast("B."))
    assert readings(book, engines.VOTES) == {
        ("A", "BUY"): 3,
        ("A", "SELL"): 0,
        ("A", "HOLD"): 0,
        ("B", "BUY"): 0,
        ("B", "SELL"): 1,
        ("B", "HOLD"): 1,
    }
    assert readings(book, engines.LAST_VOTE) == {("A",): 1, ("B",): 0}
    assert readings(book_of(cast("SB")), engines.LAST_VOTE) == {("A",): -1, ("B",): 1}


@checks(engines.AGREEMENT, within="exact")
@pytest.mark.parametrize(
    ("rounds", "agreement"),
    [
        (["BBBB"], 1.0),
        (["BBBH"], 0.5),  # 3 of 6 pairs
        (["BBSS"], 1 / 3),
        (["BSH."], 0.0),  # none of 3
        (["BB..", "BS.."], 0.5),
        (["BB..", "B...", "B..."], 1.0),  # a round without a pair does not count
        (["B..."], None),
        (["BS"] + ["BB"] * COMPARED, 1.0),  # the oldest round is gone
        (["BS"] + ["BB"] * (COMPARED - 1), 0.99),
    ],
)
def test_agreement_is_the_mean_share_of_pairs_that_voted_the_same(rounds: list[str], agreement: float | None) -> None:
    assert reading(book_of(*map(cast, rounds)), engines.AGREEMENT) == agreement


@checks(engines.PAIR_AGREEMENT, within="exact")
def test_a_pair_agrees_in_its_share_of_the_rounds_it_has_in_common() -> None:
    book = book_of(cast("BBBH"), cast("BSB."), cast("S.HH"), cast("BB.."))
    assert readings(book, engines.PAIR_AGREEMENT) == {
        ("A", "B"): 2 / 3,  # the same, not, -, the same
        ("A", "C"): 2 / 3,
        ("A", "D"): 0.0,
        ("B", "C"): 0.5,
        ("B", "D"): 0.0,
        ("C", "D"): 0.5,
    }


@checks(engines.ENGINE_ACTIVE, within="exact")
def test_an_engine_is_active_while_it_voted_lately() -> None:
    rounds = [cast("BB"), *[cast("B.")] * (COMPARED - 1)]
    assert readings(book_of(*rounds), engines.ENGINE_ACTIVE) == {("A",): 1, ("B",): 1}
    assert readings(book_of(*rounds, cast("B.")), engines.ENGINE_ACTIVE) == {("A",): 1, ("B",): 0}
    assert readings(book_of(*rounds, RunEnded(run_id="run")), engines.ENGINE_ACTIVE) == {("A",): 0, ("B",): 0}


@checks(
    engines.VOTES_SCORED, engines.POINTS, engines.ACCURACY, engines.ASSET_ACCURACY, engines.RANK, engines.WEIGHT,
    within="exact",
)  # fmt: skip
def test_points_ranks_and_weights_are_made_of_scored_votes() -> None:
    book = book_of(cast("BBBB"), scored("AB", "C", number=1), scored("A", "B", asset="ETH", number=2))
    assert readings(book, engines.VOTES_SCORED) == {
        ("A", "right"): 2,
        ("A", "wrong"): 0,
        ("B", "right"): 1,
        ("B", "wrong"): 1,
        ("C", "right"): 0,
        ("C", "wrong"): 1,
        ("D", "right"): 0,
        ("D", "wrong"): 0,
    }
    assert readings(book, engines.POINTS) == {("A",): 2, ("B",): 1, ("C",): 0, ("D",): 0}
    assert readings(book, engines.ACCURACY) == {("A",): 1.0, ("B",): 0.5, ("C",): 0.0}
    assert readings(book, engines.ASSET_ACCURACY) == {
        ("A", "BTC"): 1.0,
        ("B", "BTC"): 1.0,
        ("C", "BTC"): 0.0,
        ("A", "ETH"): 1.0,
        ("B", "ETH"): 0.0,
    }
    assert readings(book, engines.RANK) == {("A",): 1, ("B",): 2, ("C",): 3, ("D",): 3}
    assert readings(book, engines.WEIGHT) == {("A",): 0.4, ("B",): 0.3, ("C",): 0.15, ("D",): 0.15}


def test_all_weigh_the_same_at_the_start() -> None:
    assert readings(book_of(cast("BSHB")), engines.WEIGHT) == dict.fromkeys([("A",), ("B",), ("C",), ("D",)], 0.25)


def test_only_the_engines_of_the_newest_run_are_ranked_and_the_others_keep_their_points() -> None:
    book = book_of(cast("BB"), scored("A"), started(run_id="next"))
    assert readings(book, engines.RANK) == {}
    book.fold(at(9, cast("B", names="B")))
    assert readings(book, engines.RANK) == {("B",): 1}
    assert readings(book, engines.WEIGHT) == {("B",): 1.0}
    assert readings(book, engines.POINTS) == {("A",): 1, ("B",): 0}


def test_an_engine_that_a_run_names_counts_before_it_votes_and_without_ever_voting() -> None:
    book = book_of(RunStarted(run_id="next", mode=Mode.PAPER, engines=("A", "B", "C", "BROKEN")))
    assert readings(book, engines.WEIGHT) == dict.fromkeys([("A",), ("B",), ("C",), ("BROKEN",)], 0.25)
    assert readings(book, engines.VOTES)["BROKEN", "BUY"] == 0
    assert readings(book, engines.LAST_VOTE) == readings(book, engines.ENGINE_ACTIVE) == {}
    for fact in (cast("BBH"), scored("A")):
        book.fold(at(9, fact))
    assert readings(book, engines.POINTS) == {("A",): 1, ("B",): 0, ("C",): 0, ("BROKEN",): 0}
    assert readings(book, engines.WEIGHT) == {("A",): 0.4, ("B",): 0.2, ("C",): 0.2, ("BROKEN",): 0.2}


@checks(engines.PROFIT_SHARED, within="exact")
def test_a_trade_is_shared_by_those_that_agreed_by_weight_and_confidence() -> None:
    book = book_of(cast("BBS", "t"), opened("t", engine="A"), closed("t", pnl=70.0, engine="A"))
    assert readings(book, engines.PROFIT_SHARED) == {("A", "BTC"): pytest.approx(40), ("B", "BTC"): pytest.approx(30)}
    assert shared_error(book) == 0


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([closed("t", pnl=-5.0, engine="C")], {("C", "BTC"): -5.0}),  # nobody voted
        ([closed("t", pnl=-5.0)], {(UNKNOWN, "BTC"): -5.0}),
        ([cast("HB", "t"), closed("t", pnl=4.0, engine="B")], {("B", "BTC"): 4.0}),  # the decision was HOLD
        ([cast("B", "other"), closed("t", pnl=4.0, engine="B")], {("B", "BTC"): 4.0}),
        ([cast("B", "t"), closed("t", pnl=4.0, mode=VIRTUAL)], {}),
        ([cast("B", "t"), opened("t"), closed("t", pnl=4.0)], {("A", "BTC"): 4.0}),
        ([opened("t"), cast("B", "t"), closed("t", pnl=4.0)], {("A", "BTC"): 4.0}),  # told after the opening
    ],
)  # fmt: skip
def test_the_shares_add_up_to_the_whole_whatever_is_known(
    facts: list[Fact], expected: dict[tuple[str, ...], float]
) -> None:
    book = book_of(*facts)
    assert readings(book, engines.PROFIT_SHARED) == expected
    assert shared_error(book) == 0


def test_corrected_and_voided_trades_are_shared_as_they_were() -> None:
    told = [cast("BB", "t"), opened("t"), closed("t", pnl=700.0), cast("B", "v"), opened("v"), closed("v", pnl=9.0)]
    book = book_of(*told, amendments={"t": closed("t", pnl=7.0, asset="ETH"), "v": None})
    assert readings(book, engines.PROFIT_SHARED) == {("A", "ETH"): pytest.approx(4), ("B", "ETH"): pytest.approx(3)}
    assert shared_error(book) == 0


def test_closings_that_are_taken_together_are_shared_too() -> None:
    facts = [cast("BB", "t"), *[closed(f"t{n}", pnl=1.0, engine="B") for n in range(5)], closed("t", pnl=7.0)]
    found = readings(book_of(*facts), engines.PROFIT_SHARED)
    assert found == {("B", "BTC"): pytest.approx(8), ("A", "BTC"): pytest.approx(4)}


def test_a_book_that_keeps_nothing_by_engine_shares_nothing() -> None:
    book = Book(wanted([(concepts.NET_PROFIT, ("asset",))]))
    book.fold_many([at(0, started(1000.0)), at(1, cast("B", "t")), at(2, closed("t", pnl=4.0))])
    assert readings(book, engines.PROFIT_SHARED) == {}
    assert shared_error(book) is None


@checks(concepts.RECONCILIATION_ERROR, within="exact")
def test_a_share_that_is_lost_is_seen() -> None:
    book = book_of(cast("BB", "t"), closed("t", pnl=70.0))
    book.engines.profits.popitem()
    assert shared_error(book) == pytest.approx(-30)


def shared_error(book: Book) -> float | None:
    return reading(book, concepts.RECONCILIATION_ERROR, "profit_shared_by_engines")


def test_a_thousand_engines_on_ten_thousand_assets_stay_within_bounds() -> None:
    book = book_of()
    for number in range(10_000):
        engine, asset = f"E{number % 1_100}", f"X{number}"
        vote = Vote(engine=engine, stance=Stance.BUY, confidence=1.0)
        votes = VotesCast(round_id=f"{number}", asset=asset, votes=(vote,), decision=Stance.BUY, trade_id=f"{number}")
        score = VoteScore(engine=engine, correct=True)
        book.fold(at(number, votes))
        book.fold(at(number, VotesScored(round_id=f"{number}", trade_id=f"{number}", asset=asset, scores=(score,))))
        if number % 2:
            book.fold(at(number, closed(f"{number}", pnl=1.0, asset=asset)))
    assert len(book.engines.voters) == LARGEST + 1
    assert len(book.engines.scored) == len(book.engines.profits) == LARGEST + 1
    assert len(book.engines._awaited) <= LARGEST  # noqa: SLF001 - what may grow
    assert readings(book, engines.VOTES)[OTHER, "BUY"] > 0
    assert sum(readings(book, engines.VOTES).values()) == sum(readings(book, engines.POINTS).values()) == 10_000
    assert sum(readings(book, engines.PROFIT_SHARED).values()) == 5_000
    assert math.isclose(sum(readings(book, engines.WEIGHT).values()), 1)
    assert shared_error(book) == 0


def test_only_the_first_engines_are_compared_in_pairs() -> None:
    votes = tuple(Vote(engine=f"{number:03}", stance=Stance.BUY, confidence=1.0) for number in range(200))
    book = book_of(VotesCast(round_id="r", asset="BTC", votes=votes, decision=Stance.BUY))
    found = readings(book, engines.PAIR_AGREEMENT)
    assert len(found) == PAIRED * (PAIRED - 1) // 2
    assert set(found.values()) == {1.0}


def test_what_is_remembered_of_engines_is_all_there_is() -> None:
    facts = [cast("BBSH", "t"), scored("A", "B"), opened("t"), cast("SS", "u"), cast("HB")]
    rest: list[Entry] = [at(20, closed("t", pnl=7.0)), at(21, closed("u", pnl=7.0)), at(22, cast("SBBB"))]
    book, again = book_of(*facts), Book(KEPT)
    again.restore(pickle.loads(pickle.dumps(book.state)))  # noqa: S301 - its own bytes
    for one in (book, again):
        one.fold_many(rest)
    for concept in (each for each in vars(engines).values() if isinstance(each, Concept)):
        assert readings(again, concept) == readings(book, concept)
    assert readings(again, engines.PROFIT_SHARED) == {("A", "BTC"): pytest.approx(8), ("B", "BTC"): pytest.approx(6)}
