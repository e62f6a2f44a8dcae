"""What happened to the running program itself, and to the recording of facts."""

from collections.abc import Mapping

from tradewatch.facts.bounds import Count, Factor, Magnitude, Name, Seconds, Text
from tradewatch.facts.fact import Fact
from tradewatch.facts.vocabulary import Calendar, Mode, Severity


class RunStarted(Fact, frozen=True, kw_only=True):
    """A run began. What is true of the account (starting equity, currency, calendar) the first one to say it settles.

    ``assets``: the only ones that this run trades; facts about others are refused. None: any.
    ``limits``: what its guardian or risk manager allows, by name: shares (0 to 1) or counts. ``engines``: those that
    are asked for their votes, whether they ever vote or not.
    """

    run_id: Name
    mode: Mode
    starting_equity: Factor | None = None
    currency: Name | None = None
    calendar: Calendar | None = None
    assets: tuple[Name, ...] | None = None
    version: Text = ""
    label: Text = ""
    limits: Mapping[Name, Magnitude] = {}
    engines: tuple[Name, ...] = ()

    @property
    def identity(self) -> str:
        """A run starts once."""
        return f"{self.run_id}/started"


class RunEnded(Fact, frozen=True, kw_only=True):
    """A run ended in order."""

    run_id: Name
    reason: Text = ""

    @property
    def identity(self) -> str:
        """A run ends once."""
        return f"{self.run_id}/ended"


class Heartbeat(Fact, frozen=True, kw_only=True):
    """The system is alive and promises the next sign within ``interval`` seconds."""

    interval: Factor
    cycle_seconds: Seconds | None = None


class ConnectionChanged(Fact, frozen=True, kw_only=True):
    """A connection (``mt5``, an exchange, a feed) came up or went down; ``attempt`` counts tries to reconnect."""

    connection: Name
    connected: bool
    attempt: Count = 0
    detail: Text = ""


class CallTimed(Fact, frozen=True, kw_only=True):
    """A call to an outside service took ``seconds``; ``error`` is its short code when it failed.

    ``others``: what further calls to the same endpoint took that ended alike and are told together with it.
    """

    api: Name
    endpoint: Name
    seconds: Seconds
    error: Name | None = None
    others: tuple[Seconds, ...] = ()

    @property
    def all_seconds(self) -> tuple[float, ...]:
        """What each of the calls took."""
        return (self.seconds, *self.others)


class ErrorOccurred(Fact, frozen=True, kw_only=True):
    """Something failed in ``component``; ``type`` is a short code, ``message`` for people."""

    component: Name
    type: Name
    severity: Severity = Severity.MEDIUM
    message: Text = ""


class FactsDropped(Fact, frozen=True, kw_only=True):
    """``count`` facts of ``fact_kind`` were lost before they reached the ledger."""

    fact_kind: Name
    reason: Name
    count: Count


class FactsRefused(Fact, frozen=True, kw_only=True):
    """``count`` facts of ``fact_kind`` were told but are not valid, so they were not written."""

    fact_kind: Name
    reason: Name
    count: Count
    example: Text = ""
