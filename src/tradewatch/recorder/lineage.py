"""The run of this process, and the run of each child that is forked from it."""

import dataclasses
import uuid

import msgspec

from tradewatch.recorder import process
from tradewatch.recorder.committer import forbid
from tradewatch.recorder.moments import Moment
from tradewatch.recorder.run import Run
from tradewatch.recorder.terms import Terms


class Lineage:
    """``run`` is the one of the process that asks: the parent's goes on after a fork, a child has one of its own."""

    def __init__(self, terms: Terms, moment: Moment) -> None:
        self.run = Run(terms, moment)
        self._terms = terms
        self._moment = moment
        self._of_the_parent: list[Run] = []
        process.watch(self)

    def end(self) -> None:
        """End the run, and have no others."""
        process.forget(self)
        self.run.end()

    def pause(self, timeout: float) -> bool:
        """Let go of the ledger; return whether that was possible in time."""
        return self.run.pause(timeout)

    def resume(self) -> None:
        """Go on, in the parent."""
        self.run.resume()

    def begin_anew(self, *, paused: bool) -> None:
        """Have a run of its own, in the child; the ledger is lost to it when it was open at the fork."""
        self.run.abandon()
        if not paused:
            forbid(self._terms.path)
            self._of_the_parent.append(self.run)  # kept, because closing its connection would use it
        started = msgspec.structs.replace(self._terms.started, run_id=uuid.uuid4().hex)
        self.run = Run(dataclasses.replace(self._terms, started=started), self._moment)
