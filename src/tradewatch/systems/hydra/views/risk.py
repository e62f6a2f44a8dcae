"""How near the guardian's limits the account is, and what the guardian does about it."""

from tradewatch.catalog import Unit
from tradewatch.catalog.colours import YES_BAD, YES_GOOD, falling, rising
from tradewatch.catalog.panels import bars, dial, levels, lines, named, number, timeline
from tradewatch.catalog.query import Query, highest, total
from tradewatch.catalog.scope import scope_of
from tradewatch.catalog.view import Dashboard, Row, Threshold
from tradewatch.systems.hydra.views.asking import ANNOTATIONS, ASSET, GUARDIAN, METRICS, PREFIX, WHERE
from tradewatch.systems.hydra.views.burning import BURN_LONG, BURN_SHORT, FAST_BURN, SLOW_BURN

_ask = scope_of(PREFIX, METRICS, *WHERE, ASSET)
_FEW_DAYS = "there are fewer than 20 daily returns"
_DAILY = ("HydraDailyDrawdownNear", "HydraDailyDrawdownReached")
_TOTAL = ("HydraDrawdownNear", "HydraDrawdownReached")
_BURN = ("HydraLossBudgetBurnsFast", "HydraLossBudgetBurnsSlowly")


def _limit(name: str) -> Query:
    return (_ask("guardian_limit", limit=name) * Unit.PERCENT.scale).counted_in(Unit.PERCENT)


_STATE = Row(
    height=5,
    panels=(
        number("Kill Switch", _ask("kill_switch_active"), 4, meanings=YES_BAD, alerts=("HydraKillSwitch",)),
        number("Guardian Status", _ask("guardian_status"), 4, meanings=GUARDIAN),
        number("Trading Allowed", _ask("trading_allowed"), 4, meanings=YES_GOOD),
        number("Circuit Breaker", _ask("circuit_breaker_active"), 4, meanings=YES_BAD, alerts=("HydraCircuitBreaker",)),
        number(
            "Emergency Shutdown",
            _ask("emergency_shutdown_active"),
            4,
            meanings=YES_BAD,
            alerts=("HydraEmergencyShutdown",),
        ),
        dial(
            "Loss Budget Used",
            _ask("loss_budget_used_ratio"),
            4,
            minimum=0,
            maximum=1,
            thresholds=rising(0.5, 0.8),
            alerts=_BURN,
        ),
    ),
)

_DRAWDOWN = Row(
    height=8,
    panels=(
        lines(
            "Daily Drawdown against its Limit",
            6,
            named(_ask("daily_drawdown_percent"), "current"),
            named(_limit("daily_drawdown"), "limit"),
            minimum=0,
            decimals=2,
            alerts=_DAILY,
        ),
        lines(
            "Total Drawdown against its Limit",
            6,
            named(_ask("total_drawdown_percent"), "current"),
            named(_limit("drawdown"), "limit"),
            minimum=0,
            decimals=2,
            alerts=_TOTAL,
        ),
        lines(
            "Loss Budget Used Over Time",
            6,
            named(_ask("loss_budget_used_ratio"), "used"),
            minimum=0,
            fill=10,
            thresholds=(Threshold(None, "text"), Threshold(1, "#F2495C")),
            alerts=_BURN,
        ),
        lines(
            "Burn of the Loss Budget",
            6,
            named(BURN_LONG, "burn of 1 h"),
            named(BURN_SHORT, "burn of 10 min"),
            unit=Unit.TIMES,
            note=f"A burn of 1 uses the day's budget in a day; {FAST_BURN:g} wakes somebody, {SLOW_BURN:g} is told.",
            empty="burn rates begin some minutes after the start",
            thresholds=(Threshold(None, "text"), Threshold(FAST_BURN, "#F2495C")),
            alerts=_BURN,
        ),
    ),
)

_NUMBERS = Row(
    title="Now",
    height=4,
    panels=(
        number("Risk Exposure", _ask("risk_exposure_percent"), 4),
        number("Size Multiplier", _ask("position_size_multiplier"), 4, thresholds=falling(0.5, 1)),
        number("Consecutive Wins", _ask("consecutive_wins"), 3),
        number(
            "Consecutive Losses",
            _ask("consecutive_losses"),
            3,
            thresholds=rising(3, 5),
            alerts=("HydraConsecutiveLosses",),
        ),
        number("Time below the Peak", _ask("drawdown_duration_seconds"), 4),
        number("VaR (95 %), a Day", _ask("var_95_usd"), 3, empty=_FEW_DAYS),
        number("CVaR (95 %), a Day", _ask("cvar_95_usd"), 3, empty=_FEW_DAYS),
    ),
)

_HISTORY = Row(
    title="History",
    height=8,
    panels=(
        timeline("Guardian Status Over Time", 12, named(_ask("guardian_status"), "guardian"), meanings=GUARDIAN),
        lines("Time below the Peak Over Time", 6, named(_ask("drawdown_duration_seconds"), "below"), minimum=0),
        lines("Risk Exposure Over Time", 6, named(_ask("risk_exposure_percent"), "exposure"), minimum=0, fill=10),
        bars(
            "Orders Rejected by Reason",
            8,
            named(total(_ask("orders_rejected_total"), by=("reason",)), "{{reason}}"),
            empty="no order was rejected yet",
        ),
        bars(
            "Halts by Reason",
            8,
            named(total(_ask("halts_total"), by=("reason",)), "{{reason}}"),
            empty="no halt yet",
        ),
        levels(
            "The Guardian's Limits",
            8,
            named(highest(_ask("guardian_limit"), by=("limit",)), "{{limit}}"),
            note="As the newest run told them: shares of equity, and counts.",
        ),
    ),
)

_ASSETS = Row(
    title="Assets and streaks",
    height=6,
    panels=(
        timeline("Assets that May Be Traded", 12, named(_ask("asset_trading_allowed"), "{{asset}}"), meanings=YES_GOOD),
        number("Most Wins in a Row", _ask("consecutive_wins_max"), 3),
        number("Most Losses in a Row", _ask("consecutive_losses_max"), 3),
        number("Longest Time below the Peak", _ask("drawdown_duration_max_seconds"), 3),
        number("Ruined", _ask("ruined"), 3, meanings=YES_BAD),
    ),
)

RISK = Dashboard(
    uid="hydra-risk",
    title="HYDRA Risk",
    description="The guardian's limits, how much of them is used, how fast, and what was stopped.",
    variables=(*WHERE, ASSET),
    annotations=ANNOTATIONS,
    rows=(_STATE, _DRAWDOWN, _NUMBERS, _HISTORY, _ASSETS),
    tags=("hydra",),
)
