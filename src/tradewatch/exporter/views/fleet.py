"""All systems on one page, and whether the monitoring itself can be trusted."""

from tradewatch.catalog import Concept, Metric, Population, concepts, servers
from tradewatch.catalog.annotations import restarts
from tradewatch.catalog.colours import RUNNING, SIGN, UP_DOWN, YES_GOOD, rising
from tradewatch.catalog.panels import bars, lines, named, names, number, timeline
from tradewatch.catalog.query import Query, increase, rate, seconds_since, select, total
from tradewatch.catalog.scope import scope_of
from tradewatch.catalog.view import Annotation, Dashboard, Row, Variable
from tradewatch.exporter.metrics import ALL
from tradewatch.systems import SYSTEMS

METRICS = (*ALL, *servers.ALL)
_JOB = Variable(name="job", title="Job", label="job", metric=servers.UP)
_ask = scope_of("", METRICS, _JOB)
_NOTHING = "nothing of the kind yet"


def _of_each_system(concept: Concept) -> Query:
    """Return what every system publishes a concept as, of the whole."""
    found = [select(metric, job="=~$job") for metric in _published(concept)]
    query = found[0]
    for other in found[1:]:
        query = query.otherwise(other)
    return query


def _published(concept: Concept) -> list[Metric]:
    return [
        metric
        for system in SYSTEMS
        for metric in system.metrics
        if metric.concept is concept and not metric.labels and metric.population is Population.REAL
    ]


_SYSTEM = "{{job}}"

_HEADLINES = Row(
    height=5,
    panels=(
        number(
            "Systems", named(_of_each_system(concepts.SYSTEM_STATUS), _SYSTEM), 8, meanings=RUNNING, empty="none runs"
        ),
        number(
            "Alerts Firing",
            total(_ask("ALERTS", alertstate="firing", alertname="!=Watchdog")),
            4,
            thresholds=rising(1, 3),
            empty="none fires",
        ),
        number("Targets", named(_ask("up"), "{{job}}"), 12, meanings=UP_DOWN, alerts=("TargetDown",)),
    ),
)

_MONEY = Row(
    height=8,
    panels=(
        lines("P&L of Every System", 12, named(_of_each_system(concepts.NET_PROFIT), _SYSTEM), note="Closed trades."),
        lines(
            "Drawdown of Every System",
            12,
            named(_of_each_system(concepts.CURRENT_DRAWDOWN), _SYSTEM),
            minimum=0,
            empty="no system knows its starting equity",
        ),
    ),
)

_TODAY = Row(
    title="Today",
    height=5,
    panels=(
        number("P&L of Every System, Now", named(_of_each_system(concepts.NET_PROFIT), _SYSTEM), 8, thresholds=SIGN),
        number("Closed Trades", named(_of_each_system(concepts.CLOSED_TRADES), _SYSTEM), 8),
        bars(
            "Alerts by Name",
            8,
            named(total(_ask("ALERTS", alertname="!=Watchdog"), by=("alertname",)), "{{alertname}}"),
            empty="none fires, none is pending",
        ),
    ),
)

_TARGETS = Row(
    title="Targets",
    height=8,
    panels=(
        timeline("Which Targets Answered", 12, named(_ask("up"), "{{job}}"), meanings=UP_DOWN),
        lines(
            "Scrape Time",
            12,
            named(_ask("scrape_duration_seconds"), "{{job}}"),
            minimum=0,
            alerts=("ScrapeSlow",),
        ),
        lines("Samples of a Scrape", 8, named(_ask("scrape_samples_scraped"), "{{job}}"), minimum=0),
        lines(
            "Time an Exporter Took to Read and Fold",
            8,
            named(_ask("tradewatch_scrape_duration_seconds"), "{{job}}"),
            minimum=0,
        ),
        lines("Series in Prometheus", 8, named(_ask("prometheus_tsdb_head_series"), "series"), minimum=0),
    ),
)

_SOURCES = Row(
    title="Sources",
    height=7,
    panels=(
        number("Ready", named(_ask("tradewatch_ready"), "{{job}}"), 6, meanings=YES_GOOD, alerts=("ExporterNotReady",)),
        number(
            "Ledgers Readable",
            named(_ask("tradewatch_source_up"), "{{job}}"),
            6,
            meanings=UP_DOWN,
            alerts=("SourceDown",),
        ),
        number(
            "Newest Fact",
            named(seconds_since(_ask("tradewatch_source_last_fact_timestamp_seconds")), "{{job}}"),
            6,
            note="How long ago it happened.",
            empty="no ledger has a fact yet",
        ),
        names("Version", named(_ask("tradewatch_build_info"), "{{version}}"), 6, note="Of each exporter."),
        lines(
            "Facts a Second", 8, named(total(rate(_ask("tradewatch_facts_total")), by=("job",)), "{{job}}"), minimum=0
        ),
        bars(
            "Facts by Kind in the Last Hour",
            8,
            named(total(increase(_ask("tradewatch_facts_total"), "1h"), by=("kind",)), "{{kind}}"),
        ),
        bars(
            "Facts Refused",
            8,
            named(total(_ask("tradewatch_facts_rejected_total"), by=("reason",)), "{{reason}}"),
            empty="none was refused",
            alerts=("FactsRefused",),
        ),
    ),
)

_TRUST = Row(
    title="Whether the numbers agree",
    height=7,
    panels=(
        bars(
            "Reconciliation Error",
            8,
            named(total(_ask("tradewatch_reconciliation_error"), by=("job", "check")), "{{job}}: {{check}}"),
            note="Every one of them should be 0.",
            alerts=("ReconciliationFails",),
        ),
        bars(
            "Facts Lost",
            4,
            named(total(_ask("tradewatch_facts_dropped_total"), by=("reason",)), "{{reason}}"),
            empty="none was lost",
            alerts=("FactsLost",),
        ),
        number("Late Facts", named(_ask("tradewatch_facts_late_total"), "{{job}}"), 4),
        number("Folds Again", named(_ask("tradewatch_refolds_total"), "{{job}}"), 4),
        bars(
            "Series Dropped",
            4,
            named(total(_ask("tradewatch_series_dropped_total"), by=("metric",)) > 0, "{{metric}}"),
            empty="none was dropped",
            alerts=("SeriesDropped",),
        ),
    ),
)

_MACHINE = Row(
    title="Processes",
    height=7,
    panels=(
        lines(
            "Processor", 6, named(rate(_ask("process_cpu_seconds_total")), "{{job}}"), minimum=0, note="1 is one core."
        ),
        lines("Memory", 6, named(_ask("process_resident_memory_bytes"), "{{job}}"), minimum=0),
        lines("Open Files", 4, named(_ask("process_open_fds"), "{{job}}"), minimum=0),
        lines("Threads", 4, named(_ask("process_threads"), "{{job}}"), minimum=0),
        number("Running for", named(seconds_since(_ask("process_start_time_seconds")), "{{job}}"), 4),
    ),
)

_PIPELINE = Row(
    title="Alerting",
    height=5,
    panels=(
        number(
            "Configuration Taken Up",
            _ask("prometheus_config_last_reload_successful"),
            6,
            meanings=YES_GOOD,
            alerts=("ConfigurationRefused",),
        ),
        number(
            "Rules that Failed in an Hour",
            total(increase(_ask("prometheus_rule_evaluation_failures_total"), "1h")),
            6,
            thresholds=rising(1, 1),
            decimals=0,
            alerts=("RuleEvaluationFails",),
        ),
        number(
            "Notifications Sent in a Day",
            total(increase(_ask("prometheus_notifications_sent_total"), "1d")),
            6,
            decimals=0,
            empty=_NOTHING,
        ),
        number(
            "Notifications Lost in an Hour",
            total(increase(_ask("prometheus_notifications_errors_total"), "1h")),
            6,
            thresholds=rising(1, 1),
            decimals=0,
            empty=_NOTHING,
            alerts=("NotificationsLost",),
        ),
    ),
)

FLEET = Dashboard(
    uid="tradewatch-fleet",
    title="Tradewatch Fleet",
    description="Every system at a glance, and whether what is shown can be trusted.",
    variables=(_JOB,),
    annotations=(
        restarts(seconds_since(_ask("process_start_time_seconds")), "{{job}} was started"),
        Annotation(
            name="Alerts",
            query=_ask("ALERTS", alertstate="firing", alertname="!=Watchdog") > 0,
            colour="#F2495C",
            text="{{alertname}}",
        ),
    ),
    rows=(_HEADLINES, _MONEY, _TODAY, _TARGETS, _SOURCES, _TRUST, _MACHINE, _PIPELINE),
    tags=("fleet",),
)
