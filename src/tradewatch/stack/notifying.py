"""A test alert through the real Alertmanager, and what became of it at each channel.

Alertmanager counts notifications by kind of channel; what its counters did since the alert was sent is the answer. The
journal's is its own file.
"""

import re
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import msgspec

from tradewatch.errors import ConfigurationError
from tradewatch.stack import loopback
from tradewatch.stack.channels import Channels
from tradewatch.stack.ports import Ports
from tradewatch.stack.waiting import wait_until

ALERT = "TradewatchNotifyTest"
RUNBOOK = "https://prometheus.io/docs/alerting/latest/alertmanager/"

KINDS = ("slack", "email", "pagerduty", "webhook")
_LASTS = timedelta(minutes=2)
"""Until the test alert ends by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Where the stack answers, and how long to wait."""

    ports: Ports
    journal: Path
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of the alert at a channel."""

    channel: str
    words: str
    is_delivered: bool = False
    is_configured: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Alertmanager's counters of one kind of channel: all its requests, and those that were not taken."""

    delivered: float
    refused: float


def run(test: Trial, asked: Channels) -> Sequence[Outcome]:
    """Send the alert, wait, and return an outcome for the journal and each kind of channel.

    Raises ConfigurationError when Alertmanager does not answer.
    """
    before = _counts(test.ports)
    configured = _configured(test.ports)
    number = uuid4().hex[:8]
    _send(test.ports, number)

    def outcomes() -> Sequence[Outcome]:
        in_journal = number in (test.journal.read_text() if test.journal.exists() else "")
        after = _counts(test.ports)
        return [
            _of_journal(test, is_there=in_journal),
            *(_of_kind(kind, before, after, configured, asked) for kind in KINDS),
        ]

    wait_until(lambda: all(each.is_delivered or not each.is_configured for each in outcomes()), seconds=test.seconds)
    return outcomes()


def _of_journal(test: Trial, *, is_there: bool) -> Outcome:
    words = f"delivered, see {test.journal}" if is_there else f"not delivered within {test.seconds:g} s"
    return Outcome(channel="journal", words=words, is_delivered=is_there)


def _of_kind(
    kind: str, before: Mapping[str, Counts], after: Mapping[str, Counts], configured: Sequence[str], asked: Channels
) -> Outcome:
    if kind not in configured:
        is_asked = any(f"alerts.{kind}" in problem for problem in asked.problems)
        return Outcome(channel=kind, words="set wrongly" if is_asked else "not set", is_configured=False)
    none = Counts(delivered=0, refused=0)
    return outcome_of(kind, before.get(kind, none), after.get(kind, none))


def outcome_of(kind: str, was: Counts, now: Counts) -> Outcome:
    """Return what became of the alert at a kind of channel, by what its counters did meanwhile."""
    sent, refused = now.delivered - was.delivered, now.refused - was.refused
    if sent - refused >= _NEEDED.get(kind, 1):
        return Outcome(channel=kind, words="delivered", is_delivered=True)
    if refused:
        return Outcome(channel=kind, words="refused or out of reach: logs/alertmanager.log says why")
    return Outcome(channel=kind, words="not delivered yet: Alertmanager still tries")


_NEEDED = {"webhook": 2}
"""Requests that must have been taken; the journal is a webhook, too, and takes the alert once itself."""


def _configured(ports: Ports) -> Sequence[str]:
    """Return the kinds of channel that the running configuration has something for."""
    body = loopback.fetch(f"{ports.address('alertmanager')}/api/v2/status")
    if body is None:
        message = f"Alertmanager does not answer at {ports.address('alertmanager')}: `tradewatch status` says how it is"
        raise ConfigurationError(message)
    text = msgspec.json.decode(body)["config"]["original"]
    return list(filled(text))


def filled(configuration: str) -> Iterator[str]:
    """Yield the kinds of channel that a configuration, as Alertmanager tells it, has something for."""
    for name in KINDS:
        receiver = re.search(rf"^- name: {name}\n((?:  .*\n?)*)", configuration, re.MULTILINE)
        if receiver is not None and f"{name}_configs:" in receiver[1]:
            yield name


_COUNTER = re.compile(
    r'^alertmanager_notification_requests_(?P<failed>failed_)?total\{integration="(?P<kind>\w+)"\} (?P<count>\S+)$',
    re.MULTILINE,
)


def _counts(ports: Ports) -> Mapping[str, Counts]:
    body = loopback.fetch(f"{ports.address('alertmanager')}/metrics") or b""
    found: dict[str, dict[bool, float]] = {}
    for match in _COUNTER.finditer(body.decode()):
        found.setdefault(match["kind"], {})[match["failed"] is not None] = float(match["count"])
    return {
        kind: Counts(delivered=counts.get(False, 0.0), refused=counts.get(True, 0.0)) for kind, counts in found.items()
    }


def _send(ports: Ports, number: str) -> None:
    now = datetime.now(UTC)
    alert = {
        "labels": {"alertname": ALERT, "severity": "info", "system": "tradewatch", "family": "test", "test": number},
        "annotations": {
            "summary": f"this is a test, number {number}, value 42: alerts arrive here",
            "description": "Somebody called `tradewatch notify test`. Nothing is wrong.",
            "runbook_url": RUNBOOK,
        },
        "startsAt": now.isoformat(),
        "endsAt": (now + _LASTS).isoformat(),
    }
    request = urllib.request.Request(  # noqa: S310  an address of ours
        f"{ports.address('alertmanager')}/api/v2/alerts",
        data=msgspec.json.encode([alert]),
        headers={"Content-Type": "application/json"},
    )
    loopback.send(request)
