"""What a gateway tells: facts with the time of the clock and ids that follow from it."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, ParamSpec, Protocol, TypeVar, runtime_checkable

from tradewatch.facts import CallTimed, Entry, Fact, stamp
from tradewatch.market.clock import Clock
from tradewatch.market.terminal.terminal import TerminalRefused

About = ParamSpec("About")
Answer = TypeVar("Answer")

_DIGITS = 6
"""Of seconds: what a difference of two readings has beyond them is rounding."""

LOST = "lost"
"""The short code of a call during which the connection broke."""


class Timing(NamedTuple):
    """A call that took ``seconds``; ``error``: the short code with which it failed."""

    endpoint: str
    seconds: float
    error: str | None


@runtime_checkable
class TimesItself(Protocol):
    """A terminal that times what it really asks, where one answer comes of many requests, or many of one."""

    def take_timings(self) -> Sequence[Timing]:
        """Return the calls since the last time, in order."""


class Telling:
    """Collects facts as entries; the id is the prefix, the time, and the number of the fact at that time."""

    def __init__(self, clock: Clock, prefix: str) -> None:
        self._clock = clock
        self._prefix = prefix
        self._last = ("", 0)
        self._entries: list[Entry] = []

    def tell(self, fact: Fact) -> None:
        """Note a fact that happened now."""
        now = self._clock.now()
        moment = stamp(now)
        self._last = (moment, self._last[1] + 1 if self._last[0] == moment else 1)
        self._entries.append(Entry(now, f"{self._prefix}/{moment}/{self._last[1]}", fact))

    def take(self) -> list[Entry]:
        """Return what was told since the last call."""
        entries, self._entries = self._entries, []
        return entries

    def state(self) -> list[Any]:
        """Return what `restore` needs to go on with new ids; entries that were not taken are lost. Any: JSON."""
        return list(self._last)

    def restore(self, state: list[Any]) -> None:
        """Go on from there. Any: JSON."""
        self._last = (str(state[0]), int(state[1]))


class TimedCalls:
    """Makes calls and tells how long they took, if there is a stopwatch: seconds that only go up."""

    def __init__(self, telling: Telling, api: str, stopwatch: Callable[[], float] | None) -> None:
        self._telling = telling
        self._api = api
        self._stopwatch = stopwatch
        self._taken: dict[tuple[str, str | None], list[float]] = {}

    def make(self, endpoint: str, call: Callable[About, Answer], *about: About.args, **more: About.kwargs) -> Answer:
        """Return the answer of a call, or raise what it raises."""
        if self._stopwatch is None:
            return call(*about, **more)
        begin = self._stopwatch()
        error: str | None = LOST
        try:
            answer = call(*about, **more)
            error = None
        except TerminalRefused as refused:
            error = refused.code
            raise
        finally:
            self.took(endpoint, max(0.0, self._stopwatch() - begin), error)
        return answer

    def took(self, endpoint: str, seconds: float, error: str | None = None) -> None:
        """Note what a call took, and the short code of what it ended with."""
        self._taken.setdefault((endpoint, error), []).append(round(seconds, _DIGITS))

    def tell(self) -> None:
        """Tell of all calls since the last time, those to one endpoint that ended alike in one fact."""
        for (endpoint, error), (first, *others) in self._taken.items():
            self._telling.tell(
                CallTimed(api=self._api, endpoint=endpoint, seconds=first, error=error, others=tuple(others))
            )
        self._taken.clear()
