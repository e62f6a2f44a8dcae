"""Series that make the alerts about the monitoring itself fire, and series just inside their limits."""

from tests.support.rules import Trial
from tests.support.series import HOURS, series_of

of = series_of("", "hydra", 9101)
own = series_of("prometheus_", "prometheus", 9091)


def _counter(name: str, /, **labels: str) -> list[Trial]:
    """Return a counter that grows, and one that comes with its first count: on a page that was there, or with it."""
    counter, page = of(name, **labels), of("tradewatch_refolds_total")
    there, later = {page: f"0{HOURS}"}, {page: "_x60 0x120"}
    return [
        Trial({counter: "0x60 1x120", **there}, {counter: f"1{HOURS}", **there}),
        Trial({counter: "_x60 1x120", **there}, {counter: "_x60 1x120", **later}),
    ]


TRIALS = {
    "TargetDown": [
        Trial({of("up"): "1x59 0x120"}, {of("up"): "1x69 0x120"}),
        Trial({of("up"): "1x59 0x120"}, {of("up"): f"0{HOURS}"}),
        Trial(
            {of("up", left_out="yes"): "1x59 0x120"}, {of("up"): "1x59 stale", of("up", left_out="yes"): "_x60 0x120"}
        ),
    ],
    "TargetGone": [
        Trial({of("up"): "1x55 stale"}, {of("up"): "1x65 stale"}),
        Trial({of("up"): "1x55 stale"}, {of("up"): f"0{HOURS}"}),
        Trial({of("up"): "1x55 stale"}, {of("up"): "1x55 stale", of("up", left_out="yes"): "_x56 0x120"}),
    ],
    "ScrapeSlow": [Trial({of("scrape_duration_seconds"): f"5.1{HOURS}"}, {of("scrape_duration_seconds"): f"5{HOURS}"})],
    "ExporterNotReady": [Trial({of("tradewatch_ready"): "1x59 0x120"}, {of("tradewatch_ready"): "1x60 0x120"})],
    "SourceDown": [
        Trial(
            {of("tradewatch_source_up", source="hydra.db"): "1x59 0x120"},
            {of("tradewatch_source_up", source="hydra.db"): "1x68 0x120"},
        )
    ],
    "FactsRefused": _counter("tradewatch_facts_rejected_total", kind="trade_closed", reason="price"),
    "FactsLost": _counter("tradewatch_facts_dropped_total", kind="equity_marked", reason="queue full"),
    "SeriesDropped": _counter("tradewatch_series_dropped_total", metric="bot_tag_pnl"),
    "ReconciliationFails": [
        Trial(
            {of("tradewatch_reconciliation_error", check="balance"): f"0.01{HOURS}"},
            {of("tradewatch_reconciliation_error", check="balance"): f"0.005{HOURS}"},
        )
    ],
    "RuleEvaluationFails": [
        Trial(
            {own("rule_evaluation_failures_total", rule_group="a"): "0x67 1x120"},
            {own("rule_evaluation_failures_total", rule_group="a"): f"1{HOURS}"},
        )
    ],
    "ConfigurationRefused": [
        Trial(
            {own("config_last_reload_successful"): "1x60 0x120"}, {own("config_last_reload_successful"): "0x60 1x120"}
        )
    ],
    "NotificationsLost": [
        Trial(
            {own("notifications_errors_total", alertmanager="a"): "0+1x180"},
            {own("notifications_errors_total", alertmanager="a"): f"7{HOURS}"},
        )
    ],
}
"""An alert to its trials."""
