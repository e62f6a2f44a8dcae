"""How much can be lost, and how much was."""

from tradewatch.catalog.colours import YES_BAD, YES_GOOD, falling, rising
from tradewatch.catalog.panels import bars, dial, lines, named, number
from tradewatch.catalog.query import total
from tradewatch.catalog.scope import scope_of
from tradewatch.catalog.view import Dashboard, Row
from tradewatch.systems.velocitytrader.views.asking import ANNOTATIONS, METRICS, PREFIX, WHERE

DRAWDOWN_WARNING, DRAWDOWN_CRITICAL = 15, 25
"""Percent; the document's."""

_ask = scope_of(PREFIX, METRICS, *WHERE)
_DRAWDOWN = ("VelocityTraderDrawdownHigh", "VelocityTraderDrawdownCritical")
_FEW_DAYS = "there are fewer than 20 daily returns"
_NO_SPREAD = "daily returns are too few or all alike"
_NO_FALL = "equity has not fallen yet"
_LEVELS = rising(DRAWDOWN_WARNING, DRAWDOWN_CRITICAL)

_HEADLINES = Row(
    height=5,
    panels=(
        number("Account Equity", _ask("account_equity"), 5),
        number("Account Balance", _ask("account_balance"), 4),
        dial(
            "Current Drawdown",
            _ask("current_drawdown"),
            5,
            minimum=0,
            maximum=40,
            thresholds=_LEVELS,
            alerts=_DRAWDOWN,
        ),
        number("Maximum Drawdown", _ask("max_drawdown"), 4, thresholds=_LEVELS),
        number("Risk Exposure", _ask("risk_exposure"), 3, note="Above 100 % the account is leveraged."),
        number(
            "Trading Allowed",
            _ask("trading_allowed"),
            3,
            meanings=YES_GOOD,
            alerts=("VelocityTraderHalted",),
        ),
    ),
)

_COURSE = Row(
    height=9,
    panels=(
        lines(
            "Balance and Equity",
            12,
            named(_ask("account_equity"), "equity"),
            named(_ask("account_balance"), "balance"),
        ),
        lines(
            "Drawdown, Current against Maximum",
            12,
            named(_ask("current_drawdown"), "current"),
            named(_ask("max_drawdown"), "maximum"),
            minimum=0,
            fill=10,
            thresholds=_LEVELS,
            alerts=_DRAWDOWN,
        ),
    ),
)

_RATIOS = Row(
    title="Ratios, with the number of daily returns behind them",
    height=4,
    panels=(
        number("Sharpe Ratio", _ask("sharpe_ratio"), 4, thresholds=falling(0, 1), empty=_NO_SPREAD),
        number("Sortino Ratio", _ask("sortino_ratio"), 4, thresholds=falling(0, 1), empty=_NO_SPREAD),
        number("Calmar Ratio", _ask("calmar_ratio"), 4, thresholds=falling(0, 1), empty=_NO_SPREAD),
        number("Recovery Factor", _ask("recovery_factor"), 4, thresholds=falling(0, 1), empty=_NO_FALL),
        number(
            "Probability that Sharpe > 0",
            _ask("probabilistic_sharpe_ratio"),
            4,
            thresholds=falling(0.8, 0.95),
            empty="there are fewer than 4 daily returns",
        ),
        number(
            "Daily Returns", _ask("daily_returns"), 4, note="The n behind these ratios.", thresholds=falling(20, 60)
        ),
    ),
)

_LOSSES = Row(
    title="Losses to expect",
    height=5,
    panels=(
        number("VaR (95 %), a Day", _ask("var_95"), 5, empty=_FEW_DAYS),
        number("CVaR (95 %), a Day", _ask("cvar_95"), 5, empty=_FEW_DAYS),
        number("Consecutive Wins, Most", _ask("consecutive_wins_max"), 4),
        number("Consecutive Losses, Most", _ask("consecutive_losses_max"), 4),
        number("Time below the Peak", _ask("drawdown_duration_seconds"), 3),
        number("Ruined", _ask("ruined"), 3, meanings=YES_BAD),
    ),
)

_LIMITS = Row(
    title="What the risk manager did",
    height=8,
    panels=(
        lines("Risk Exposure Over Time", 12, named(_ask("risk_exposure"), "exposure"), minimum=0, fill=10),
        bars(
            "Halts",
            6,
            named(total(_ask("halts_total"), by=("reason",)), "{{reason}}"),
            empty="no halt yet",
        ),
        bars(
            "Orders Refused",
            6,
            named(total(_ask("orders_refused_total"), by=("reason",)), "{{reason}}"),
            empty="no order was refused yet",
        ),
    ),
)

RISK = Dashboard(
    uid="velocitytrader-risk",
    title="Risk Management",
    description="What the account is worth, how far it has fallen, and what it may lose.",
    variables=WHERE,
    annotations=ANNOTATIONS,
    rows=(_HEADLINES, _COURSE, _RATIOS, _LOSSES, _LIMITS),
    tags=("velocitytrader",),
)
