"""A run: what one process tells, from its start to its end."""

import itertools
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from tradewatch.facts import (
    KIND_OF,
    BarClosed,
    CallTimed,
    EquityMarked,
    Fact,
    Objection,
    RunEnded,
    VotesCast,
    VotesScored,
)
from tradewatch.recorder import process
from tradewatch.recorder.committer import Committer, words_of
from tradewatch.recorder.log import warn
from tradewatch.recorder.losses import Losses
from tradewatch.recorder.moments import Moment
from tradewatch.recorder.queue import Queue
from tradewatch.recorder.terms import Terms
from tradewatch.recorder.writer import Writer

CLOSE_SECONDS = 5.0
"""How long the end of a run waits for a ledger that cannot be written."""

# Any: each takes the class of fact under which it stands.
COPIES: Mapping[type[Fact], Callable[[Any], Fact]] = {
    BarClosed: lambda fact: replace(fact, indicators=dict(fact.indicators)),
    CallTimed: lambda fact: replace(fact, others=tuple(fact.others)),
    EquityMarked: lambda fact: replace(fact, unrealised=dict(fact.unrealised)),
    VotesCast: lambda fact: replace(fact, votes=tuple(fact.votes)),
    VotesScored: lambda fact: replace(fact, scores=tuple(fact.scores)),
}
"""How facts with a container in them are copied when they are told: the bot may change its own afterwards."""


class Run:
    """Takes facts from any thread at any time, and knows what became of them.

    It starts with its first fact: a run that is told nothing leaves no trace.
    """

    def __init__(self, terms: Terms, moment: Moment) -> None:
        self.losses = Losses()
        self._run_id = terms.started.run_id
        self._moment = moment
        self._queue = Queue(terms.capacity, self.losses)
        self._committer = Committer(terms, self._queue, self.losses, moment)
        self._writer = Writer(self._committer)
        self._is_open = self._is_over = self._end_is_told = False
        self._ended_at: dict[str, datetime | None] = {}
        self._numbers, self._starts, self._late = (itertools.count(1) for _ in range(3))
        self._of_this_thread = threading.local()

    def tell(self, fact: Fact, moment: Moment | None = None) -> None:
        """Take a fact that happens now, or at another moment. Never raises."""
        try:
            if not self._is_open:
                self.start()
            kind, time = type(fact), (moment or self._moment)()
            if kind in COPIES:
                fact = COPIES[kind](fact)
            if time is None or kind not in KIND_OF:
                self.losses.refuse(_objection(fact))
            else:
                self._queue.put(time, fact.identity or f"{self._run_id}/{next(self._numbers)}", fact)
        except Exception as error:  # noqa: BLE001 - the bot must go on trading, whatever it told
            self.losses.refuse(Objection(_KINDS.get(type(fact), "unknown"), "wrong_type", words_of(error)))

    def refuse(self, objection: Objection) -> None:
        """Count a fact that could not be made. Never raises."""
        self.start()
        self.losses.refuse(objection)

    def start(self) -> None:
        """Begin to write, once."""
        if self._is_over and next(self._late) == 1:
            warn("facts are told after the recorder was closed: they are lost")
        if not self._is_open and next(self._starts) == 1:
            self._committer.begin()
            try:
                self._writer.start()
            except RuntimeError as error:  # no more threads, or the interpreter is on its way out
                warn("facts wait in memory: %s", error)
                self._starts = itertools.count(1)
            else:
                self._is_open = True
                process.at_end(self.end)

    def flush(self, timeout: float) -> bool:
        """Return whether everything told so far is committed in time, and nothing was dropped since the last flush."""
        committed = self._writer.wait_for(self._queue.mark(), timeout) if self._is_open else len(self._queue) == 0
        dropped = sum(self.losses.dropped.values())
        seen = getattr(self._of_this_thread, "dropped", 0)
        self._of_this_thread.dropped = dropped
        return committed and dropped == seen

    def end(self) -> None:
        """Say that the run is over, commit what waits and stop; what cannot be committed is dropped.

        It may be called again at any time, also by a signal handler that interrupts it.
        """
        process.not_at_end(self.end)
        committed = True
        if self._is_open:
            self._tell_the_end()
            committed = self._writer.stop(CLOSE_SECONDS)
        next(self._starts)
        self._is_open, self._is_over = False, True
        self._queue.close("closed" if committed else "not_written")
        self.losses.tell()

    def _tell_the_end(self) -> None:
        if not self._end_is_told:
            time = self._ended_at.setdefault("time", self._moment())
            self.tell(RunEnded(run_id=self._run_id), lambda: time)
            self._end_is_told = True

    def abandon(self) -> None:
        """Leave it to the parent process, whose run this is."""
        process.not_at_end(self.end)

    def pause(self, timeout: float) -> bool:
        """Let go of the ledger until `resume`; return whether that was possible in time."""
        return self._writer.pause(timeout) if self._is_open else True

    def resume(self) -> None:
        """Go on after `pause`."""
        self._writer.resume()


_KINDS: Mapping[Any, str] = KIND_OF  # Any: whatever the bot told may be asked for its kind


def _objection(fact: object) -> Objection:
    if type(fact) in _KINDS:
        return Objection(_KINDS[type(fact)], "time_without_zone", "its time is not a datetime with a zone")
    return Objection("unknown", "not_a_fact", f"a {type(fact).__name__} is not a fact")
