"""Questions that are asked about every asset at once, and answered one asset at a time."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from tradewatch.market.clock import Clock
from tradewatch.market.terminal.exchange_package import Failure
from tradewatch.market.terminal.terminal import TerminalRefused

Answer = TypeVar("Answer")

_FRESH = timedelta(seconds=30)
"""For which an answer is kept for an asset that was not asked about yet."""


@dataclass(frozen=True, slots=True)
class _Round(Generic[Answer]):
    begun: datetime
    since: Mapping[str, datetime]
    answers: dict[str, Answer | Failure]


class Rounds(Generic[Answer]):
    """The newest round of answers to each question; each answer is given once, and soon."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rounds: dict[Hashable, _Round[Answer]] = {}

    def forget(self) -> None:
        """Give no answer that was asked for before."""
        self._rounds.clear()

    def answer(
        self,
        question: Hashable,
        asset: str,
        since: Mapping[str, datetime],
        ask: Callable[[], dict[str, Answer | Failure]],
    ) -> Answer:
        """Return the answer about an asset, of the present round or a new one that ``ask`` makes.

        ``since``: of every asset, from when on answers are asked for. Raises `TerminalRefused` for a failure.
        """
        found = self._rounds.get(question)
        if found is None or not self._is_fit(found, asset, since[asset]):
            begun = self._clock.now()
            found = self._rounds[question] = _Round(begun, since, ask())
        answer = found.answers.pop(asset)
        if isinstance(answer, Failure):
            raise TerminalRefused(answer.code, answer.sentence)
        return answer

    def _is_fit(self, found: _Round[Answer], asset: str, since: datetime) -> bool:
        is_fresh = self._clock.now() - found.begun <= _FRESH
        return is_fresh and asset in found.answers and found.since[asset] <= since
