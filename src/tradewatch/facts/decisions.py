"""What a system decided: votes, signals, refusals, risk actions, learning."""

from msgspec import Struct

from tradewatch.facts.bounds import Count, Magnitude, Name, Seconds, Share, Text
from tradewatch.facts.fact import Fact
from tradewatch.facts.vocabulary import RiskAction, Stance


class Vote(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):  # in no cycle: texts and numbers
    """One engine's vote in a round."""

    engine: Name
    stance: Stance
    confidence: Share = 0.0
    weight: Magnitude = 1.0
    reason: Text = ""

    @property
    def strength(self) -> float:
        """Weight * confidence."""
        return self.weight * self.confidence


class VotesCast(Fact, frozen=True, kw_only=True, gc=False):  # in no cycle: texts, numbers, and votes of these
    """All votes of one round on one asset, and what was decided; ``trade_id`` is the trade it led to, if any."""

    round_id: Name
    asset: Name
    votes: tuple[Vote, ...]
    decision: Stance
    size_multiplier: Magnitude = 0.0
    trade_id: Name | None = None

    @property
    def identity(self) -> str:
        """One fact per round."""
        return f"{self.round_id}/votes"

    @property
    def shares(self) -> dict[str, float]:
        """The part of the trade's P&L that each engine which agreed has, 0 to 1, together 1; empty for HOLD.

        By weight * confidence; equal parts if all of these are 0.
        """
        agreed = self._agreed()
        total = sum(vote.strength for vote in agreed)
        return {vote.engine: vote.strength / total if total > 0 else 1 / len(agreed) for vote in agreed}

    @property
    def leader(self) -> str | None:
        """The engine that agreed with the largest weight * confidence, the first of equals; None for HOLD."""
        return max(self._agreed(), key=lambda vote: vote.strength).engine if self._agreed() else None

    def _agreed(self) -> list[Vote]:
        return [] if self.decision is Stance.HOLD else [vote for vote in self.votes if vote.stance is self.decision]


class VoteScore(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether one engine's vote was right."""

    engine: Name
    correct: bool


class VotesScored(Fact, frozen=True, kw_only=True):
    """A round's BUY and SELL votes were scored when its trade closed."""

    round_id: Name
    trade_id: Name
    asset: Name
    scores: tuple[VoteScore, ...]

    @property
    def identity(self) -> str:
        """A round is scored once."""
        return f"{self.round_id}/scored"


class SignalGiven(Fact, frozen=True, kw_only=True):
    """A strategy or agent asked for something, whether it was ``taken`` or not."""

    asset: Name
    stance: Stance
    taken: bool
    confidence: Share | None = None
    strategy: Name | None = None
    agent: Name | None = None
    timeframe: Name | None = None
    reason: Text = ""


class OrderRefused(Fact, frozen=True, kw_only=True):
    """An order was not sent or not accepted; ``reason`` is a short code, ``detail`` for people."""

    asset: Name
    reason: Name
    detail: Text = ""
    strategy: Name | None = None
    engine: Name | None = None
    agent: Name | None = None


class RiskActed(Fact, frozen=True, kw_only=True):
    """A guardian or risk manager acted on ``scope`` (``account``, an asset or an agent), by itself or by a person."""

    action: RiskAction
    reason: Name
    scope: Name = "account"
    size_multiplier: Magnitude | None = None
    seconds: Seconds | None = None
    detail: Text = ""


class LearningStepped(Fact, frozen=True, kw_only=True):
    """An agent learned: its state after the step. Counts are totals since the agent was made."""

    agent: Name
    experiences: Count
    episodes: Count
    buffer_size: Count
    exploration_rate: Share
    loss: Magnitude | None = None
    model_confidence: Share | None = None
    progress: Share | None = None
