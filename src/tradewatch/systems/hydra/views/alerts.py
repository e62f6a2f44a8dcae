"""What HYDRA's owner is told of: on current values, against the limits that the guardian itself has told."""

from tradewatch.catalog import Unit
from tradewatch.catalog.query import Query, changes, increase, quantile, rate, seconds_since, total
from tradewatch.catalog.rule import Alert, RuleFile, Runbook, Urgency
from tradewatch.catalog.scope import scope_of
from tradewatch.systems.hydra.views import runbooks
from tradewatch.systems.hydra.views.asking import METRICS, NO_LOSS, NO_TRADE, PREFIX
from tradewatch.systems.hydra.views.burning import (
    BURN_LONG,
    BURN_SHORT,
    BURN_SLOW_LONG,
    BURN_SLOW_SHORT,
    FAST_BURN,
    RECORDINGS,
    SLOW_BURN,
)

TARGET = ("job", "instance")
NEAR = 0.8
"""The guardian's own share of a limit from which it warns."""
ENOUGH_TRADES = 30
ENOUGH_VOTES = 100
ENOUGH_CALLS = 5
SLOW_CALL_SECONDS = 5
FEED_ERRORS_IN_10_MINUTES = 10
LEAST_AGREEMENT = 25
DAY = 86_400

_NO_RUN = "the source has no heartbeats"
_NO_START = "the starting equity is not known"
_NO_BUDGET = "the run has told no daily loss limit, or has run for less than the window"

_ask = scope_of(PREFIX, METRICS)
_runs = _ask("system_status").equals(1)
_may_trade = _ask("trading_allowed").equals(1)
_enough_trades = _ask("closed_trades") >= ENOUGH_TRADES
_is_a_day_old = _ask("uptime_seconds") > DAY


def _against(metric: str, limit: str, share: float) -> Query:
    allowed = _ask("guardian_limit", limit=limit) * (Unit.PERCENT.scale * share)
    return _ask(metric).joined_on(">=", allowed, TARGET)


def _near(name: str, metric: str, limit: str, words: str) -> Alert:
    return Alert(
        name=name,
        query=_against(metric, limit, NEAR),
        hold="1m",
        keep="10m",
        urgency=Urgency.WARNING,
        family=f"hydra-{limit.replace('_', '-')}",
        summary=f'the {words} is {{{{ $value | printf "%.2f" }}}} %, at least 80 % of what the guardian allows',
        runbook=runbooks.LIMITS,
        absent=_NO_START,
    )


def _reached(name: str, metric: str, limit: str, words: str) -> Alert:
    return Alert(
        name=name,
        query=_against(metric, limit, 1),
        hold="30s",
        keep="10m",
        urgency=Urgency.CRITICAL,
        family=f"hydra-{limit.replace('_', '-')}",
        summary=f'the {words} is {{{{ $value | printf "%.2f" }}}} %: the guardian\'s limit is reached',
        runbook=runbooks.LIMITS,
        absent=_NO_START,
    )


def _state(name: str, metric: str, urgency: Urgency, summary: str, runbook: Runbook) -> Alert:
    return Alert(
        name=name,
        query=_ask(metric).equals(1),
        hold="30s",
        keep="5m",
        urgency=urgency,
        family=f"hydra-{metric.replace('_', '-')}",
        summary=summary,
        runbook=runbook,
        absent=_NO_RUN,
    )


def _burns(name: str, query: Query, urgency: Urgency, words: str) -> Alert:
    return Alert(
        name=name,
        query=query,
        hold="2m",
        urgency=urgency,
        family="hydra-loss-budget",
        summary=f'today\'s loss budget burns {{{{ $value | printf "%.1f" }}}} times as fast as it may: {words}',
        runbook=runbooks.BURN,
        absent=_NO_BUDGET,
    )


_LIMITS = (
    _near("HydraDailyDrawdownNear", "daily_drawdown_percent", "daily_drawdown", "daily drawdown"),
    _reached("HydraDailyDrawdownReached", "daily_drawdown_percent", "daily_drawdown", "daily drawdown"),
    _near("HydraDrawdownNear", "total_drawdown_percent", "drawdown", "total drawdown"),
    _reached("HydraDrawdownReached", "total_drawdown_percent", "drawdown", "total drawdown"),
    Alert(
        name="HydraDailyLossReached",
        query=_ask("loss_budget_used_ratio") >= 1,
        hold="30s",
        keep="10m",
        urgency=Urgency.CRITICAL,
        family="hydra-loss-budget",
        summary="{{ $value | humanizePercentage }} of today's loss budget is used: no new trades until 00:00 UTC",
        runbook=runbooks.LIMITS,
        absent=_NO_BUDGET,
    ),
    _burns(
        "HydraLossBudgetBurnsFast",
        (BURN_LONG > FAST_BURN).where(BURN_SHORT > FAST_BURN, on=TARGET),
        Urgency.CRITICAL,
        "it is used up within four hours",
    ),
    _burns(
        "HydraLossBudgetBurnsSlowly",
        (BURN_SLOW_LONG > SLOW_BURN).where(BURN_SLOW_SHORT > SLOW_BURN, on=TARGET),
        Urgency.WARNING,
        "it does not last until midnight",
    ),
    _state(
        "HydraKillSwitch",
        "kill_switch_active",
        Urgency.CRITICAL,
        "the guardian's kill switch is on: all trading has stopped",
        runbooks.KILL_SWITCH,
    ),
    _state(
        "HydraEmergencyShutdown",
        "emergency_shutdown_active",
        Urgency.CRITICAL,
        "an emergency shutdown is on: the day's drawdown was too large",
        runbooks.KILL_SWITCH,
    ),
    _state(
        "HydraCircuitBreaker",
        "circuit_breaker_active",
        Urgency.WARNING,
        "losses in a row have reduced sizes or paused trading",
        runbooks.LOSSES,
    ),
    Alert(
        name="HydraConsecutiveLosses",
        query=_ask("consecutive_losses").joined_on(">=", _ask("guardian_limit", limit="losses_to_reduce"), TARGET),
        hold="1m",
        urgency=Urgency.WARNING,
        family="hydra-circuit-breaker-active",
        summary='{{ $value | printf "%.0f" }} trades in a row have lost',
        runbook=runbooks.LOSSES,
        absent="the run has told no limits",
    ),
)

_RUNTIME = (
    Alert(
        name="HydraDown",
        query=_ask("system_status").equals(0),
        hold="1m",
        keep="5m",
        urgency=Urgency.CRITICAL,
        family="hydra-down",
        summary="HYDRA on {{ $labels.instance }} does not run: its cycles have stopped",
        runbook=runbooks.DOWN,
        absent=_NO_RUN,
    ),
    Alert(
        name="HydraEngineOffline",
        query=_ask("engine_active").equals(0).where(_runs, on=TARGET),
        hold="10m",
        urgency=Urgency.WARNING,
        family="hydra-engine",
        summary="engine {{ $labels.engine }} has not voted in the last 100 rounds",
        runbook=runbooks.ENGINE,
        absent="no engine has voted yet",
    ),
    Alert(
        name="HydraFeedStale",
        query=seconds_since(_ask("last_bar_timestamp_seconds"))
        .joined_on(">", _ask("stale_after_seconds"), (*TARGET, "asset"))
        .where(_runs, on=TARGET),
        hold="2m",
        keep="2m",
        urgency=Urgency.WARNING,
        family="hydra-feed",
        summary="the newest price of {{ $labels.asset }} is {{ $value | humanizeDuration }} old",
        runbook=runbooks.FEED,
        absent="there is no bar yet",
    ),
    Alert(
        name="HydraFeedErrors",
        query=total(increase(_ask("data_feed_errors_total"), "10m"), by=(*TARGET, "source"))
        > FEED_ERRORS_IN_10_MINUTES,
        hold="5m",
        urgency=Urgency.WARNING,
        family="hydra-feed",
        summary='{{ $value | printf "%.0f" }} errors of the feed {{ $labels.source }} in 10 minutes',
        runbook=runbooks.FEED,
        absent="there was no error yet",
    ),
    Alert(
        name="HydraCallsSlow",
        query=(
            quantile(0.95, total(rate(_ask.buckets("api_latency_seconds"), "5m"), by=(*TARGET, "api", "le")))
            > SLOW_CALL_SECONDS
        ).where(
            total(increase(_ask.buckets("api_latency_seconds", le="+Inf"), "5m"), by=(*TARGET, "api")) >= ENOUGH_CALLS,
            on=(*TARGET, "api"),
        ),
        hold="5m",
        urgency=Urgency.WARNING,
        family="hydra-feed",
        summary="one call in twenty to {{ $labels.api }} takes longer than {{ $value | humanizeDuration }}",
        runbook=runbooks.FEED,
        absent="nothing outside was called yet",
    ),
    Alert(
        name="HydraNoTrades",
        query=(increase(_ask("iterations_total"), "1h") > 0)
        .where(_is_a_day_old, on=TARGET)
        .where(_may_trade, on=TARGET)
        .unless(seconds_since(_ask("last_trade_timestamp_seconds")) < DAY, on=TARGET),
        hold="30m",
        urgency=Urgency.WARNING,
        family="hydra-trading",
        summary='no trade has closed for a day, though {{ $value | printf "%.0f" }} cycles ran in the last hour',
        runbook=runbooks.NO_TRADES,
        absent="no cycle has ended yet",
    ),
)

_TRADING = (
    Alert(
        name="HydraWinRateBelowBreakEven",
        query=_ask("win_rate_upper_bound_percent")
        .joined_on("<", (_ask("avg_risk_reward") + 1).under(Unit.PERCENT.scale), TARGET)
        .where(_enough_trades, on=TARGET),
        hold="30m",
        urgency=Urgency.WARNING,
        family="hydra-profit",
        summary='even the upper end of the win rate\'s interval, {{ $value | printf "%.1f" }} %, loses money',
        runbook=runbooks.UNPROFITABLE,
        absent=NO_TRADE,
    ),
    Alert(
        name="HydraUnprofitable",
        query=(_ask("profit_factor") < 1).where(_enough_trades, on=TARGET),
        hold="1h",
        urgency=Urgency.WARNING,
        family="hydra-profit",
        summary='the profit factor is {{ $value | printf "%.2f" }}: losses are larger than wins',
        runbook=runbooks.UNPROFITABLE,
        absent=NO_LOSS,
    ),
    Alert(
        name="HydraEnginesDisagree",
        query=(_ask("engine_agreement_rate") < LEAST_AGREEMENT).where(
            total(_ask("engine_votes_total"), by=TARGET) >= ENOUGH_VOTES, on=TARGET
        ),
        hold="1h",
        urgency=Urgency.INFO,
        family="hydra-engine",
        summary='the engines agree in {{ $value | printf "%.0f" }} % of their pairs: hardly anything is traded',
        runbook=runbooks.DISAGREE,
        absent="there was no round with two votes yet",
    ),
    Alert(
        name="HydraRegimeStuck",
        query=changes(_ask("regime_current"), "1d").equals(0).where(_is_a_day_old, on=TARGET),
        hold="1h",
        urgency=Urgency.INFO,
        family="hydra-regime",
        summary="{{ $labels.asset }} has been in one regime for more than a day",
        runbook=runbooks.STUCK,
        absent="regimes are warming up",
    ),
)

RULES = RuleFile(path="rules/hydra.yml", name="hydra", alerts=(*_RUNTIME, *_LIMITS, *_TRADING), recordings=RECORDINGS)
