"""The one place that asks engines, and keeps a failing one from the others."""

from collections.abc import Mapping
from typing import NamedTuple

from tradewatch.facts import ErrorOccurred, Stance
from tradewatch.facts.bounds import LONGEST_TEXT
from tradewatch.systems.hydra.engines.engine import Engine, Vote
from tradewatch.systems.hydra.engines.words import sound, words_of
from tradewatch.systems.hydra.market_view import MarketView


class Ballot(NamedTuple):
    """The votes that were cast, by engine in the engines' order, and a fact for each engine that failed instead."""

    votes: dict[str, Vote]
    errors: tuple[ErrorOccurred, ...]


def ballot(engines: Mapping[str, Engine], market: MarketView) -> Ballot:
    """Ask every engine. One that raises (even to exit), or returns what is no vote, has not voted; the others have."""
    votes: dict[str, Vote] = {}
    errors: list[ErrorOccurred] = []
    for name, engine in engines.items():
        try:
            votes[name] = _checked(engine.vote(market))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - what others wrote can raise anything, and must not stop the rest
            text = sound(f"engine {name} did not vote on {market.asset}: {words_of(error)}")
            errors.append(ErrorOccurred(component=f"engine/{name}", type="vote_failed", message=text))
    return Ballot(votes, tuple(errors))


def _checked(vote: Vote) -> Vote:
    """Return a vote as facts carry it; raises TypeError or ValueError for what is none."""
    direction, confidence, reason = vote
    if not 0 <= confidence <= 1:  # not a number is not, either
        message = f"a confidence of {confidence} is none: return 0 to 1"
        raise ValueError(message)
    is_plain = type(vote) is Vote and type(direction) is Stance and type(confidence) is float and type(reason) is str
    if is_plain and reason.isascii() and len(reason) <= LONGEST_TEXT:
        return vote
    return Vote(Stance(direction), float(confidence), sound(str(reason)))
