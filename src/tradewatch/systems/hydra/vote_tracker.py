"""The rounds of votes: the last ones, all counted, and how far the engines agree."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec

from tradewatch.facts import Entry, Stance, VotesCast
from tradewatch.stats.agreement import agreeing_pairs

KEPT = 1_000
"""Rounds that are remembered."""

COMPARED = 100
"""Rounds over which agreement is measured."""

# Any in this file: a state is what `state` of the same version returned, in JSON's values.


class VoteTracker:
    """Takes rounds in order. ``engines``: whose votes are counted from 0 on; others are counted from their first."""

    def __init__(self, engines: Iterable[str] = ()) -> None:
        self._rounds: deque[tuple[datetime, VotesCast]] = deque(maxlen=KEPT)
        self._counts: dict[tuple[str, Stance], int] = {}
        for engine in engines:
            self._begin(engine)

    @property
    def votes(self) -> dict[tuple[str, Stance], int]:
        """How often each engine ever voted BUY, SELL and HOLD."""
        return dict(self._counts)

    @property
    def agreement(self) -> float | None:
        """Mean over the last `COMPARED` rounds of the share of pairs of engines that cast the same vote, 0 to 1.

        A HOLD is a vote; the pairs of an engine that did not vote do not count, nor do rounds without a pair. None
        while there is no pair.
        """
        found = [agreeing_pairs([vote.stance for vote in votes.votes]) for _, votes in self._last(COMPARED)]
        shares = [share for share in found if share is not None]
        return sum(shares) / len(shares) if shares else None

    def take(self, time: datetime, votes: VotesCast) -> None:
        """Take a round."""
        self._rounds.append((time, votes))
        counts = self._counts
        for vote in votes.votes:
            cast = vote.engine, vote.stance
            if cast not in counts:
                self._begin(vote.engine)
            counts[cast] += 1

    def get_voting_history(self, last: int = KEPT) -> list[Entry]:
        """Return the last rounds, `KEPT` at most, oldest first: when, and a `VotesCast`."""
        return [Entry(time, votes.identity, votes) for time, votes in self._last(last)]

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs."""
        return {
            "rounds": [[time.isoformat(), msgspec.to_builtins(votes)] for time, votes in self._rounds],
            "counts": [[engine, stance.value, count] for (engine, stance), count in self._counts.items()],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on exactly from where ``state`` was taken."""
        self._rounds.clear()
        for time, votes in state["rounds"]:
            self.take(datetime.fromisoformat(time), msgspec.convert(votes, VotesCast))
        for engine, stance, count in state["counts"]:
            self._counts[engine, Stance(stance)] = count

    def _last(self, count: int) -> Iterator[tuple[datetime, VotesCast]]:
        return islice(self._rounds, max(0, len(self._rounds) - count), None)

    def _begin(self, engine: str) -> None:
        for stance in Stance:
            self._counts[engine, stance] = 0
