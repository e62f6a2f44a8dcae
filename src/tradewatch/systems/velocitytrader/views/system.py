"""Whether it runs, sees the market, and learns."""

from tradewatch.catalog.colours import RUNNING, UP_DOWN, falling, rising
from tradewatch.catalog.panels import bars, levels, lines, named, number, timeline
from tradewatch.catalog.query import SHOWN_RANGE, increase, quantile, rate, seconds_since, total
from tradewatch.catalog.scope import scope_of
from tradewatch.catalog.view import Dashboard, Row
from tradewatch.systems.velocitytrader.views.asking import AGENT, ANNOTATIONS, METRICS, PREFIX, SYMBOL, WHERE

QUERY_SECONDS_LIMIT = 0.5
CONFIDENCE_FLOOR = 0.3
"""The document's, on the scale from 0 to 1."""

_ask = scope_of(PREFIX, METRICS, *WHERE, SYMBOL, AGENT)
_A_MINUTE = 60
_NOT_LEARNED = "no agent has filled its probe set yet"

_HEADLINES = Row(
    height=5,
    panels=(
        number("System", _ask("system_status"), 4, meanings=RUNNING, alerts=("VelocityTraderDown",)),
        number(
            "MT5 Connection", _ask("mt5_connection"), 4, meanings=UP_DOWN, alerts=("VelocityTraderMT5Disconnected",)
        ),
        number("Uptime", _ask("uptime_seconds"), 4, empty="no run is under way"),
        number("Active Symbols", _ask("active_symbols"), 4, thresholds=falling(1, 1)),
        number(
            "Database Latency",
            _ask("db_query_latency_seconds"),
            4,
            thresholds=rising(QUERY_SECONDS_LIMIT / 5, QUERY_SECONDS_LIMIT),
            alerts=("VelocityTraderDatabaseSlow",),
        ),
        number(
            "Errors in the Last Hour",
            total(increase(_ask("errors_total"), "1h")),
            4,
            thresholds=rising(1, 10),
            decimals=0,
            empty="no error yet",
            alerts=("VelocityTraderErrorsMany", "VelocityTraderErrorsCritical"),
        ),
    ),
)

_STATES = Row(
    height=7,
    panels=(
        timeline("System Over Time", 8, named(_ask("system_status"), "system"), meanings=RUNNING),
        timeline("MT5 Connection Over Time", 8, named(_ask("mt5_connection"), "MT5"), meanings=UP_DOWN),
        lines(
            "Error Rate by Severity, Errors a Minute",
            8,
            named(total(rate(_ask("errors_total")), by=("severity",)) * _A_MINUTE, "{{severity}}"),
            minimum=0,
            empty="no error yet",
            alerts=("VelocityTraderErrorsMany",),
        ),
    ),
)

_FLOW = Row(
    title="What comes in and goes out",
    height=8,
    panels=(
        lines(
            "Ticks a Minute",
            8,
            named(total(rate(_ask("ticks_processed_total"))) * _A_MINUTE, "ticks"),
            minimum=0,
            fill=10,
        ),
        lines(
            "Signals a Minute",
            8,
            named(total(rate(_ask("signals_generated_total"))) * _A_MINUTE, "signals"),
            minimum=0,
            fill=10,
        ),
        lines(
            "Database Latency Over Time",
            8,
            named(_ask("db_query_latency_seconds"), "query"),
            minimum=0,
            alerts=("VelocityTraderDatabaseSlow",),
        ),
        levels(
            "Age of the Newest Tick",
            8,
            named(seconds_since(_ask("last_tick_timestamp_seconds")), "{{symbol}}"),
            thresholds=rising(300, 3600),
            note="Markets that are closed at the weekend grow old then.",
        ),
        lines("Price", 8, named(_ask("symbol_price"), "{{symbol}}"), note="Choose one symbol above."),
        lines("Spread", 8, named(_ask("symbol_spread"), "{{symbol}}"), note="Choose one symbol above."),
    ),
)

_TROUBLE = Row(
    title="Trouble",
    height=8,
    panels=(
        bars(
            "Errors in the Time Shown",
            6,
            named(total(increase(_ask("errors_total"), SHOWN_RANGE), by=("component",)), "{{component}}"),
            empty="no error yet",
        ),
        bars(
            "Quotes Refused",
            6,
            named(total(_ask("quotes_refused_total"), by=("reason",)), "{{reason}}"),
            empty="no quote was refused yet",
        ),
        bars(
            "Connections Lost",
            6,
            named(_ask("connection_losses_total"), "{{connection}}"),
            empty="no connection was lost yet",
        ),
        lines(
            "Duration of a Cycle, 95th Percentile",
            6,
            named(quantile(0.95, total(rate(_ask.buckets("cycle_duration_seconds")), by=("le",))), "cycle"),
            empty="only a live run measures its cycles",
        ),
    ),
)

_LEARNING = Row(
    title="Reinforcement learning",
    height=8,
    panels=(
        lines(
            "RL Learning Progress",
            8,
            named(_ask("rl_learning_progress"), "{{agent}}"),
            minimum=0,
            maximum=1,
            empty=_NOT_LEARNED,
        ),
        lines(
            "Exploration Rate",
            8,
            named(_ask("rl_exploration_rate"), "{{agent}}"),
            minimum=0,
            maximum=1,
            alerts=("VelocityTraderExplorationHigh",),
        ),
        lines(
            "Model Confidence",
            8,
            named(_ask("rl_model_confidence"), "{{agent}}"),
            minimum=0,
            maximum=1,
            alerts=("VelocityTraderModelConfidenceLow",),
        ),
        lines("Learning Loss", 8, named(_ask("rl_loss"), "{{agent}}"), minimum=0),
        levels("Experience Buffer", 8, named(_ask("rl_experience_buffer_size"), "{{agent}}"), minimum=0),
        lines(
            "Experiences and Episodes",
            8,
            named(_ask("rl_experiences_total"), "{{agent}} experiences"),
            named(_ask("rl_training_episodes_total"), "{{agent}} episodes"),
            minimum=0,
        ),
    ),
)

SYSTEM = Dashboard(
    uid="velocitytrader-system",
    title="System Health & RL",
    description="Whether VelocityPTrader runs and is connected, what reaches it, what fails, and how its agents learn.",
    variables=(*WHERE, SYMBOL, AGENT),
    annotations=ANNOTATIONS,
    rows=(_HEADLINES, _STATES, _FLOW, _TROUBLE, _LEARNING),
    tags=("velocitytrader",),
)
