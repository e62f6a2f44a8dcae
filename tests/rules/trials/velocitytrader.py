"""Series that make VelocityPTrader's alerts fire, and series just inside their limits."""

from tests.support.rules import Trial
from tests.support.series import HOURS, series_of

of = series_of("velocitytrader_", "velocitytrader", 9090)

ENOUGH = {of("closed_trades"): f"20{HOURS}"}
FEW = {of("closed_trades"): f"19{HOURS}"}
RUNNING = {of("system_status"): f"1{HOURS}"}


def _agent(agent: str, win_rate: str, trades: int) -> dict[str, str]:
    return {
        of("agent_win_rate", agent=agent): f"{win_rate}{HOURS}",
        of("agent_trades_total", agent=agent): f"{trades}{HOURS}",
    }


def _learning(agent: str, experiences: int, **values: str) -> dict[str, str]:
    told = {of(f"rl_{name}", agent=agent): f"{value}{HOURS}" for name, value in values.items()}
    return {**told, of("rl_experiences_total", agent=agent): f"{experiences}{HOURS}"}


def _errors(severity: str, values: str, page: str = f"7{HOURS}") -> dict[str, str]:
    return {of("errors_total", severity=severity, component="feed"): values, of("closed_trades"): page}


TRIALS = {
    "VelocityTraderDown": [
        Trial({of("system_status"): "1x59 0x120"}, {of("system_status"): "1x69 0x120"}, minute=70),
    ],
    "VelocityTraderMT5Disconnected": [
        Trial({**RUNNING, of("mt5_connection"): "1x59 0x120"}, {**RUNNING, of("mt5_connection"): "1x68 0x120"}),
        Trial(
            {**RUNNING, of("mt5_connection"): f"0{HOURS}"},
            {of("system_status"): "0x180", of("mt5_connection"): "0x180"},
        ),
    ],
    "VelocityTraderErrorsCritical": [
        Trial(_errors("critical", "0x60 1x120"), _errors("critical", f"1{HOURS}")),
        Trial(_errors("critical", "0x60 1x120"), _errors("high", "0x60 1x120")),
        Trial(_errors("critical", "_x60 1x120"), _errors("critical", "_x60 1x120", "_x60 7x120")),
    ],
    "VelocityTraderErrorsMany": [Trial(_errors("low", "0+3x180"), _errors("low", "0+2x180"))],
    "VelocityTraderDatabaseSlow": [
        Trial({of("db_query_latency_seconds"): f"0.51{HOURS}"}, {of("db_query_latency_seconds"): f"0.5{HOURS}"})
    ],
    "VelocityTraderDrawdownCritical": [
        Trial({of("current_drawdown"): f"25.1{HOURS}"}, {of("current_drawdown"): f"25{HOURS}"}),
    ],
    "VelocityTraderDrawdownHigh": [
        Trial({of("current_drawdown"): f"15.1{HOURS}"}, {of("current_drawdown"): f"15{HOURS}"})
    ],
    "VelocityTraderWinRateLow": [
        Trial({**ENOUGH, of("win_rate"): f"39.9{HOURS}"}, {**ENOUGH, of("win_rate"): f"40{HOURS}"}),
        Trial({**ENOUGH, of("win_rate"): f"39.9{HOURS}"}, {**FEW, of("win_rate"): f"0{HOURS}"}),
    ],
    "VelocityTraderUnprofitable": [
        Trial({**ENOUGH, of("profit_factor"): f"0.99{HOURS}"}, {**ENOUGH, of("profit_factor"): f"1{HOURS}"}),
        Trial({**ENOUGH, of("profit_factor"): f"0.99{HOURS}"}, {**FEW, of("profit_factor"): f"0.1{HOURS}"}),
    ],
    "VelocityTraderHalted": [
        Trial({of("trading_allowed"): f"0{HOURS}"}, {of("trading_allowed"): f"1{HOURS}"}),
    ],
    "BerserkerUnderperforming": [
        Trial(_agent("berserker", "34.9", 20), _agent("berserker", "35", 20)),
        Trial(_agent("berserker", "34.9", 20), _agent("berserker", "10", 19)),
    ],
    "SniperUnderperforming": [
        Trial(_agent("sniper", "44.9", 20), _agent("sniper", "45", 20)),
        Trial(_agent("sniper", "44.9", 20), _agent("sniper", "10", 19)),
    ],
    "VelocityTraderModelConfidenceLow": [
        Trial(
            _learning("sniper", 10_001, model_confidence="0.29"), _learning("sniper", 10_001, model_confidence="0.3")
        ),
        Trial(
            _learning("sniper", 10_001, model_confidence="0.29"), _learning("sniper", 10_000, model_confidence="0.1")
        ),
    ],
    "VelocityTraderExplorationHigh": [
        Trial(
            _learning("sniper", 10_001, exploration_rate="0.11"), _learning("sniper", 10_001, exploration_rate="0.1")
        ),
        Trial(
            _learning("berserker", 10_001, exploration_rate="0.31"),
            _learning("berserker", 10_001, exploration_rate="0.3"),
        ),
        Trial(
            _learning("sniper", 10_001, exploration_rate="0.11"), _learning("sniper", 10_000, exploration_rate="0.9")
        ),
    ],
}
"""An alert to its trials."""
