"""What Prometheus watches and keeps: alerts with their runbooks, and recorded queries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tradewatch.catalog.metric import Metric
from tradewatch.catalog.query import Query
from tradewatch.catalog.view import Dashboard


class Urgency(StrEnum):
    """How soon a person must act: now, today, or at leisure."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Runbook:
    """What a person who was just woken does about an alert.

    ``questions``: what to ask Prometheus, each with what the answer tells. ``mend``: steps, in order.
    """

    meaning: str
    impact: str
    diagnosis: tuple[str, ...]
    questions: Mapping[str, str] = field(default_factory=dict)
    mend: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A symptom that a person acts on, held for ``hold`` before it fires and ``keep`` after it has gone.

    ``family``: what a critical alert silences the warnings of. ``summary``: one sentence with the number, in
    Prometheus' template language. ``absent``: why a healthy system may lack the series; empty where it never does.
    """

    name: str
    query: Query
    hold: str
    urgency: Urgency
    summary: str
    runbook: Runbook
    family: str
    keep: str = ""
    absent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A query that is kept under a name, because several places ask it."""

    name: str
    query: Query


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """A file of rules: one group of recordings, one of alerts. ``path`` is relative to Prometheus' configuration."""

    path: str
    name: str
    alerts: tuple[Alert, ...]
    recordings: tuple[Recording, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """All that is seen of one system. ``unseen``: metrics that are on no panel on purpose, each with the reason.

    ``is_fleet``: it is about all systems, and is linked with all of them.
    """

    name: str
    metrics: tuple[Metric, ...]
    dashboards: tuple[Dashboard, ...]
    rules: tuple[RuleFile, ...]
    unseen: Mapping[str, str] = field(default_factory=dict)
    is_fleet: bool = False
