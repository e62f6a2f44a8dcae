"""The quantities of several engines that vote on every trade: their votes, who was right, whose the profit is."""

from tradewatch.catalog.concept import Concept

_NO_VOTE = "before an engine's first vote"
_NO_SCORE = "before the first scored vote"

VOTES = Concept(name="votes", definition="votes of an engine, by what it voted for")
LAST_VOTE = Concept(
    name="newest vote",
    definition="what an engine voted in its newest round, on whatever asset: 1 BUY, 0 HOLD, -1 SELL",
    undefined=_NO_VOTE,
    live=True,
)
ENGINE_ACTIVE = Concept(
    name="active engine",
    definition="1 for an engine that voted in the last 100 rounds, else 0; 0 once the run has ended",
    undefined=_NO_VOTE,
    live=True,
)
AGREEMENT = Concept(
    name="agreement",
    definition="mean over the last 100 rounds of the share of pairs of engines that cast the same vote; HOLD is a "
    "vote, and an engine that did not vote is in no pair",
    undefined="before a round with two votes",
)
PAIR_AGREEMENT = Concept(
    name="agreement of a pair",
    definition="share of the rounds among the last 100 in which both engines voted where they cast the same vote; "
    "each pair once, for the first 32 engines",
    undefined="for a pair that voted in none of these rounds",
)
VOTES_SCORED = Concept(
    name="scored votes",
    definition="votes for BUY or SELL in rounds that led to a trade that won or lost, right (with a winner or against "
    "a loser) or wrong",
)
POINTS = Concept(name="points", definition="right votes of an engine: each is one point, a wrong one costs nothing")
RANK = Concept(
    name="rank",
    definition="1 + how many engines of the newest run have more points; equals share the best of their ranks",
    undefined="for an engine that the newest run has not named, before its first vote in it",
)
WEIGHT = Concept(
    name="weight",
    definition="n for the first rank of n engines, n - 1 for the next ... 1 for the last, as a share of the sum; "
    "equals have the mean of theirs",
    undefined="for an engine that the newest run has not named, before its first vote in it",
)
ACCURACY = Concept(name="accuracy", definition="right / scored votes of an engine", undefined=_NO_SCORE)
ASSET_ACCURACY = Concept(
    name="accuracy on an asset", definition="right / scored votes of an engine on an asset", undefined=_NO_SCORE
)
PROFIT_SHARED = Concept(
    name="P&L of an engine",
    definition="sum of an engine's shares of the P&L of closed trades: a trade is shared among the engines that agreed "
    "with it in its round, by weight * confidence of their votes; one without a known round is its leading engine's",
    undefined="before the first closed trade it has a share of",
)
