"""Whether a system is alive: its runs, heartbeats and errors."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from tradewatch.book.groups import LARGEST, OTHER
from tradewatch.catalog import distributions
from tradewatch.facts import CallTimed, ConnectionChanged, ErrorOccurred, Heartbeat, Mode, RunEnded, RunStarted
from tradewatch.stats import Histogram

BEATS_MISSED = 3
"""A system whose newest heartbeat is this many of its intervals old is not running."""


class Activity:
    """Folds the signs of life."""

    def __init__(self) -> None:
        self.mode: Mode | None = None
        self.version = ""
        """Of the newest run."""

        self.limits: Mapping[str, float] = {}
        """What the newest run allows, by limit."""

        self.assets: frozenset[str] = frozenset()
        """The only assets the newest run trades; empty: any."""

        self.errors: Counter[tuple[str, str]] = Counter()
        """By severity and component; components beyond the first `LARGEST` are `OTHER`."""

        self.failures: Counter[tuple[str, str]] = Counter()
        """Errors by type and component; those beyond the first `LARGEST` pairs are `OTHER`."""

        self.connections: dict[str, ConnectionChanged] = {}
        """The newest of each connection."""

        self.losses: Counter[str] = Counter()
        """How often each connection went down."""

        self.cycles = Histogram(distributions.BOUNDS[distributions.CYCLE_SECONDS])
        """How long cycles took, where heartbeats tell it."""

        self.calls: dict[tuple[str, str], Histogram] = {}
        """How long calls took, by api and endpoint; those beyond the first `LARGEST` are `OTHER`."""

        self.calls_failed: Counter[tuple[str, str, str]] = Counter()
        """By api, endpoint and error."""

        self._components: set[str] = set()
        self.last_heartbeat: datetime | None = None
        self._interval = timedelta(0)
        self._open_runs: set[str] = set()
        self._started = False
        self._since: datetime | None = None

    def begin(self, time: datetime, fact: RunStarted) -> None:
        """Take the start of a run."""
        self._since = time
        self.mode = fact.mode
        self.version = fact.version
        self.limits = fact.limits
        self.assets = frozenset(fact.assets or ())
        self._started = True
        self._open_runs.add(fact.run_id)

    def end(self, fact: RunEnded) -> None:
        """Take the end of a run."""
        self._open_runs.discard(fact.run_id)

    def beat(self, time: datetime, fact: Heartbeat) -> None:
        """Take a heartbeat."""
        self.last_heartbeat = time
        self._interval = timedelta(seconds=fact.interval)
        if fact.cycle_seconds is not None:
            self.cycles.update(fact.cycle_seconds)

    def fail(self, fact: ErrorOccurred) -> None:
        """Take an error."""
        key = fact.type, fact.component
        self.failures[key if key in self.failures or len(self.failures) < LARGEST else (OTHER, OTHER)] += 1
        if fact.component not in self._components and len(self._components) >= LARGEST:
            self.errors[fact.severity.value, OTHER] += 1
            return
        self._components.add(fact.component)
        self.errors[fact.severity.value, fact.component] += 1

    def connect(self, fact: ConnectionChanged) -> None:
        """Take a connection that came up or went down; of those beyond the first `LARGEST` nothing is kept."""
        known = self.connections.get(fact.connection)
        if known is None and len(self.connections) >= LARGEST:
            return
        self.connections[fact.connection] = fact
        self.losses[fact.connection] += not fact.connected and (known is None or known.connected)

    def call(self, fact: CallTimed) -> None:
        """Take calls to an outside service."""
        key = fact.api, fact.endpoint
        if key not in self.calls and len(self.calls) >= LARGEST:
            key = OTHER, OTHER
        took = self.calls.setdefault(key, Histogram(distributions.BOUNDS[distributions.CALL_SECONDS]))
        for seconds in fact.all_seconds:
            took.update(seconds)
        if fact.error is not None:
            failed = (*key, fact.error)
            is_known = failed in self.calls_failed or len(self.calls_failed) < LARGEST
            self.calls_failed[failed if is_known else (OTHER, OTHER, OTHER)] += len(fact.all_seconds)

    @property
    def feed_errors(self) -> Counter[str]:
        """Failed calls and lost connections, by api or connection."""
        errors = Counter[str]({api: 0 for api, _ in self.calls} | dict.fromkeys(self.connections, 0))
        errors.update(self.losses)
        for (api, _, _), count in self.calls_failed.items():
            errors[api] += count
        return errors

    @property
    def is_over(self) -> bool:
        """Whether every run that began has ended; then nothing more is to come."""
        return self._started and not self._open_runs

    def uptime(self, at: datetime) -> float | None:
        """Return seconds since the newest run began; None before one, once all have ended, and of what was imported."""
        is_running = self._since is not None and not self.is_over and self.mode is not Mode.IMPORTED
        return (at - self._since).total_seconds() if is_running and self._since is not None else None

    def is_silent(self, at: datetime) -> bool:
        """Whether a run is open and its heartbeats have stopped: what it said of now is not true of now any more."""
        return not self.is_over and self.is_alive(at) is False

    def is_alive(self, at: datetime) -> bool | None:
        """Whether the newest heartbeat is young enough at a moment; None for a system without heartbeats."""
        if self.last_heartbeat is None:
            return None
        return not self.is_over and at - self.last_heartbeat < BEATS_MISSED * self._interval
