"""One process under supervision: it waits for its turn, runs, and is started again when it ends."""

import os
import signal
from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tradewatch.errors import USER_ERROR
from tradewatch.stack import loopback, processes
from tradewatch.stack.catching_up import missing
from tradewatch.stack.records import Member, State
from tradewatch.stack.service import Service

SHORTEST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
"""Seconds between an end and the next start: doubled each time, for one that ends at once."""

STEADY_SECONDS = 60.0
"""One that ran so long had begun well: its next pause is the shortest again."""

ASKED_EVERY = 0.5
"""Seconds between two questions whether it is ready."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Now: ``ticks`` in seconds of a clock that never jumps, and the ``time`` that people read."""

    ticks: float
    time: datetime


class Watched:
    """Keeps a service running. `member` says how it is; `has_been_ready` lets those that wait for it begin."""

    def __init__(self, service: Service, log: Path, say: Say) -> None:
        self.service = service
        self.member = Member(name=service.name, health=service.health, is_needed=service.is_needed)
        self.has_been_ready = False
        self._log = log
        self._say = say
        self._pause = SHORTEST_PAUSE
        self._due = 0.0
        self._began = 0.0
        self._asked = 0.0

    def step(self, now: Moment, ready: Container[str]) -> None:
        """Do what is to be done now; ``ready``: the names of those that have been ready."""
        if self.member.state in {State.DONE, State.FAILED}:
            return
        if self.member.process is None:
            self._start_in_turn(now, ready)
        elif (status := _status_of_dead(self.member.process.pid)) is not None:
            self._end(status, now)
        elif self.member.state is State.STARTING and now.ticks - self._asked >= ASKED_EVERY:
            self._asked = now.ticks
            self._ask(now)

    @property
    def has_failed(self) -> bool:
        """Whether it is a task that will not be done: what waits for it need not wait any more."""
        return self.member.state is State.FAILED

    def _start_in_turn(self, now: Moment, ready: Container[str]) -> None:
        waits_for = [name for name in self.service.after if name not in ready]
        if waits_for:
            self._change(remark=f"waits for {', '.join(waits_for)}")
        elif now.ticks >= self._due:
            self._began = now.ticks
            process = processes.start(self.service.command, self._log, anew=self.member.restarts == 0)
            self._change(process=process, state=State.STARTING, remark="")
            self._say(f"{self.service.name} started, process {process.pid}")

    def _ask(self, now: Moment) -> None:
        if self.service.reaching is not None:
            behind = missing(self.service.reaching, now.time)
            self._change(remark="" if not behind else f"simulates its past, {_in_words(behind)} to go")
            if behind != timedelta(0):
                return
        if self.service.is_task or (self.service.health is not None and not loopback.answers(self.service.health)):
            return
        self.has_been_ready = True
        self._change(state=State.READY)
        self._say(f"{self.service.name} is ready")

    def _end(self, status: int, now: Moment) -> None:
        how = _how(status)
        if self.service.is_task and status in {0, USER_ERROR}:
            self._end_task(how, now, is_done=status == 0)
            return
        if now.ticks - self._began >= STEADY_SECONDS:
            self._pause = SHORTEST_PAUSE
        self._due = now.ticks + self._pause
        self._say(f"{self.service.name} {how}, is started again in {self._pause:g} s")
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        self._change(
            process=None,
            state=State.WAITING,
            restarts=self.member.restarts + 1,
            ended=f"{how} at {now.time:%H:%M:%S} UTC",
            remark="is started again",
        )

    def _end_task(self, how: str, now: Moment, *, is_done: bool) -> None:
        """Leave a task that is done, or that says of itself what a person must change first: it would say so again."""
        if is_done:
            self.has_been_ready = True
            self._change(process=None, state=State.DONE, remark="")
            self._say(f"{self.service.name} is done")
            return
        reason = processes.last_lines(self._log, 1) or "it does not say why"
        self._change(process=None, state=State.FAILED, ended=f"{how} at {now.time:%H:%M:%S} UTC", remark=reason)
        self._say(f"{self.service.name} {how} and is not tried again: {reason}")

    def _change(self, **changes: object) -> None:
        self.member = replace(self.member, **changes)  # type: ignore[arg-type]  # fields of Member


def moment(ticks: float) -> Moment:
    """Return now, with ``ticks`` as read from the clock that never jumps."""
    return Moment(ticks=ticks, time=datetime.now(UTC))


def _status_of_dead(pid: int) -> int | None:
    """Return the exit status of a child that ended (negative: the signal that ended it), None while it runs."""
    try:
        ended, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:  # somebody else buried it
        return -signal.SIGKILL if processes.birth_of(pid) is None else None
    return os.waitstatus_to_exitcode(status) if ended else None


def _how(status: int) -> str:
    return f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"


def _in_words(behind: timedelta) -> str:
    r"""Return a time as people say it.

    >>> _in_words(timedelta(days=12, hours=7))
    '12.3 days'
    >>> _in_words(timedelta(hours=3))
    '3.0 hours'
    """
    if behind >= timedelta(days=1):
        return f"{behind / timedelta(days=1):.1f} days"
    return f"{behind / timedelta(hours=1):.1f} hours"
