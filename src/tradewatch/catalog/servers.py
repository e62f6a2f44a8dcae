"""What Prometheus says of itself and of its targets; nothing of it is ours, and no history has any of it."""

from tradewatch.catalog.concept import Concept, Unit
from tradewatch.catalog.metric import Kind, Metric


def _of_server(name: str, kind: Kind, unit: Unit, words: str, labels: tuple[str, ...] = ()) -> Metric:
    concept = Concept(name=name.replace("_", " "), definition=words, only_scraped=True)
    return Metric(name=name, concept=concept, kind=kind, unit=unit, help=words, labels=labels)


UP = _of_server("up", Kind.GAUGE, Unit.STATE, "1 while the newest scrape of a target succeeded, else 0")
SCRAPE_SECONDS = _of_server("scrape_duration_seconds", Kind.GAUGE, Unit.SECONDS, "Time the newest scrape took")
SCRAPED_SAMPLES = _of_server("scrape_samples_scraped", Kind.GAUGE, Unit.COUNT, "Samples of the newest scrape")
ALERTS = _of_server(
    "ALERTS", Kind.GAUGE, Unit.STATE, "1 for each alert", ("alertname", "alertstate", "severity", "system", "family")
)
RULE_FAILURES = _of_server(
    "prometheus_rule_evaluation_failures_total",
    Kind.COUNTER,
    Unit.COUNT,
    "Rules that could not be evaluated",
    ("rule_group",),
)
RELOADED = _of_server(
    "prometheus_config_last_reload_successful", Kind.GAUGE, Unit.STATE, "1 if the newest reload was taken up, else 0"
)
NOTIFICATION_ERRORS = _of_server(
    "prometheus_notifications_errors_total",
    Kind.COUNTER,
    Unit.COUNT,
    "Alerts that could not be handed to an Alertmanager",
    ("alertmanager",),
)
NOTIFICATIONS = _of_server(
    "prometheus_notifications_sent_total",
    Kind.COUNTER,
    Unit.COUNT,
    "Alerts handed to an Alertmanager",
    ("alertmanager",),
)
HEAD_SERIES = _of_server("prometheus_tsdb_head_series", Kind.GAUGE, Unit.COUNT, "Series in Prometheus' memory")

ALL = (
    UP,
    SCRAPE_SECONDS,
    SCRAPED_SAMPLES,
    ALERTS,
    RULE_FAILURES,
    RELOADED,
    NOTIFICATION_ERRORS,
    NOTIFICATIONS,
    HEAD_SERIES,
)
"""Those that dashboards and rules ask for."""
