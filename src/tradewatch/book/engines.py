"""What a book knows of engines that vote: their votes, their points, whose the profit is."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from tradewatch.book.groups import LARGEST, OTHER, UNKNOWN
from tradewatch.facts import Stance, TradeClosed, Vote, VotesCast, VotesScored
from tradewatch.stats import ExactSum
from tradewatch.stats.agreement import agreeing_pairs

COMPARED = 100
"""Rounds over which agreement is measured."""

PAIRED = 32
"""Engines that are compared in pairs: the first ones. Of more there would be too many pairs."""


class Scored:
    """Scored votes, in all or on one asset."""

    __slots__ = ("right", "wrong")

    def __init__(self) -> None:
        self.right = 0
        self.wrong = 0

    def update(self, *, is_right: bool) -> None:
        """Take one scored vote."""
        if is_right:
            self.right += 1
        else:
            self.wrong += 1

    @property
    def accuracy(self) -> float | None:
        """Share of scored votes that were right; None before the first."""
        scored = self.right + self.wrong
        return self.right / scored if scored else None


class Voter:
    """One engine: how often it voted what, what it voted last (None before its first vote), how it was scored."""

    __slots__ = ("last", "scored", "votes")

    def __init__(self) -> None:
        self.votes = dict.fromkeys(Stance, 0)
        self.last: Stance | None = None
        self.scored = Scored()


class Engines:
    """Folds rounds of votes, their scores and the trades they led to. Engines beyond the first `LARGEST` are `OTHER`.

    ``shares_profit``: whether the P&L of trades is shared among the engines.
    """

    def __init__(self, *, shares_profit: bool = False) -> None:
        self.shares_profit = shares_profit
        self.voters: dict[str, Voter] = {}
        self.scored: dict[tuple[str, str], Scored] = {}
        """By engine and asset."""

        self.profits: dict[tuple[str, str], ExactSum] = {}
        """By engine and asset, account currency."""

        self._current: dict[str, Voter] = {}  # the engines of the newest run that are no `OTHER`
        self._rounds: deque[tuple[Vote, ...]] = deque(maxlen=COMPARED)
        self._awaited: dict[str, Mapping[str, float]] = {}  # trade id to its shares; of those that may never open
        self._open: dict[str, Mapping[str, float]] = {}

    def begin(self, engines: Iterable[str]) -> None:
        """Take the start of a run, whose engines may be others; those that it names count before they vote."""
        self._current = {}
        for engine in engines:
            self._enter(engine)

    def cast(self, fact: VotesCast) -> None:
        """Take a round of votes."""
        current = self._current
        for vote in fact.votes:
            voter = current.get(vote.engine) or self._enter(vote.engine)
            voter.votes[vote.stance] += 1
            voter.last = vote.stance
        self._rounds.append(fact.votes)
        if fact.trade_id is not None and self.shares_profit:
            self._awaited[fact.trade_id] = fact.shares
            if len(self._awaited) > LARGEST:
                del self._awaited[next(iter(self._awaited))]

    def score(self, fact: VotesScored) -> None:
        """Take the scores of a round."""
        for score in fact.scores:
            self._voter(score.engine).scored.update(is_right=score.correct)
            key = _admitted(self.scored, (score.engine, fact.asset))
            self.scored.setdefault(key, Scored()).update(is_right=score.correct)

    def open(self, trade_id: str) -> None:
        """Take the opening of a trade: its shares are kept until it closes."""
        shares = self._awaited.pop(trade_id, None)
        if shares is not None:
            self._open[trade_id] = shares

    def forget(self, trade_id: str) -> None:
        """Take the news that a trade never happened."""
        self._shares(trade_id)

    def earn(self, fact: TradeClosed, pnl: float) -> None:
        """Share the P&L of a closed trade; without a known round all of it is its own engine's."""
        shares = self._shares(fact.trade_id) or {fact.engine or UNKNOWN: 1.0}
        for engine, share in shares.items():
            key = _admitted(self.profits, (engine, fact.asset))
            profit = self.profits.get(key)
            if profit is None:
                profit = self.profits[key] = ExactSum()
            profit.update(share * pnl)

    @property
    def points(self) -> dict[str, int]:
        """Right votes of each engine of the newest run."""
        return {engine: voter.scored.right for engine, voter in self._current.items()}

    @property
    def active(self) -> set[str]:
        """The engines that voted in the last `COMPARED` rounds."""
        return {vote.engine for votes in self._rounds for vote in votes}

    @property
    def agreement(self) -> float | None:
        """Mean over the last `COMPARED` rounds of the share of pairs that agree; None without a pair."""
        shares = [agreeing_pairs([vote.stance for vote in votes]) for votes in self._rounds]
        defined = [share for share in shares if share is not None]
        return sum(defined) / len(defined) if defined else None

    def pairs(self) -> Iterator[tuple[tuple[str, str], float]]:
        """Yield pairs of the first `PAIRED` engines and how often they agree, of those with a round in common."""
        compared = set(list(self.voters)[:PAIRED])
        same, both = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        for votes in self._rounds:
            stances = {vote.engine: vote.stance for vote in votes if vote.engine in compared}
            for pair in combinations(sorted(stances), 2):
                both[pair] += 1
                same[pair] += stances[pair[0]] is stances[pair[1]]
        yield from ((pair, same[pair] / count) for pair, count in sorted(both.items()))

    def _enter(self, engine: str) -> Voter:
        voter = self._voter(engine)
        if engine in self.voters:
            self._current[engine] = voter
        return voter

    def _voter(self, engine: str) -> Voter:
        if engine not in self.voters and len(self.voters) >= LARGEST:
            engine = OTHER
        return self.voters.setdefault(engine, Voter())

    def _shares(self, trade_id: str) -> Mapping[str, float] | None:
        return self._open.pop(trade_id, None) or self._awaited.pop(trade_id, None)


def _admitted(groups: Mapping[tuple[str, str], object], key: tuple[str, str]) -> tuple[str, str]:
    """Return the group that a key belongs to: `OTHER` for one that came after `LARGEST` others."""
    return key if key in groups or len(groups) < LARGEST else (OTHER, OTHER)
