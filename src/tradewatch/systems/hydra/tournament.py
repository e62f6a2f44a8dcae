"""The tournament: engines win points by being right, and points make their weights."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from tradewatch.facts import Entry, Outcome, Stance, TradeClosed, VotesCast, VotesScored
from tradewatch.facts.decisions import VoteScore
from tradewatch.stats import ranking
from tradewatch.systems.hydra.engine_record import EngineRecord
from tradewatch.systems.hydra.results import outcome_of, pnl_of

# Any in this file: counts, amounts and None; a state is what `state` of the same version returned, in JSON's values.


class Tournament:
    """Scores the votes of a round when the trade it led to closes. ``engines``: those that are ranked, by name.

    A BUY or SELL vote is right with a winner or against a loser and earns a point; a wrong one earns nothing and loses
    nothing. A HOLD is not scored, nor is any vote of a round whose trade was a scratch. A trade's P&L, a scratch's
    too, is shared among the engines that agreed with it, by weight * confidence of their votes. An engine that took
    part before and is not there now keeps its record, for when it comes back, and has neither rank nor weight.
    """

    def __init__(self, engines: Iterable[str]) -> None:
        self._engines = tuple(engines)
        self._records = {engine: EngineRecord() for engine in self._engines}
        self._assets: dict[str, dict[str, EngineRecord]] = {engine: {} for engine in self._engines}
        self._rounds: dict[str, VotesCast] = {}

    @property
    def points(self) -> dict[str, int]:
        """Points by engine."""
        return {engine: self._records[engine].points for engine in self._engines}

    @property
    def ranks(self) -> dict[str, int]:
        """Rank by engine, 1 is best; equals share theirs."""
        return ranking.ranks(self.points)

    @property
    def weights(self) -> dict[str, float]:
        """Weight by engine, 0 to 100, together 100: what a consensus counts with and what is shown."""
        return ranking.weights(self.points)

    def take(self, votes: VotesCast) -> None:
        """Take a round; one that led to a trade waits for its end."""
        if votes.trade_id is not None:
            self._rounds[votes.trade_id] = votes

    def forget(self, trade_id: str) -> None:
        """Let go of a round whose trade will never close, such as one whose order was refused."""
        self._rounds.pop(trade_id, None)

    def settle(self, time: datetime, trade: TradeClosed) -> list[Entry]:
        """Take a closed trade; return the fact that its round was scored. Nothing for a trade no known round led to."""
        votes = self._rounds.pop(trade.trade_id, None)
        if votes is None:
            return []
        for engine, share in votes.shares.items():
            for record in self._of(engine, votes.asset):
                record.earn(share * pnl_of(trade))
        fact = self._scored(votes, trade.trade_id, outcome_of(trade))
        return [] if fact is None else [Entry(time, fact.identity, fact)]

    def get_engine_stats(self) -> dict[str, dict[str, Any]]:
        """Return of each engine its record, rank (1 is best), weight (0 to 100), and its record on each asset.

        A record: ``points``, ``scored`` and ``right`` votes, ``accuracy`` (0 to 1, None without scored votes) and
        ``pnl``, its shares of the trades it agreed with, account currency.
        """
        ranks, weights = self.ranks, self.weights
        return {
            engine: {
                **self._records[engine].stats(),
                "rank": ranks[engine],
                "weight": weights[engine],
                "assets": {asset: each.stats() for asset, each in sorted(self._assets[engine].items())},
            }
            for engine in self._engines
        }

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs."""
        return {
            "records": {engine: record.state() for engine, record in self._records.items()},
            "assets": {
                engine: {asset: record.state() for asset, record in records.items()}
                for engine, records in self._assets.items()
            },
            "rounds": [msgspec.to_builtins(votes) for votes in self._rounds.values()],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on exactly from where ``state`` was taken; an engine that never took part begins without points."""
        for engine, saved in state["records"].items():
            self._records.setdefault(engine, EngineRecord()).restore(saved)
        for engine, divided in state["assets"].items():
            assets = self._assets.setdefault(engine, {})
            for asset, saved in divided.items():
                assets.setdefault(asset, EngineRecord()).restore(saved)
        rounds = [msgspec.convert(each, VotesCast) for each in state["rounds"]]
        self._rounds = {votes.trade_id: votes for votes in rounds if votes.trade_id is not None}

    def _scored(self, votes: VotesCast, trade_id: str, outcome: Outcome) -> VotesScored | None:
        right = _right(votes.decision, outcome)
        scored = [] if right is None else [vote for vote in votes.votes if vote.stance is not Stance.HOLD]
        scores = tuple(VoteScore(engine=vote.engine, correct=vote.stance is right) for vote in scored)
        for score in scores:
            for record in self._of(score.engine, votes.asset):
                record.score(is_right=score.correct)
        if not scores:
            return None
        return VotesScored(round_id=votes.round_id, trade_id=trade_id, asset=votes.asset, scores=scores)

    def _of(self, engine: str, asset: str) -> list[EngineRecord]:
        """Return an engine's records, in all and on an asset."""
        record = self._records.setdefault(engine, EngineRecord())
        return [record, self._assets.setdefault(engine, {}).setdefault(asset, EngineRecord())]


def _right(decision: Stance, outcome: Outcome) -> Stance | None:
    """Return what it was right to vote; None where nothing was."""
    if decision is Stance.HOLD or outcome is Outcome.SCRATCH:
        return None
    if outcome is Outcome.WIN:
        return decision
    return Stance.SELL if decision is Stance.BUY else Stance.BUY
