"""The monitoring watches itself: what is not scraped, not read, not believed or not delivered."""

from tradewatch.catalog.query import (
    Query,
    absolute,
    constant,
    highest_over,
    increase,
    lowest_over,
    new_in,
    total,
)
from tradewatch.catalog.rule import Alert, RuleFile, Runbook, Urgency
from tradewatch.catalog.scope import scope_of
from tradewatch.exporter.views import runbooks
from tradewatch.exporter.views.fleet import METRICS

TARGET = ("job", "instance")
LEFT_OUT = "left_out"
"""What `up` marks the target of a system with that it does not start: it was no such target when it answered."""
SLOW_SCRAPE_SECONDS = 5
"""Half of the time after which a scrape is given up."""
A_CENT = 0.005
"""What must add up may differ by less than half a cent."""
SEEN = "7d"
"""A target that has not answered for so long was taken away on purpose."""

_NO_FACT = "there was none of the kind yet"

_ask = scope_of("", METRICS)
_was_up = highest_over(_ask("up"), SEEN).equals(1)


def _counted(name: str, query: Query, summary: str, runbook: Runbook, window: str = "15m") -> Alert:
    return Alert(
        name=name,
        query=new_in(query, window, beside=_ask("tradewatch_refolds_total"), by=TARGET) > 0,
        hold="",
        keep="15m",
        urgency=Urgency.WARNING,
        family="tradewatch-facts",
        summary=summary,
        runbook=runbook,
        absent=_NO_FACT,
    )


_TARGETS = (
    Alert(
        name="TargetDown",
        query=_ask("up").equals(0).where(_was_up, on=(*TARGET, LEFT_OUT)),
        hold="1m",
        urgency=Urgency.CRITICAL,
        family="tradewatch-target",
        summary="{{ $labels.job }} at {{ $labels.instance }} does not answer: nothing of it is watched",
        runbook=runbooks.TARGET,
    ),
    Alert(
        name="TargetGone",
        query=total(_was_up, by=("job",)).unless(total(_ask("up"), by=("job",)) >= 0, on=("job",)),
        hold="10m",
        urgency=Urgency.CRITICAL,
        family="tradewatch-target",
        summary="{{ $labels.job }} was scraped within the last week, and is no longer",
        runbook=runbooks.GONE,
    ),
    Alert(
        name="ScrapeSlow",
        query=_ask("scrape_duration_seconds") > SLOW_SCRAPE_SECONDS,
        hold="5m",
        urgency=Urgency.WARNING,
        family="tradewatch-target",
        summary="a scrape of {{ $labels.job }} takes {{ $value | humanizeDuration }}; after 10 s it is given up",
        runbook=runbooks.SLOW,
    ),
)

_SOURCES = (
    Alert(
        name="ExporterNotReady",
        query=_ask("tradewatch_ready").equals(0),
        hold="10m",
        urgency=Urgency.WARNING,
        family="tradewatch-source",
        summary="{{ $labels.job }} has not read its ledger's past in 10 minutes",
        runbook=runbooks.NOT_READY,
    ),
    Alert(
        name="SourceDown",
        query=_ask("tradewatch_source_up").equals(0),
        hold="2m",
        urgency=Urgency.CRITICAL,
        family="tradewatch-source",
        summary="{{ $labels.job }} cannot read {{ $labels.source }}",
        runbook=runbooks.SOURCE,
    ),
    _counted(
        "FactsRefused",
        _ask("tradewatch_facts_rejected_total"),
        '{{ $value | printf "%.0f" }} facts of {{ $labels.job }} were not valid and do not count',
        runbooks.REFUSED,
    ),
    _counted(
        "FactsLost",
        _ask("tradewatch_facts_dropped_total"),
        '{{ $value | printf "%.0f" }} facts of {{ $labels.job }} were lost before they reached the ledger',
        runbooks.LOST,
    ),
    _counted(
        "SeriesDropped",
        _ask("tradewatch_series_dropped_total"),
        '{{ $labels.job }} has too many label values: {{ $value | printf "%.0f" }} closings count under `other`',
        runbooks.DROPPED,
    ),
    Alert(
        name="ReconciliationFails",
        query=absolute(_ask("tradewatch_reconciliation_error")) > A_CENT,
        hold="2m",
        urgency=Urgency.CRITICAL,
        family="tradewatch-trust",
        summary='{{ $labels.check }} of {{ $labels.job }} differs by {{ $value | printf "%.2f" }}: do not trust it',
        runbook=runbooks.RECONCILIATION,
    ),
)

_PIPELINE = (
    Alert(
        name="RuleEvaluationFails",
        query=total(increase(_ask("prometheus_rule_evaluation_failures_total"), "5m"), by=("instance",)) > 0,
        hold="",
        keep="15m",
        urgency=Urgency.CRITICAL,
        family="tradewatch-pipeline",
        summary='{{ $value | printf "%.0f" }} rules could not be evaluated: alerts may be missing',
        runbook=runbooks.RULES,
        absent="Prometheus does not scrape itself",
    ),
    Alert(
        name="ConfigurationRefused",
        query=lowest_over(_ask("prometheus_config_last_reload_successful"), "5m").equals(0),
        hold="",
        urgency=Urgency.WARNING,
        family="tradewatch-pipeline",
        summary="Prometheus goes on with its old configuration: the edited one was refused",
        runbook=runbooks.CONFIGURATION,
        absent="Prometheus does not scrape itself",
    ),
    Alert(
        name="NotificationsLost",
        query=total(increase(_ask("prometheus_notifications_errors_total"), "5m"), by=("instance", "alertmanager")) > 0,
        hold="5m",
        urgency=Urgency.CRITICAL,
        family="tradewatch-pipeline",
        summary="alerts do not reach {{ $labels.alertmanager }}",
        runbook=runbooks.NOTIFICATIONS,
        absent="no Alertmanager is configured",
    ),
    Alert(
        name="Watchdog",
        query=constant(1),
        hold="",
        urgency=Urgency.INFO,
        family="tradewatch-watchdog",
        summary="alerting works; this alert always fires, and its absence is what matters",
        runbook=runbooks.WATCHDOG,
    ),
)

RULES = RuleFile(path="rules/tradewatch.yml", name="tradewatch", alerts=(*_TARGETS, *_SOURCES, *_PIPELINE))
