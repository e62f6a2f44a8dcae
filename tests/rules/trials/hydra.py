"""Series that make HYDRA's alerts fire, and series just inside their limits."""

from tests.support.rules import Trial
from tests.support.series import HOURS, series_of

of = series_of("hydra_", "hydra", 9101)

RUNS = {of("system_status"): f"1{HOURS}"}
OLD = {of("uptime_seconds"): f"86401{HOURS}"}
YOUNG = {of("uptime_seconds"): f"86400{HOURS}"}


def _limited(metric: str, limit: str, allowed: str, value: str) -> dict[str, str]:
    return {of(metric): f"{value}{HOURS}", of("guardian_limit", limit=limit): f"{allowed}{HOURS}"}


def _state(metric: str) -> list[Trial]:
    return [Trial({of(metric): f"1{HOURS}"}, {of(metric): f"0{HOURS}"})]


def _burn(step: str) -> dict[str, str]:
    """Return a budget that is used evenly from the first minute on."""
    return {of("loss_budget_used_ratio"): f"0+{step}x180"}


def _calls(slow: int, quick: int) -> dict[str, str]:
    """Return calls a minute that take more than 5 s, and up to 1 s."""
    labels = {"api": "exchange", "endpoint": "candles"}
    return {
        of("api_latency_seconds_bucket", **labels, le="1"): f"0+{quick}x180",
        of("api_latency_seconds_bucket", **labels, le="5"): f"0+{quick}x180",
        of("api_latency_seconds_bucket", **labels, le="10"): f"0+{quick + slow}x180",
        of("api_latency_seconds_bucket", **labels, le="+Inf"): f"0+{quick + slow}x180",
    }


def _few_calls() -> dict[str, str]:
    """Return a slow call now and then: four in five minutes."""
    return {
        series: "0x66 1 2 3 4x100" if 'le="10"' in series or "Inf" in series else "0x180" for series in _calls(1, 0)
    }


def _cycles(allowed: int, uptime: dict[str, str], last: dict[str, str]) -> dict[str, str]:
    return {of("iterations_total"): "0+1x2000", of("trading_allowed"): f"{allowed}x2000", **uptime, **last}


def _break_even(bound: str, trades: int) -> dict[str, str]:
    """Return a payoff of 1.5, which breaks even at 40 %."""
    return {
        of("win_rate_upper_bound_percent"): f"{bound}{HOURS}",
        of("avg_risk_reward"): f"1.5{HOURS}",
        of("closed_trades"): f"{trades}{HOURS}",
    }


def _profit(factor: str, trades: int) -> dict[str, str]:
    return {of("profit_factor"): f"{factor}{HOURS}", of("closed_trades"): f"{trades}{HOURS}"}


def _agreement(percent: int, buys: int) -> dict[str, str]:
    return {
        of("engine_agreement_rate"): f"{percent}{HOURS}",
        of("engine_votes_total", engine="A", direction="BUY"): f"{buys}{HOURS}",
        of("engine_votes_total", engine="B", direction="HOLD"): f"60{HOURS}",
    }


def _bar(closed: int, stale_after: int) -> dict[str, str]:
    """Return the newest bar of an asset, seconds after the beginning."""
    return {
        of("last_bar_timestamp_seconds", asset="SOL-USD"): f"{closed}{HOURS}",
        of("stale_after_seconds", asset="SOL-USD"): f"{stale_after}{HOURS}",
    }


_LONG_AGO = {of("last_trade_timestamp_seconds"): "0x2000"}
_LATELY = {of("last_trade_timestamp_seconds"): "1900x2000"}
_OLD_FOR_LONG = {of("uptime_seconds"): "86401x2000"}

TRIALS = {
    "HydraDown": [Trial({of("system_status"): "1x59 0x120"}, {of("system_status"): "1x69 0x120"})],
    "HydraEngineOffline": [
        Trial(
            {**RUNS, of("engine_active", engine="C"): f"0{HOURS}"},
            {**RUNS, of("engine_active", engine="C"): f"1{HOURS}"},
        ),
        Trial(
            {**RUNS, of("engine_active", engine="C"): f"0{HOURS}"},
            {of("system_status"): f"0{HOURS}", of("engine_active", engine="C"): f"0{HOURS}"},
        ),
    ],
    "HydraFeedStale": [
        Trial({**RUNS, **_bar(3_600, 300)}, {**RUNS, **_bar(3_900, 300)}),
        Trial({**RUNS, **_bar(3_600, 300)}, {**RUNS, **_bar(3_600, 900)}),
        Trial({**RUNS, **_bar(3_100, 900)}, {**RUNS, **_bar(3_300, 900)}),
        Trial({**RUNS, **_bar(3_600, 300)}, {of("system_status"): f"0{HOURS}", **_bar(0, 300)}),
    ],
    "HydraFeedErrors": [
        Trial(
            {of("data_feed_errors_total", source="exchange"): "0+2x180"},
            {of("data_feed_errors_total", source="exchange"): "0+1x180"},
        )
    ],
    "HydraCallsSlow": [
        Trial(_calls(1, 9), _calls(0, 10)),
        Trial(_calls(2, 0), _few_calls()),
    ],
    "HydraNoTrades": [
        Trial(_cycles(1, _OLD_FOR_LONG, _LONG_AGO), _cycles(1, _OLD_FOR_LONG, _LATELY), minute=1471),
        Trial(_cycles(1, OLD, {}), _cycles(0, OLD, {})),
        Trial(_cycles(1, OLD, {}), _cycles(1, YOUNG, {})),
    ],
    "HydraDailyDrawdownNear": [
        Trial(
            _limited("daily_drawdown_percent", "daily_drawdown", "0.03", "2.41"),
            _limited("daily_drawdown_percent", "daily_drawdown", "0.03", "2.39"),
        )
    ],
    "HydraDailyDrawdownReached": [
        Trial(
            _limited("daily_drawdown_percent", "daily_drawdown", "0.03", "3"),
            _limited("daily_drawdown_percent", "daily_drawdown", "0.03", "2.99"),
        )
    ],
    "HydraDrawdownNear": [
        Trial(
            _limited("total_drawdown_percent", "drawdown", "0.06", "4.81"),
            _limited("total_drawdown_percent", "drawdown", "0.06", "4.79"),
        )
    ],
    "HydraDrawdownReached": [
        Trial(
            _limited("total_drawdown_percent", "drawdown", "0.06", "6"),
            _limited("total_drawdown_percent", "drawdown", "0.06", "5.99"),
        ),
        Trial(
            _limited("total_drawdown_percent", "drawdown", "0.1", "10"),
            _limited("total_drawdown_percent", "drawdown", "0.1", "6"),
        ),
    ],
    "HydraDailyLossReached": [
        Trial({of("loss_budget_used_ratio"): f"1{HOURS}"}, {of("loss_budget_used_ratio"): f"0.99{HOURS}"})
    ],
    "HydraLossBudgetBurnsFast": [
        Trial(_burn("0.0043"), _burn("0.0041")),
        Trial(_burn("0.0043"), {of("loss_budget_used_ratio"): "0+0.02x40 0.8x140"}),
    ],
    "HydraLossBudgetBurnsSlowly": [
        Trial(
            {of("loss_budget_used_ratio"): "0+0.0015x600"}, {of("loss_budget_used_ratio"): "0+0.0013x600"}, minute=400
        )
    ],
    "HydraKillSwitch": _state("kill_switch_active"),
    "HydraEmergencyShutdown": _state("emergency_shutdown_active"),
    "HydraCircuitBreaker": _state("circuit_breaker_active"),
    "HydraConsecutiveLosses": [
        Trial(
            _limited("consecutive_losses", "losses_to_reduce", "3", "3"),
            _limited("consecutive_losses", "losses_to_reduce", "3", "2"),
        )
    ],
    "HydraWinRateBelowBreakEven": [
        Trial(_break_even("39.9", 30), _break_even("40", 30)),
        Trial(_break_even("39.9", 30), _break_even("20", 29)),
    ],
    "HydraUnprofitable": [Trial(_profit("0.99", 30), _profit("1", 30)), Trial(_profit("0.99", 30), _profit("0.1", 29))],
    "HydraEnginesDisagree": [
        Trial(_agreement(24, 40), _agreement(25, 40)),
        Trial(_agreement(24, 40), _agreement(0, 39)),
    ],
    "HydraRegimeStuck": [
        Trial(
            {**OLD, of("regime_current", asset="BTC-USD"): f"1{HOURS}"},
            {**OLD, of("regime_current", asset="BTC-USD"): "1x5 2x175"},
        ),
        Trial(
            {**OLD, of("regime_current", asset="BTC-USD"): f"1{HOURS}"},
            {**YOUNG, of("regime_current", asset="BTC-USD"): f"1{HOURS}"},
        ),
    ],
}
"""An alert to its trials."""
