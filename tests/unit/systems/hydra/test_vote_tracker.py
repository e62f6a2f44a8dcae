"""The rounds of votes: what is remembered, counted and agreed upon."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.guardians import MINUTE, NOON
from tradewatch.facts import Stance, Vote, VotesCast
from tradewatch.systems.hydra.vote_tracker import COMPARED, KEPT, VoteTracker

STANCES = {"B": Stance.BUY, "S": Stance.SELL, "H": Stance.HOLD}


def cast(number: int, stances: str) -> VotesCast:
    """Return a round in which A, B ... vote as the letters say; a dot did not vote."""
    votes = tuple(
        Vote(engine=engine, stance=STANCES[letter], confidence=0.5)
        for engine, letter in zip("ABCDEF", stances, strict=False)
        if letter != "."
    )
    return VotesCast(round_id=f"r{number}", asset="BTC-USD", votes=votes, decision=Stance.HOLD)


def watched(*rounds: str) -> VoteTracker:
    tracker = VoteTracker("ABCD")
    for number, stances in enumerate(rounds):
        tracker.take(NOON + number * MINUTE, cast(number, stances))
    return tracker


@pytest.mark.parametrize(
    ("rounds", "agreement"),
    [
        ((), None),
        (("BBBB",), 1.0),
        (("HHHH",), 1.0),
        (("BBSS",), 2 / 6),
        (("BBBS",), 3 / 6),
        (("BSH",), 0.0),
        (("BB.S",), 1 / 3),
        (("B...",), None),
        (("....",), None),
        (("BBBB", "BBSS", "B..."), (1 + 2 / 6) / 2),
    ],
)
def test_agreement_is_the_mean_share_of_pairs_that_cast_the_same_vote(
    rounds: tuple[str, ...], agreement: float | None
) -> None:
    assert watched(*rounds).agreement == pytest.approx(agreement)


@given(st.lists(st.text("BSH.", min_size=2, max_size=6), max_size=130))
def test_agreement_is_that_of_a_count_by_hand(rounds: list[str]) -> None:
    shares = []
    for stances in rounds[-COMPARED:]:
        pairs = list(combinations(stances.replace(".", ""), 2))
        if pairs:
            shares.append(sum(one == other for one, other in pairs) / len(pairs))
    expected = sum(shares) / len(shares) if shares else None
    assert watched(*rounds).agreement == pytest.approx(expected)


def test_only_the_last_hundred_rounds_are_compared() -> None:
    assert watched(*["BS"] * 3, *["BB"] * COMPARED).agreement == 1.0
    assert watched(*["BS"] * 3, *["BB"] * (COMPARED - 1)).agreement == pytest.approx(0.99)


def test_votes_are_counted_by_engine_and_stance_from_zero_on() -> None:
    tracker = watched("BBS.", "BHSH")
    assert tracker.votes["A", Stance.BUY] == 2
    assert [tracker.votes["D", stance] for stance in Stance] == [0, 0, 1]
    assert len(tracker.votes) == 12
    tracker.take(NOON, cast(9, "....S"))
    assert [tracker.votes["E", stance] for stance in Stance] == [0, 1, 0]


def test_the_history_has_the_last_rounds_oldest_first_and_forgets_the_rest() -> None:
    tracker = watched(*["BBSH"] * (KEPT + 5))
    history = tracker.get_voting_history()
    assert len(history) == KEPT
    assert history[0] == (NOON + 5 * MINUTE, "r5/votes", cast(5, "BBSH"))
    assert history[-1].fact == cast(KEPT + 4, "BBSH")
    assert tracker.get_voting_history(2) == history[-2:]
    assert tracker.get_voting_history(0) == []
    assert tracker.votes["A", Stance.BUY] == KEPT + 5


@given(st.lists(st.text("BSH.", min_size=5, max_size=5), max_size=20))
def test_a_restart_is_not_noticed(rounds: list[str]) -> None:
    tracker, other = watched(*rounds), VoteTracker("ABCD")
    other.restore(tracker.state())
    for each in (tracker, other):
        each.take(NOON, cast(99, "BBSHH"))
    assert other.state() == tracker.state()
    assert (other.agreement, other.votes) == (tracker.agreement, tracker.votes)
    assert other.get_voting_history() == tracker.get_voting_history()


def test_counts_of_rounds_long_forgotten_survive_a_restart() -> None:
    tracker, other = watched(*["BBSH"] * (KEPT + 5)), VoteTracker("ABCD")
    other.restore(tracker.state())
    assert other.votes == tracker.votes
