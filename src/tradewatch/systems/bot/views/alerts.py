"""What the owner of any bot is told of."""

from tradewatch.catalog import Unit
from tradewatch.catalog.query import Query, new_in
from tradewatch.catalog.rule import Alert, RuleFile, Runbook, Urgency
from tradewatch.catalog.scope import scope_of
from tradewatch.systems.bot.views.overview import DRAWDOWN_CRITICAL, DRAWDOWN_WARNING, METRICS, PREFIX

TARGET = ("job", "instance")
ENOUGH_TRADES = 30
DAILY_LOSS = 5
"""Percent of equity at 00:00 UTC."""
ERRORS_IN_5_MINUTES = 10

_NO_START = "the starting equity is not known"
_NO_ERROR = "there was no error yet"

_ask = scope_of(PREFIX, METRICS)
_enough = _ask("closed_trades") >= ENOUGH_TRADES
_LOG = "Read the bot's own log, and the newest facts: `tradewatch dump --ledger LEDGER | tail`."

_DOWN = Runbook(
    meaning="The newest heartbeat is older than three of its intervals, or the run has ended.",
    impact="Nobody watches the open positions.",
    diagnosis=("Does the bot's process run?", _LOG),
    questions={
        "bot_open_trades": "what is open without a watch",
        "time() - bot_last_heartbeat_timestamp_seconds": "since when it is silent",
    },
    mend=("If you stopped it on purpose, silence the alert.", "Start it again, and see that heartbeats come."),
)
_FALLEN = Runbook(
    meaning="Equity is far below its peak, or the day's loss is large. Deposits and withdrawals are taken out.",
    impact="A loss of 25 % needs a gain of 33 % to be made good. Nothing here stops the bot for you.",
    diagnosis=("At once or little by little?", "One asset, one strategy, or all?"),
    questions={
        "bot_asset_pnl": "which asset lost it",
        "bot_strategy_pnl": "which strategy lost it",
        "bot_equity - bot_balance": "what open positions lose now",
    },
    mend=("Decide whether to close what is open.", "Stop the strategy that loses, and find out why."),
)
_UNPROFITABLE = Runbook(
    meaning="Over at least 30 trades the losses add up to more than the wins.",
    impact="Every further trade is expected to cost money.",
    diagnosis=("Do fees make the loss?", "Which part loses?"),
    questions={
        "bot_strategy_profit_factor": "which strategy is below 1",
        "bot_exit_reason_pnl": "whether stops or targets lose",
        "bot_fees": "what fees have cost",
    },
    mend=("Stop what loses; try it on paper until it has earned its place.",),
)
_ERRORS = Runbook(
    meaning="The bot told of errors: a critical one within an hour, or more than ten of any kind in five minutes.",
    impact="A critical error means that a part has given up.",
    diagnosis=("Which component, and since when?", _LOG),
    questions={"sum by (component, severity) (bot_errors_total)": "who complains, and how loudly"},
    mend=("Mend what the error names.", "If trading needs that component, stop the bot until it works."),
)


def _new(errors: Query, window: str) -> Query:
    return new_in(errors, window, beside=_ask("closed_trades"), by=TARGET)


def _drawdown(name: str, percent: float, hold: str, urgency: Urgency) -> Alert:
    return Alert(
        name=name,
        query=_ask("drawdown_percent") > percent,
        hold=hold,
        keep="10m",
        urgency=urgency,
        family="bot-drawdown",
        summary='equity of {{ $labels.instance }} is {{ $value | printf "%.1f" }} % below its peak',
        runbook=_FALLEN,
        absent=_NO_START,
    )


ALERTS = (
    Alert(
        name="BotDown",
        query=_ask("system_status").equals(0),
        hold="1m",
        keep="5m",
        urgency=Urgency.CRITICAL,
        family="bot-down",
        summary="the bot on {{ $labels.instance }} does not run: its heartbeats have stopped",
        runbook=_DOWN,
        absent="the bot sends no heartbeats, or its trades were imported",
    ),
    _drawdown("BotDrawdownCritical", DRAWDOWN_CRITICAL, "2m", Urgency.CRITICAL),
    _drawdown("BotDrawdownHigh", DRAWDOWN_WARNING, "5m", Urgency.WARNING),
    Alert(
        name="BotRuined",
        query=_ask("ruined").equals(1),
        hold="1m",
        urgency=Urgency.CRITICAL,
        family="bot-drawdown",
        summary="trading has brought the equity of {{ $labels.instance }} to 0 or below",
        runbook=_FALLEN,
        absent=_NO_START,
    ),
    Alert(
        name="BotDailyLossLarge",
        query=_ask("daily_pnl_percent") < -DAILY_LOSS,
        hold="1m",
        keep="10m",
        urgency=Urgency.WARNING,
        family="bot-drawdown",
        summary='today\'s P&L is {{ $value | printf "%.1f" }} % of the equity at midnight',
        runbook=_FALLEN,
        absent=_NO_START,
    ),
    Alert(
        name="BotUnprofitable",
        query=(_ask("profit_factor") < 1).where(_enough, on=TARGET),
        hold="1h",
        urgency=Urgency.WARNING,
        family="bot-profit",
        summary='the profit factor is {{ $value | printf "%.2f" }}: losses are larger than wins',
        runbook=_UNPROFITABLE,
        absent="there is no loss yet",
    ),
    Alert(
        name="BotWinRateBelowBreakEven",
        query=_ask("win_rate_upper_bound_percent")
        .joined_on("<", (_ask("average_risk_reward") + 1).under(Unit.PERCENT.scale), TARGET)
        .where(_enough, on=TARGET),
        hold="30m",
        urgency=Urgency.WARNING,
        family="bot-profit",
        summary='even the upper end of the win rate\'s interval, {{ $value | printf "%.1f" }} %, loses money',
        runbook=_UNPROFITABLE,
        absent="there is no win, or no loss, yet",
    ),
    Alert(
        name="BotErrorsCritical",
        query=_new(_ask("errors_total", severity="critical"), "1h") > 0,
        hold="1m",
        urgency=Urgency.CRITICAL,
        family="bot-errors",
        summary='{{ $value | printf "%.0f" }} critical errors in the last hour',
        runbook=_ERRORS,
        absent=_NO_ERROR,
    ),
    Alert(
        name="BotErrorsMany",
        query=_new(_ask("errors_total"), "5m") > ERRORS_IN_5_MINUTES,
        hold="5m",
        urgency=Urgency.WARNING,
        family="bot-errors",
        summary='{{ $value | printf "%.0f" }} errors in 5 minutes',
        runbook=_ERRORS,
        absent=_NO_ERROR,
    ),
)

RULES = RuleFile(path="rules/bot.yml", name="bot", alerts=ALERTS)
