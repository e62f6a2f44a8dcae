"""What votes come to: tables by hand, and what holds for any votes and weights."""

from collections.abc import Mapping
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.systems.hydra.markets import START
from tradewatch import facts
from tradewatch.facts import Stance
from tradewatch.systems.hydra.consensus import consensus
from tradewatch.systems.hydra.engines import Vote

LETTERS = {"+": Stance.BUY, "-": Stance.SELL, "0": Stance.HOLD}
EQUAL = (25.0, 25.0, 25.0, 25.0)
RANKED = (40.0, 30.0, 20.0, 10.0)


def cast(letters: str, confidence: float = 0.5) -> dict[str, Vote]:
    """Return votes of A, B, C ...: + buys, - sells, 0 holds, a blank has not voted."""
    return {
        name: Vote(LETTERS[letter], confidence, f"because {name}")
        for name, letter in zip("ABCDEFG", letters, strict=False)
        if letter != " "
    }


def weighed(*weights: float) -> dict[str, float]:
    return dict(zip("ABCDEFG", weights, strict=False))


@pytest.mark.parametrize(
    ("letters", "weights", "decision", "size"),
    [
        ("++++", EQUAL, "BUY", 1.0),
        ("----", EQUAL, "SELL", 1.0),
        ("0000", EQUAL, "HOLD", 0.0),
        ("+++-", EQUAL, "BUY", 0.75),
        ("+++0", EQUAL, "BUY", 0.75),
        ("++00", EQUAL, "BUY", 0.5),  # who holds takes no side
        ("00--", EQUAL, "SELL", 0.5),
        ("++-0", EQUAL, "BUY", 0.5),
        ("++--", EQUAL, "HOLD", 0.0),  # a tie
        ("+000", EQUAL, "HOLD", 0.0),  # one is too few
        ("+-00", EQUAL, "HOLD", 0.0),
        ("++--", RANKED, "BUY", 0.5),  # 70 against 30
        ("+--+", RANKED, "HOLD", 0.0),  # 50 against 50
        ("+---", RANKED, "SELL", 0.75),  # 60 against 40
        ("+-- ", RANKED, "SELL", 0.5),  # 50 against 40
        ("+ -0", RANKED, "HOLD", 0.0),  # 40 against 20, but alone
        ("+0-0", (70.0, 10.0, 10.0, 10.0), "HOLD", 0.0),
        ("+---", (70.0, 10.0, 10.0, 10.0), "HOLD", 0.0),  # the heaviest is alone, and nobody outweighs it
        ("00++", RANKED, "BUY", 0.5),
        ("++  ", EQUAL, "BUY", 0.5),  # an engine without a vote is still one of four
        ("    ", EQUAL, "HOLD", 0.0),
        ("++", (60.0, 40.0), "BUY", 1.0),
        ("+-", (60.0, 40.0), "HOLD", 0.0),
        ("+", (100.0,), "HOLD", 0.0),  # a single engine never trades
        ("+++--", (20.0,) * 5, "BUY", 0.6),
        ("++0--", (20.0,) * 5, "HOLD", 0.0),
        ("+++++", (20.0,) * 5, "BUY", 1.0),
        ("+-0-+", tuple(100 * n / 15 for n in (5, 4, 3, 2, 1)), "HOLD", 0.0),  # 6/15 against 6/15
        ("++++", (0.0,) * 4, "HOLD", 0.0),  # no weight at all
    ],
)
def test_by_hand(letters: str, weights: tuple[float, ...], decision: str, size: float) -> None:
    found = consensus(cast(letters), weighed(*weights))
    assert (found.decision.value, found.size) == (decision, size)


def test_a_tie_of_weights_that_floats_cannot_hold_is_a_tie() -> None:
    assert 0.1 + 0.2 != 0.3
    assert consensus(cast("++--"), weighed(0.1, 0.2, 0.3, 0.0)).decision is Stance.HOLD


def test_the_leading_engine_is_the_agreeing_one_with_the_most_weight_times_confidence() -> None:
    votes = cast("-+++") | {"C": Vote(Stance.BUY, 0.9, ""), "A": Vote(Stance.SELL, 1.0, "")}
    found = consensus(votes, weighed(40, 30, 20, 30))
    assert (found.agreeing, found.leading) == (("B", "C", "D"), "C")  # 15, 18, 15
    assert consensus(cast("0+++"), weighed(*EQUAL)).leading == "B"  # the first of equals
    assert consensus(cast("++--"), weighed(*EQUAL)).leading is None


def test_a_profit_is_shared_by_weight_times_confidence() -> None:
    votes = cast("++0+") | {"D": Vote(Stance.BUY, 1.0, "")}
    found = consensus(votes, weighed(40, 30, 20, 10))
    assert found.shares(90.0) == pytest.approx({"A": 40.0, "B": 30.0, "D": 20.0})
    assert found.shares(-9.0) == pytest.approx({"A": -4.0, "B": -3.0, "D": -2.0})
    assert found.shares(0.0) == {"A": 0.0, "B": 0.0, "D": 0.0}
    assert consensus(cast("++--"), weighed(*EQUAL)).shares(5.0) == {}


def test_the_last_share_is_not_on_the_other_side_because_floats_round() -> None:
    assert 0.1 + 0.2 + 0.3 > 0.6
    shares = consensus(cast("++++", confidence=1.0), weighed(0.1, 0.2, 0.3, 0.0)).shares(1.0)
    assert (shares["D"], sum(shares.values())) == (0.0, 1.0)


def test_without_any_confidence_a_profit_is_shared_equally() -> None:
    assert consensus(cast("++0", confidence=0.0), weighed(7, 2, 1)).shares(3.0) == {"A": 1.5, "B": 1.5}


def test_the_fact_says_everything() -> None:
    votes = cast("++ 0")
    fact = consensus(votes, weighed(40, 30, 20, 10)).fact("r1", "BTC-USD", trade_id="t1")
    assert fact == facts.VotesCast(
        round_id="r1",
        asset="BTC-USD",
        votes=(
            facts.Vote(engine="A", stance=Stance.BUY, confidence=0.5, weight=40.0, reason="because A"),
            facts.Vote(engine="B", stance=Stance.BUY, confidence=0.5, weight=30.0, reason="because B"),
            facts.Vote(engine="D", stance=Stance.HOLD, confidence=0.5, weight=10.0, reason="because D"),
        ),
        decision=Stance.BUY,
        size_multiplier=0.5,
        trade_id="t1",
    )
    assert isinstance(facts.canonical(facts.Entry(START, "r1/votes", fact)), facts.Canonical)


VOTES = st.lists(
    st.tuples(st.sampled_from(Stance), st.floats(0, 1), st.floats(0, 100) | st.sampled_from([10.0, 25.0])), max_size=9
)


def built(drawn: list[tuple[Stance, float, float]]) -> tuple[dict[str, Vote], dict[str, float]]:
    votes = {f"E{number}": Vote(stance, sure, "") for number, (stance, sure, _) in enumerate(drawn)}
    return votes, {f"E{number}": weight for number, (_, _, weight) in enumerate(drawn)}


@given(VOTES)
def test_a_decision_has_two_who_agree_and_more_weight_than_the_other_side(
    drawn: list[tuple[Stance, float, float]],
) -> None:
    votes, weights = built(drawn)
    found = consensus(votes, weights)

    def weight(stance: Stance) -> Fraction:
        return sum((Fraction(weights[name]) for name, vote in votes.items() if vote.direction is stance), Fraction(0))

    if found.decision is Stance.HOLD:
        assert (found.agreeing, found.size, found.leading) == ((), 0.0, None)
        return
    other = Stance.SELL if found.decision is Stance.BUY else Stance.BUY
    assert weight(found.decision) > weight(other)
    assert set(found.agreeing) == {name for name, vote in votes.items() if vote.direction is found.decision}
    assert found.size == len(found.agreeing) / len(weights) >= 2 / len(weights)
    assert found.leading in found.agreeing
    assert found.strength(str(found.leading)) == max(map(found.strength, found.agreeing))


def turned(votes: Mapping[str, Vote]) -> dict[str, Vote]:
    opposite = {Stance.BUY: Stance.SELL, Stance.SELL: Stance.BUY, Stance.HOLD: Stance.HOLD}
    return {name: vote._replace(direction=opposite[vote.direction]) for name, vote in votes.items()}


@given(VOTES, st.integers(0, 99))
def test_neither_the_side_nor_the_order_of_the_engines_matters(
    drawn: list[tuple[Stance, float, float]], seed: int
) -> None:
    votes, weights = built(drawn)
    found, other = consensus(votes, weights), consensus(turned(votes), weights)
    assert turned({"": Vote(found.decision, 0, "")})[""].direction is other.decision
    assert (found.agreeing, found.size, found.leading) == (other.agreeing, other.size, other.leading)
    names = Random(seed).sample(list(votes), len(votes))  # noqa: S311 - any order will do
    shuffled = consensus({name: votes[name] for name in names}, weights)
    assert (shuffled.decision, shuffled.size) == (found.decision, found.size)


@given(VOTES, st.floats(-1e12, 1e12) | st.sampled_from([0.0, 5e-324, -0.01, 1e30]))
def test_shares_add_up_to_the_profit_in_any_order_and_none_is_on_the_other_side(
    drawn: list[tuple[Stance, float, float]], profit: float
) -> None:
    found = consensus(*built(drawn))
    shares = list(found.shares(profit).values())
    if not found.agreeing:
        assert not shares
        return
    assert sum(shares) == sum(shares[::-1]) == profit
    assert sum(map(Fraction, shares)) == Fraction(profit)
    assert all(share * profit >= 0 for share in shares)
    strengths = [found.strength(name) for name in found.agreeing]
    if sum(strengths) > 1e-9:
        expected = [profit * strength / sum(strengths) for strength in strengths]
        assert shares == pytest.approx(expected, rel=1e-9, abs=1e-9 * abs(profit) + 1e-300)
