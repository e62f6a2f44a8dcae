"""Which of the two agents earns, and how they differ."""

from tradewatch.catalog.colours import SIGN, YES_GOOD, falling
from tradewatch.catalog.panels import bars, levels, lines, matrix, named, number, shares, timeline
from tradewatch.catalog.query import SHOWN_RANGE, increase, mean, rate, total
from tradewatch.catalog.scope import scope_of
from tradewatch.catalog.view import Dashboard, Row
from tradewatch.systems.velocitytrader.views.asking import AGENT, ANNOTATIONS, METRICS, PREFIX, REGIME, WHERE

_ask = scope_of(PREFIX, METRICS, *WHERE, AGENT, REGIME)
_BOTH = ("BerserkerUnderperforming", "SniperUnderperforming")
_A_MINUTE = 60

_HEADLINES = Row(
    height=5,
    panels=(
        number("P&L by Agent", named(_ask("agent_pnl_total"), "{{agent}}"), 6, thresholds=SIGN),
        number(
            "Win Rate by Agent",
            named(_ask("agent_win_rate"), "{{agent}}"),
            6,
            thresholds=falling(40, 50),
            alerts=_BOTH,
        ),
        number("Trades by Agent", named(_ask("agent_trades_total"), "{{agent}}"), 4, note="The n behind the ratios."),
        number("Open Positions", named(_ask("agent_active_positions"), "{{agent}}"), 4, empty="none was ever opened"),
        number(
            "May Trade",
            named(_ask("agent_trading_allowed"), "{{agent}}"),
            4,
            meanings=YES_GOOD,
            empty="no agent was ever halted",
        ),
    ),
)

_COURSE = Row(
    height=9,
    panels=(
        lines("P&L Comparison Over Time", 12, named(_ask("agent_pnl_total"), "{{agent}}")),
        lines(
            "Win Rate Comparison",
            12,
            named(_ask("agent_win_rate"), "{{agent}}"),
            minimum=0,
            maximum=100,
            alerts=_BOTH,
        ),
    ),
)

_ACTIVITY = Row(
    title="What they do",
    height=8,
    panels=(
        lines(
            "Trade Frequency, Trades an Hour",
            8,
            named(total(increase(_ask("agent_trades_total"), "1h"), by=("agent",)), "{{agent}}"),
        ),
        lines(
            "Signal Confidence",
            8,
            named(_ask("agent_signal_confidence_ratio"), "{{agent}}"),
            minimum=0,
            maximum=1,
        ),
        shares("Trade Distribution", 8, named(total(_ask("agent_trades_total"), by=("agent",)), "{{agent}}")),
        bars(
            "Signals by Direction in the Time Shown",
            8,
            named(
                total(increase(_ask("agent_signals_total"), SHOWN_RANGE), by=("agent", "direction")),
                "{{agent}} {{direction}}",
            ),
        ),
        lines(
            "Signals a Minute",
            8,
            named(total(rate(_ask("agent_signals_total")), by=("agent",)) * _A_MINUTE, "{{agent}}"),
        ),
        levels(
            "Signals that Became Orders",
            8,
            named(
                total(_ask("agent_signals_taken_total"), by=("agent",))
                / total(_ask("agent_signals_total", direction="=~BUY|SELL"), by=("agent",)),
                "{{agent}}",
            ),
            minimum=0,
            maximum=1,
            empty="no signal was taken yet",
        ),
    ),
)

_REGIMES = Row(
    title="Where they earn",
    height=8,
    panels=(
        matrix(
            "P&L by Agent and Regime",
            8,
            total(_ask("agent_regime_pnl"), by=("agent", "regime")),
            "agent",
            "regime",
            thresholds=SIGN,
        ),
        matrix(
            "Win Rate by Agent and Regime",
            8,
            mean(_ask("agent_regime_win_rate"), by=("agent", "regime")),
            "agent",
            "regime",
            thresholds=falling(40, 50),
            note="Of several exporters their mean; choose one above.",
        ),
        matrix(
            "Trades by Agent and Regime",
            8,
            total(_ask("agent_regime_trades_total"), by=("agent", "regime")),
            "agent",
            "regime",
            note="The n behind the win rates.",
        ),
    ),
)

_MORE = Row(
    title="Confidence and halts",
    height=7,
    panels=(
        levels(
            "Confidence of Closed Trades",
            6,
            named(_ask("agent_avg_confidence"), "{{agent}}"),
            minimum=0,
            maximum=1,
        ),
        timeline(
            "When They Might Trade",
            12,
            named(_ask("agent_trading_allowed"), "{{agent}}"),
            meanings=YES_GOOD,
            empty="no agent was ever halted",
        ),
        bars(
            "P&L of Virtual Trades",
            6,
            named(_ask("virtual_agent_pnl"), "{{agent}}"),
            empty="no virtual trade was closed yet",
        ),
    ),
)

AGENTS = Dashboard(
    uid="velocitytrader-agents",
    title="Dual Agent Comparison",
    description="BERSERKER against SNIPER: what each earns, how often it trades, how sure it is, and where it is good.",
    variables=(*WHERE, AGENT, REGIME),
    annotations=ANNOTATIONS,
    rows=(_HEADLINES, _COURSE, _ACTIVITY, _REGIMES, _MORE),
    tags=("velocitytrader",),
)
