"""One page for any bot: whether it lives, what it earns and with what, and how sure that is."""

from tradewatch.catalog.annotations import changed, restarts
from tradewatch.catalog.colours import RUNNING, SIGN, YES_BAD, falling, rising
from tradewatch.catalog.panels import bars, dial, lines, named, names, number, table, trend
from tradewatch.catalog.query import increase, mean, rate, seconds_since, total
from tradewatch.catalog.scope import mode_and_instance, scope_of
from tradewatch.catalog.view import Dashboard, Panel, Row, Target, Variable
from tradewatch.systems.bot.metrics import BOT

METRICS = BOT.metrics
PREFIX = "bot_"
DRAWDOWN_WARNING, DRAWDOWN_CRITICAL = 15, 25
_all = scope_of(PREFIX, METRICS)

_MODE, _INSTANCE = mode_and_instance(_all.metric("info"), "Bot")
_ASSET = Variable(name="asset", title="Asset", label="asset", metric=_all.metric("asset_closed_trades"))
_STRATEGY = Variable(name="strategy", title="Strategy", label="strategy", metric=_all.metric("strategy_closed_trades"))
_ask = scope_of(PREFIX, METRICS, _MODE, _INSTANCE, _ASSET, _STRATEGY)

_NO_TRADE = "no trade was closed yet"
_NO_LOSS = "there is no loss yet"
_NO_WIN = "there is no win yet"
_NO_START = "the starting equity is not known"
_NO_HEARTBEAT = "the bot sends no heartbeats"
_NO_STOP = "no trade has told its stop"
_NO_DECISION = "no trade has told its decision price"
_NO_SPREAD = "daily returns are too few or all alike"
_FEW_DAYS = "there are fewer than 20 daily returns"
_LEVELS = rising(DRAWDOWN_WARNING, DRAWDOWN_CRITICAL)
_DRAWDOWN = ("BotDrawdownHigh", "BotDrawdownCritical")

_HEADLINES = Row(
    height=5,
    panels=(
        number("System", _ask("system_status"), 3, meanings=RUNNING, empty=_NO_HEARTBEAT, alerts=("BotDown",)),
        number(
            "Last Heartbeat",
            seconds_since(_ask("last_heartbeat_timestamp_seconds")),
            3,
            note="How long ago.",
            empty=_NO_HEARTBEAT,
        ),
        trend("P&L", _ask("pnl"), 5, thresholds=SIGN),
        number("Equity", _ask("equity"), 4, empty=_NO_START),
        dial(
            "Drawdown",
            _ask("drawdown_percent"),
            5,
            minimum=0,
            maximum=40,
            thresholds=_LEVELS,
            empty=_NO_START,
            alerts=_DRAWDOWN,
        ),
        number("Win Rate", _ask("win_rate"), 4, thresholds=falling(40, 50), empty=_NO_TRADE),
    ),
)

_COURSE = Row(
    height=9,
    panels=(
        lines(
            "Equity and Balance",
            12,
            named(_ask("equity"), "equity"),
            named(_ask("balance"), "balance"),
            named(_ask("peak_balance"), "peak"),
            empty=_NO_START,
        ),
        lines("P&L Over Time", 6, named(_ask("pnl"), "closed P&L"), fill=10),
        lines(
            "Drawdown, Current against Maximum",
            6,
            named(_ask("drawdown_percent"), "current"),
            named(_ask("max_drawdown_percent"), "maximum"),
            minimum=0,
            fill=10,
            empty=_NO_START,
            alerts=_DRAWDOWN,
        ),
    ),
)

_TODAY = Row(
    title="Today, and what is open",
    height=4,
    panels=(
        number("P&L Today", _ask("daily_pnl"), 4, thresholds=SIGN, empty=_NO_START),
        number("P&L Today, Percent", _ask("daily_pnl_percent"), 4, thresholds=SIGN, decimals=2, empty=_NO_START),
        number("Drawdown Today", _ask("daily_drawdown_percent"), 4, thresholds=rising(2, 5), empty=_NO_START),
        number("Win Rate (24 h)", _ask("win_rate_24h"), 4, thresholds=falling(40, 50), empty="no trade closed today"),
        number("Open Trades", _ask("open_trades"), 4),
        number(
            "Last Trade", seconds_since(_ask("last_trade_timestamp_seconds")), 4, note="How long ago.", empty=_NO_TRADE
        ),
    ),
)

_RATIOS = Row(
    title="How good, with the n behind it",
    height=4,
    panels=(
        number("Sharpe Ratio", _ask("sharpe_ratio"), 3, thresholds=falling(0, 1), empty=_NO_SPREAD),
        number("Sortino Ratio", _ask("sortino_ratio"), 3, thresholds=falling(0, 1), empty=_NO_SPREAD),
        number("Calmar Ratio", _ask("calmar_ratio"), 3, thresholds=falling(0, 1), empty=_NO_SPREAD),
        number("Growth a Year", _ask("cagr_percent"), 3, thresholds=SIGN, empty=_NO_SPREAD),
        number(
            "Probability that Sharpe > 0",
            _ask("probabilistic_sharpe_ratio"),
            4,
            thresholds=falling(0.8, 0.95),
            empty="there are fewer than 4 daily returns",
        ),
        number("Daily Returns", _ask("daily_returns"), 4, thresholds=falling(20, 60), empty=_NO_START),
        number("Days to Be Sure", _ask("minimum_track_record"), 4, empty="the Sharpe ratio is not above 0"),
        number("Profit Factor", _ask("profit_factor"), 3, thresholds=falling(1, 1.3), empty=_NO_LOSS),
        number("Expectancy, a Trade", _ask("expectancy"), 3, thresholds=SIGN, empty=_NO_TRADE),
        number("Expectancy in R", _ask("expectancy_r"), 3, thresholds=SIGN, empty=_NO_STOP),
        number("Average Risk/Reward", _ask("average_risk_reward"), 3, empty="there is no win, or no loss, yet"),
        number("Closed Trades", _ask("closed_trades"), 4, note="The n behind the ratios of trades."),
        number("Recovery Factor", _ask("recovery_factor"), 4, thresholds=falling(0, 1), empty="equity has not fallen"),
        number("P&L, Percent", _ask("pnl_percent"), 4, thresholds=SIGN, empty=_NO_START),
    ),
)


def _parts(title: str, label: str, width: int) -> Panel:
    def column(name: str) -> Target:
        combined = mean if name in {"win_rate", "profit_factor", "expectancy"} else total
        return named(combined(_ask(f"{label}_{name}"), by=(label,)), _COLUMNS[name])

    return table(title, width, *map(column, _COLUMNS), empty=_NO_TRADE)


_COLUMNS = {
    "closed_trades": "Trades",
    "win_rate": "Win rate",
    "pnl": "P&L",
    "pnl_percent": "P&L, percent",
    "profit_factor": "Profit factor",
    "expectancy": "Expectancy",
    "gross_profit": "Won",
    "gross_loss": "Lost",
}

_DIVISIONS = Row(
    title="Where it comes from",
    height=8,
    panels=(
        bars("P&L by Asset", 12, named(total(_ask("asset_pnl"), by=("asset",)), "{{asset}}"), empty=_NO_TRADE),
        bars(
            "P&L by Strategy", 12, named(total(_ask("strategy_pnl"), by=("strategy",)), "{{strategy}}"), empty=_NO_TRADE
        ),
        _parts("By Asset", "asset", 12),
        _parts("By Strategy", "strategy", 12),
        _parts("By Exit Reason", "exit_reason", 12),
        _parts("By Entry Tag", "tag", 12),
        _parts("By Direction", "direction", 12),
        bars(
            "P&L by Exit Reason",
            12,
            named(total(_ask("exit_reason_pnl"), by=("exit_reason",)), "{{exit_reason}}"),
            empty=_NO_TRADE,
        ),
    ),
)

_TRADES = Row(
    title="Trades",
    height=4,
    panels=(
        number("Average Win", _ask("average_win"), 4, empty=_NO_WIN),
        number("Average Loss", _ask("average_loss"), 4, empty=_NO_LOSS),
        number("Largest Win", _ask("largest_win"), 4, empty=_NO_WIN),
        number("Largest Loss", _ask("largest_loss"), 4, empty=_NO_LOSS),
        number("Average Duration", _ask("trade_duration_average_seconds"), 4, empty="no trade has told its opening"),
        number("Fees", _ask("fees"), 4),
        number("Wins in a Row", _ask("consecutive_wins"), 3),
        number("Losses in a Row", _ask("consecutive_losses"), 3, thresholds=rising(3, 5)),
        number("Most Wins in a Row", _ask("consecutive_wins_max"), 3),
        number("Most Losses in a Row", _ask("consecutive_losses_max"), 3),
        number("Average MAE, R", _ask("adverse_excursion_r"), 3, empty=_NO_STOP),
        number("Average MFE, R", _ask("favourable_excursion_r"), 3, empty=_NO_STOP),
        number("Entry Slippage, bp", _ask("entry_slippage_basis_points"), 3, empty=_NO_DECISION),
        number("Exit Slippage, bp", _ask("exit_slippage_basis_points"), 3, empty=_NO_DECISION),
    ),
)

_RISK = Row(
    title="Risk",
    height=4,
    panels=(
        number("Exposure", _ask("exposure_percent"), 4, empty=_NO_START),
        number("Net Exposure", _ask("net_exposure_percent"), 4, empty=_NO_START),
        number("Largest Exposure", _ask("largest_exposure_percent"), 4, empty=_NO_START),
        number("VaR (95 %), a Day", _ask("var_95"), 4, empty=_FEW_DAYS),
        number("CVaR (95 %), a Day", _ask("cvar_95"), 4, empty=_FEW_DAYS),
        number("Ruined", _ask("ruined"), 4, meanings=YES_BAD, empty=_NO_START, alerts=("BotRuined",)),
        number("Largest Fall", _ask("largest_fall"), 6, empty=_NO_START),
        number("Time below the Peak", _ask("drawdown_duration_seconds"), 6, empty=_NO_START),
        number("Longest Time below It", _ask("drawdown_duration_max_seconds"), 6, empty=_NO_START),
        number("Uptime", _ask("uptime_seconds"), 6, empty="no run is under way"),
    ),
)

_ACTIVITY = Row(
    title="Activity and errors",
    height=8,
    panels=(
        lines("Trades an Hour", 8, named(total(increase(_ask("trades_total"), "1h"), by=("outcome",)), "{{outcome}}")),
        lines(
            "Win Rate with its 95 % Interval",
            8,
            named(_ask("win_rate"), "win rate"),
            named(_ask("win_rate_lower_bound_percent"), "lower bound"),
            named(_ask("win_rate_upper_bound_percent"), "upper bound"),
            minimum=0,
            maximum=100,
            empty=_NO_TRADE,
        ),
        lines(
            "Errors a Minute",
            8,
            named(total(rate(_ask("errors_total")), by=("severity",)) * 60, "{{severity}}"),
            minimum=0,
            empty="no error yet",
            alerts=("BotErrorsMany", "BotErrorsCritical"),
        ),
        lines(
            "Won and Lost",
            12,
            named(_ask("gross_profit"), "wins"),
            named(_ask("gross_loss"), "losses"),
            fill=10,
        ),
        bars(
            "Trades by Asset and Outcome",
            12,
            total(_ask("asset_trades_total"), by=("asset", "outcome")),
            empty=_NO_TRADE,
        ),
    ),
)

_REST = Row(
    title="About the account",
    height=4,
    panels=(
        names("Currency", named(_ask("info"), "{{currency}} {{mode}}"), 8, note="What money is counted in."),
        number("Virtual Trades", total(_ask("virtual_trades_total")), 8, note="Imagined ones; they count for nothing."),
        number("Virtual P&L", _ask("virtual_pnl"), 8, thresholds=SIGN),
    ),
)

OVERVIEW = Dashboard(
    uid="bot-overview",
    title="Bot Overview",
    description="Any bot that records its trades or whose trades were imported.",
    variables=(_MODE, _INSTANCE, _ASSET, _STRATEGY),
    annotations=(
        changed("Trades closed", _ask("asset_closed_trades"), "#5794F2", "{{asset}}"),
        restarts(_ask("uptime_seconds")),
    ),
    rows=(_HEADLINES, _COURSE, _TODAY, _RATIOS, _DIVISIONS, _TRADES, _RISK, _ACTIVITY, _REST),
    span="7d",
    tags=("bot",),
)
