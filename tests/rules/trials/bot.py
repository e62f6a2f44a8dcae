"""Series that make the alerts of any bot fire, and series just inside their limits."""

from tests.support.rules import Trial
from tests.support.series import HOURS, series_of

of = series_of("bot_", "bot", 9102)


def _level(metric: str, fires: str, quiet: str) -> list[Trial]:
    return [Trial({of(metric): f"{fires}{HOURS}"}, {of(metric): f"{quiet}{HOURS}"})]


def _with_trades(metric: str, value: str, trades: int) -> dict[str, str]:
    return {of(metric): f"{value}{HOURS}", of("closed_trades"): f"{trades}{HOURS}"}


def _break_even(bound: str, trades: int) -> dict[str, str]:
    """Return a payoff of 3, which breaks even at 25 %."""
    payoff = {of("average_risk_reward"): f"3{HOURS}"}
    return {**_with_trades("win_rate_upper_bound_percent", bound, trades), **payoff}


def _errors(severity: str, values: str, page: str = f"7{HOURS}") -> dict[str, str]:
    return {of("errors_total", severity=severity, component="feed"): values, of("closed_trades"): page}


TRIALS = {
    "BotDown": [Trial({of("system_status"): "1x59 0x120"}, {of("system_status"): "1x69 0x120"})],
    "BotDrawdownCritical": _level("drawdown_percent", "25.1", "25"),
    "BotDrawdownHigh": _level("drawdown_percent", "15.1", "15"),
    "BotRuined": _level("ruined", "1", "0"),
    "BotDailyLossLarge": _level("daily_pnl_percent", "-5.1", "-5"),
    "BotUnprofitable": [
        Trial(_with_trades("profit_factor", "0.99", 30), _with_trades("profit_factor", "1", 30)),
        Trial(_with_trades("profit_factor", "0.99", 30), _with_trades("profit_factor", "0.1", 29)),
    ],
    "BotWinRateBelowBreakEven": [
        Trial(_break_even("24.9", 30), _break_even("25", 30)),
        Trial(_break_even("24.9", 30), _break_even("10", 29)),
    ],
    "BotErrorsCritical": [
        Trial(_errors("critical", "0x60 1x120"), _errors("critical", f"1{HOURS}")),
        Trial(_errors("critical", "0x60 1x120"), _errors("high", "0x60 1x120")),
        Trial(_errors("critical", "_x60 1x120"), _errors("critical", "_x60 1x120", "_x60 7x120")),
    ],
    "BotErrorsMany": [Trial(_errors("low", "0+3x180"), _errors("low", "0+2x180"))],
}
"""An alert to its trials."""
