"""What many votes come to: one decision, its size, who leads it, and whose the profit is."""

from collections.abc import Mapping
from itertools import accumulate
from math import fsum, isclose, ulp
from typing import NamedTuple

from tradewatch import facts
from tradewatch.facts import Stance
from tradewatch.systems.hydra.engines import Vote

FEWEST_AGREEING = 2

_BUY, _SELL, _HOLD = Stance.BUY, Stance.SELL, Stance.HOLD  # to look one up in its class is slow

_SAME = 1e-9
"""Relative difference of two sums of weights that is the rounding of floats: a tie."""


class Consensus(NamedTuple):
    """A round's outcome.

    ``votes``: as they were cast; ``weights``: of every engine, those without a vote included. ``agreeing``: engines
    that voted for a decision to trade, in the order of the votes; empty for HOLD. ``size``: of the usual position, the
    agreeing ones' part of all engines; 0 for HOLD. ``leading``: the agreeing engine with the largest weight *
    confidence, the first of equals; None for HOLD.
    """

    decision: Stance
    agreeing: tuple[str, ...]
    size: float
    leading: str | None
    votes: Mapping[str, Vote]
    weights: Mapping[str, float]

    def strength(self, engine: str) -> float:
        """Return an engine's weight * confidence."""
        return self.weights[engine] * self.votes[engine].confidence

    def shares(self, profit: float) -> dict[str, float]:
        """Share a trade's profit or loss among those that agreed, by weight * confidence; equally if all have none.

        The shares are whole multiples of the smallest step of a float of the profit's size, and the last takes the
        rest: in any order, they add up to the profit exactly. Nothing for HOLD.

        >>> yes = Vote(Stance.BUY, 0.5, "")
        >>> consensus({"A": yes, "B": yes, "C": yes}, {"A": 50.0, "B": 25.0, "C": 25.0}).shares(-10.0)
        {'A': -5.0, 'B': -2.5, 'C': -2.5}
        """
        if not self.agreeing:
            return {}
        strengths = [self.strength(engine) for engine in self.agreeing]
        if not fsum(strengths):
            strengths = [1.0] * len(self.agreeing)
        return dict(zip(self.agreeing, _parts(profit, strengths), strict=True))

    def fact(self, round_id: str, asset: str, trade_id: str | None = None) -> facts.VotesCast:
        """Return the round as it is recorded; ``trade_id``: the trade it led to."""
        weights = self.weights
        cast = [
            facts.Vote(engine=name, stance=stance, confidence=confidence, weight=weights[name], reason=reason)
            for name, (stance, confidence, reason) in self.votes.items()
        ]
        return facts.VotesCast(
            round_id=round_id,
            asset=asset,
            votes=tuple(cast),
            decision=self.decision,
            size_multiplier=self.size,
            trade_id=trade_id,
        )


def consensus(votes: Mapping[str, Vote], weights: Mapping[str, float]) -> Consensus:
    """Return what the votes come to: BUY or SELL, whichever has more weight.

    HOLD when both have the same weight and when fewer than two engines agree. A vote for HOLD takes no side: were it
    weighed against BUY, two buyers would win with a seller against them and lose with nobody against them. It makes the
    trade smaller instead, as does an engine that has not voted. ``weights``: of every engine, on any scale, at least 0.

    >>> buy, wait = Vote(Stance.BUY, 0.9, ""), Vote(Stance.HOLD, 0.0, "")
    >>> found = consensus({"A": buy, "B": wait, "C": buy, "D": buy}, {"A": 20.0, "B": 40.0, "C": 30.0, "D": 10.0})
    >>> found.decision.value, found.agreeing, found.size, found.leading
    ('BUY', ('A', 'C', 'D'), 0.75, 'C')
    """
    cast = [vote.direction for vote in votes.values()]
    if cast.count(_BUY) < FEWEST_AGREEING > cast.count(_SELL):
        return Consensus(_HOLD, (), 0.0, None, votes, weights)
    buyers, sellers = _agreed(votes, _BUY), _agreed(votes, _SELL)
    bought, sold = fsum([weights[name] for name in buyers]), fsum([weights[name] for name in sellers])
    decision, agreeing = (_BUY, buyers) if bought > sold else (_SELL, sellers)
    if len(agreeing) < FEWEST_AGREEING or isclose(bought, sold, rel_tol=_SAME):
        return Consensus(_HOLD, (), 0.0, None, votes, weights)
    leading = max(agreeing, key=lambda name: weights[name] * votes[name].confidence)
    return Consensus(decision, tuple(agreeing), len(agreeing) / len(weights), leading, votes, weights)


def _agreed(votes: Mapping[str, Vote], stance: Stance) -> list[str]:
    return [name for name, vote in votes.items() if vote.direction is stance]


def _parts(amount: float, strengths: list[float]) -> list[float]:
    """Divide an amount by strengths whose sum is above 0, in whole steps of its last binary digit."""
    step = ulp(amount)
    steps, whole = int(amount / step), fsum(strengths)
    bounds = [round(steps * min(1.0, reached / whole)) for reached in accumulate(strengths[:-1])]
    return [(end - begin) * step for begin, end in zip([0, *bounds], [*bounds, steps], strict=True)]
