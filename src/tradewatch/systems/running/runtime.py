"""A system running: cycle after cycle, into the ledger, until its feed is over or somebody says stop."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from tradewatch.errors import SourceError
from tradewatch.facts import (
    Calendar,
    Entry,
    ErrorOccurred,
    Fact,
    FactsRefused,
    Mode,
    RunEnded,
    RunStarted,
    Severity,
    stamp,
)
from tradewatch.ledger import Appended, SqliteAppender
from tradewatch.market.clock import Clock, next_boundary
from tradewatch.systems.releases import RELEASES, released_at
from tradewatch.systems.running.cycle import Cycle
from tradewatch.systems.running.stateful import Stateful

_log = logging.getLogger(__name__)

_BETWEEN_COMMITS = 5.0
"""Seconds of real time after which a run that goes faster than the clock commits, within a day too.

A commit writes all that the run goes on from, which takes as long as many cycles."""

_DELAY = timedelta(seconds=3)
"""After the end of a bar, until a real terminal is sure to have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTerms:
    """What a run is. ``system``: the name under which its facts are recorded. ``assets``: the only ones it trades.

    ``parameters``: what must be the same when it goes on, by the name of the flag. ``limits``: what its risk manager
    allows, and ``engines``: who votes, as `RunStarted` tells them.
    """

    system: str
    mode: Mode
    label: str
    assets: Sequence[str]
    starting_equity: float
    currency: str
    parameters: Mapping[str, str]
    version: str = ""
    limits: Mapping[str, float] = field(default_factory=dict)
    engines: Sequence[str] = ()


class Runtime:
    """Runs the system. Facts and the state to go on from are committed together, so a killed run continues exactly.

    ``parts``: what has a state, by name. ``is_over``: whether the feed has ended. ``on_commit``: called with the time
    reached, after each commit. Only `run` may raise: `ConfigurationError` for a ledger of another run, `SourceError`
    when the ledger was replaced.
    """

    def __init__(  # noqa: PLR0913 - what it is made of
        self,
        appender: SqliteAppender,
        cycle: Cycle,
        clock: Clock,
        terms: RunTerms,
        parts: Mapping[str, Stateful],
        *,
        is_over: Callable[[], bool],
        is_real: bool = False,
        on_commit: Callable[[datetime], None] = lambda _: None,
    ) -> None:
        self._appender = appender
        self._cycle = cycle
        self._clock = clock
        self._terms = terms
        self._parts = parts
        self._is_over = is_over
        self._delay = _DELAY if is_real else timedelta(0)
        self._on_commit = on_commit
        self._pending: list[Entry] = []
        self._written: dict[str, bytes] = {}
        self._committed_at = time.monotonic()
        self._run_number = 1
        self._has_ended = True
        self._begun = clock.now()
        self._failure: str | None = None
        self._told_failure: str | None = None
        self._reached: datetime | None = None  # by an earlier run
        self._released = ""  # the id of the newest release that was heard

    def run(self) -> None:
        """Run until the feed is over or the clock is stopped; go on where the ledger's last run was."""
        if (self._is_over() and self._has_ended) or not self._catch_up():
            return
        self._begin()
        while not self._is_over():
            if not self._wait():
                self._end("stopped")
                return
            self._step()
        self._end("the feed is over")

    def _catch_up(self) -> bool:
        """Wait for where an earlier run was, which is ahead of a clock that was set back since; False if stopped."""
        now, reached = self._clock.now(), self._reached
        if reached is None:
            return True
        if reached > now:
            words = "the clock shows %s UTC, before the end of what this run has done: it goes on at %s"
            _log.warning(words, f"{now:%Y-%m-%d %H:%M:%S}", f"{reached:%H:%M:%S}")
        return self._clock.wait_until(reached)

    def _begin(self) -> None:
        if self._has_ended:
            self._has_ended = False
            self._begun = self._clock.now() if self._run_number == 1 else self._begun
            self._tell(self._started())
        self._pending += self._cycle.begin()
        self._hear()

    def _started(self) -> RunStarted:
        return RunStarted(
            run_id=self._run_id,
            mode=self._terms.mode,
            starting_equity=self._terms.starting_equity,
            currency=self._terms.currency,
            calendar=Calendar.EVERY_DAY,
            assets=tuple(self._terms.assets),
            version=self._terms.version,
            label=self._terms.label,
            limits=self._terms.limits,
            engines=tuple(self._terms.engines),
        )

    @property
    def _run_id(self) -> str:
        return f"{self._terms.system}/{self._begun.isoformat()}/{self._run_number}"

    def _wait(self) -> bool:
        """Wait for the end of the next bar, or for the moment to try a lost connection again.

        Nothing waits uncommitted meanwhile, so that who looks at the ledger sees it as it is.
        """
        boundary = next_boundary(self._clock.now(), self._cycle.timeframe.length) + self._delay
        retry = self._cycle.next_try
        moment = boundary if retry is None else min(boundary, retry)
        if self._pending and not self._clock.is_due(moment):
            self._commit(self._clock.now())
        return self._clock.wait_until(moment)

    def _step(self) -> None:
        before = self._clock.now().date() if not self._pending else self._pending[-1].time.date()
        self._pending += self._cycle.run(halted=self._failure is not None)
        now = self._clock.now()
        if now.date() != before or time.monotonic() - self._committed_at >= _BETWEEN_COMMITS:
            self._commit(now)

    def _end(self, reason: str) -> None:
        now = self._clock.now()
        self._has_ended = True
        self._tell(RunEnded(run_id=self._run_id, reason=reason))
        self._run_number += 1
        self._commit(now)
        if self._failure is not None:
            raise SourceError(self._failure)

    def _tell(self, fact: Fact) -> None:
        now = self._clock.now()
        self._pending.append(Entry(now, fact.identity or f"run/{stamp(now)}", fact))

    def _commit(self, now: datetime) -> None:
        """Commit what is pending with the state that it led to; what cannot be written waits for the next time."""
        if not self._appender.is_current:
            message = "the ledger was deleted or replaced while the run wrote it: put it back, or start anew"
            raise SourceError(message)
        self._tell_failure(now)
        changed = {name: body for name, body in self._bodies() if self._written.get(name) != body}
        try:
            appended = self._appender.append(self._pending, self._terms.system, changed)
        except SourceError as error:
            self._fail(str(error))
            return
        self._failure = None
        self._pending = []
        self._pending += self._refused(now, appended)
        self._hear()
        self._written.update(changed)
        self._committed_at = time.monotonic()
        self._on_commit(now)

    def _hear(self) -> None:
        """Take in that somebody ended the halt of the drawdown limit."""
        newest = self._appender.newest_id(self._terms.system, *RELEASES)
        if newest is not None and newest > self._released:
            self._released = newest
            self._cycle.release(released_at(newest))

    def _fail(self, message: str) -> None:
        if self._failure != message:
            _log.warning("%s; what happened is kept and no trade is opened until it can be written", message)
        self._failure = message

    def _tell_failure(self, now: datetime) -> None:
        """Tell, with all that waited for it, that the ledger could not be written."""
        if self._failure is not None and self._failure != self._told_failure:
            told = ErrorOccurred(component="ledger", type="unavailable", severity=Severity.HIGH, message=self._failure)
            self._pending.append(Entry(now, f"error/ledger/{stamp(now)}", told))
        self._told_failure = self._failure

    def _refused(self, now: datetime, appended: Appended) -> Iterator[Entry]:
        """Yield what a ledger did not take, which would else be lost without a word."""
        counts = Counter((each.kind, each.reason) for each in appended.refused)
        examples = {(each.kind, each.reason): each.detail for each in appended.refused}
        for (kind, reason), count in counts.items():
            _log.warning("%d facts %s were refused as %s: %s", count, kind, reason, examples[kind, reason])
            fact = FactsRefused(fact_kind=kind, reason=reason, count=count, example=examples[kind, reason])
            yield Entry(now, f"refused/{kind}/{reason}/{stamp(now)}", fact)
        for fact_id in appended.conflicting:
            _log.warning("a fact with the id %s was told before with another content, which stands", fact_id)

    def _bodies(self) -> Iterator[tuple[str, bytes]]:
        run = {
            "parameters": dict(self._terms.parameters),
            "number": self._run_number,
            "has_ended": self._has_ended,
            "begun": self._begun.isoformat(),
            "released": self._released,
            "reached": self._clock.now().isoformat(),
        }
        yield "run", msgspec.msgpack.encode(run)
        for name, part in self._parts.items():
            yield name, msgspec.msgpack.encode(part.state())

    def restore(self, kept: Mapping[str, bytes]) -> None:
        """Go on from what a ledger kept; nothing for a new run."""
        if not kept:
            return
        run = msgspec.msgpack.decode(kept["run"])
        self._run_number, self._has_ended, self._released = run["number"], run["has_ended"], run["released"]
        self._begun = datetime.fromisoformat(run["begun"])
        self._reached = datetime.fromisoformat(run["reached"])
        for name, part in self._parts.items():
            if name in kept:
                part.restore(msgspec.msgpack.decode(kept[name]))
        self._written = dict(kept)
