"""How the concepts of engines that vote are read of a book."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from tradewatch.book.book import Book
from tradewatch.book.engines import Voter
from tradewatch.book.reading import Reading
from tradewatch.catalog import Concept, engines
from tradewatch.facts import Stance
from tradewatch.stats import ranking

_SIGNS = {Stance.BUY: 1, Stance.HOLD: 0, Stance.SELL: -1}
_WHOLE = 100
"""The sum of all weights."""


def _per_engine(get: Callable[[Voter], float | None]) -> Callable[[Book, datetime], Iterator[Reading]]:
    def readings(book: Book, _: datetime) -> Iterator[Reading]:
        for engine, voter in book.engines.voters.items():
            if (value := get(voter)) is not None:
                yield Reading((engine,), value)

    return readings


def _votes(book: Book, _: datetime) -> Iterator[Reading]:
    for engine, voter in book.engines.voters.items():
        yield from (Reading((engine, stance.value), count) for stance, count in voter.votes.items())


def _active(book: Book, _: datetime) -> Iterator[Reading]:
    active = set() if book.activity.is_over else book.engines.active
    for engine, voter in book.engines.voters.items():
        if voter.last is not None:
            yield Reading((engine,), float(engine in active))


def _agreement(book: Book, _: datetime) -> Iterator[Reading]:
    if (agreement := book.engines.agreement) is not None:
        yield Reading((), agreement)


def _pair_agreement(book: Book, _: datetime) -> Iterator[Reading]:
    yield from (Reading(pair, share) for pair, share in book.engines.pairs())


def _scored(book: Book, _: datetime) -> Iterator[Reading]:
    for engine, voter in book.engines.voters.items():
        yield Reading((engine, "right"), voter.scored.right)
        yield Reading((engine, "wrong"), voter.scored.wrong)


def _ranks(book: Book, _: datetime) -> Iterator[Reading]:
    yield from (Reading((engine,), rank) for engine, rank in ranking.ranks(book.engines.points).items())


def _weights(book: Book, _: datetime) -> Iterator[Reading]:
    for engine, weight in ranking.weights(book.engines.points).items():
        yield Reading((engine,), weight / _WHOLE)


def _asset_accuracy(book: Book, _: datetime) -> Iterator[Reading]:
    for key, scored in book.engines.scored.items():
        if scored.accuracy is not None:
            yield Reading(key, scored.accuracy)


def _profits(book: Book, _: datetime) -> Iterator[Reading]:
    yield from (Reading(key, profit.value) for key, profit in book.engines.profits.items())


def _last_vote(voter: Voter) -> float | None:
    return None if voter.last is None else _SIGNS[voter.last]


OBSERVED: Mapping[Concept, Callable[[Book, datetime], Iterator[Reading]]] = {
    engines.VOTES: _votes,
    engines.LAST_VOTE: _per_engine(_last_vote),
    engines.ENGINE_ACTIVE: _active,
    engines.AGREEMENT: _agreement,
    engines.PAIR_AGREEMENT: _pair_agreement,
    engines.VOTES_SCORED: _scored,
    engines.POINTS: _per_engine(lambda voter: voter.scored.right),
    engines.RANK: _ranks,
    engines.WEIGHT: _weights,
    engines.ACCURACY: _per_engine(lambda voter: voter.scored.accuracy),
    engines.ASSET_ACCURACY: _asset_accuracy,
    engines.PROFIT_SHARED: _profits,
}
"""Every concept of engines, and how it is read at a moment."""
