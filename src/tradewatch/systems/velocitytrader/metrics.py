"""Every metric of VelocityPTrader: those of its trades, its account and its life; the rest in `observed_metrics`.

Names, labels and scales are those of the founding document; what is stable there keeps them for ever.
"""

from collections.abc import Iterator
from typing import NamedTuple

from tradewatch.catalog import Concept, Kind, Metric, Population, Stability, Unit, concepts, distributions
from tradewatch.facts import Outcome, Severity
from tradewatch.systems.system import System
from tradewatch.systems.velocitytrader.observed_metrics import OBSERVED

_PREFIX = "velocitytrader_"
_NOT_A_COUNTER = {"_total": "the founding document's name; it is a gauge"}
_UPTIME = {"_total": "the founding document's name; it is a counter"}


class _Division(NamedTuple):
    """A way to divide trades: the start of its metrics' names, its label, the words for its help, whose trades."""

    prefix: str
    label: str  # several with a comma between
    words: str
    population: Population = Population.REAL
    stability: Stability = Stability.DEVELOPMENT

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(filter(None, self.label.split(",")))


_AGENT = _Division("agent_", "agent", " per agent", stability=Stability.STABLE)
_REGIME = _Division("regime_", "regime", " per regime at their opening", stability=Stability.STABLE)
_SYMBOL = _Division("symbol_", "symbol", " per symbol")
_TIMEFRAME = _Division("timeframe_", "timeframe", " per timeframe")
_AGENT_REGIME = _Division("agent_regime_", "agent,regime", " per agent and regime at their opening")
_VIRTUAL = _Division("virtual_", "", ", virtual ones", Population.VIRTUAL)
_VIRTUAL_AGENT = _Division("virtual_agent_", "agent", " per agent, virtual ones", Population.VIRTUAL)


def _gauge(name: str, concept: Concept, unit: Unit, words: str) -> Metric:
    exceptions = _NOT_A_COUNTER if name.endswith("_total") else {}
    return Metric(
        name=_PREFIX + name,
        concept=concept,
        kind=Kind.GAUGE,
        unit=unit,
        help=words,
        stability=Stability.STABLE,
        lint_exceptions=exceptions,
    )


def _counter(name: str, concept: Concept, words: str) -> Metric:
    return Metric(
        name=_PREFIX + name,
        concept=concept,
        kind=Kind.COUNTER,
        unit=Unit.COUNT,
        help=words,
        stability=Stability.STABLE,
    )


def _divided(division: _Division, pnl: str) -> Iterator[Metric]:
    """Yield what is told of every division; ``pnl``: what the founding document calls its profit."""
    yield _of(division, "trades_total", concepts.TRADES_TOLD, (Kind.COUNTER, Unit.COUNT), "Trades closed")
    yield _of(division, "win_rate", concepts.WIN_RATE, (Kind.GAUGE, Unit.PERCENT), "Wins in percent of closed trades")
    yield _of(division, pnl, concepts.NET_PROFIT, (Kind.GAUGE, Unit.MONEY), "Net profit in {currency}")


def _of(division: _Division, name: str, concept: Concept, form: tuple[Kind, Unit], words: str) -> Metric:
    kind, unit = form
    return Metric(
        name=f"{_PREFIX}{division.prefix}{name}",
        concept=concept,
        kind=kind,
        unit=unit,
        help=f"{words}{division.words}",
        labels=division.labels,
        population=division.population,
        stability=division.stability,
        lint_exceptions=_NOT_A_COUNTER if kind is Kind.GAUGE and name.endswith("_total") else {},
    )


_TRADES = (
    _counter("trades_total", concepts.TRADES_TOLD, "Trades closed"),
    _counter("trades_winning_total", concepts.WINS_TOLD, "Winning trades"),
    _counter("trades_losing_total", concepts.LOSSES_TOLD, "Losing trades"),
    _gauge("win_rate", concepts.WIN_RATE, Unit.PERCENT, "Wins in percent of closed trades"),
    _gauge("pnl_total", concepts.NET_PROFIT, Unit.MONEY, "Net profit of closed trades, in {currency}"),
    _gauge("gross_profit", concepts.GROSS_PROFIT, Unit.MONEY, "Sum of positive P&L, in {currency}"),
    _gauge("gross_loss", concepts.GROSS_LOSS, Unit.MONEY, "Absolute sum of negative P&L, in {currency}"),
    _gauge("profit_factor", concepts.PROFIT_FACTOR, Unit.TIMES, "Gross profit / gross loss"),
    _gauge("avg_trade_pnl", concepts.EXPECTANCY, Unit.MONEY, "Mean P&L per closed trade, in {currency}"),
    _gauge("avg_win", concepts.AVERAGE_WIN, Unit.MONEY, "Mean P&L of wins, in {currency}"),
    _gauge("avg_loss", concepts.AVERAGE_LOSS, Unit.MONEY, "Mean P&L of losses, in {currency}; below 0"),
    _gauge("largest_win", concepts.LARGEST_WIN, Unit.MONEY, "Largest P&L of a win, in {currency}"),
    _gauge("largest_loss", concepts.LARGEST_LOSS, Unit.MONEY, "P&L of the largest loss, in {currency}; below 0"),
    _gauge("trade_duration_avg_seconds", concepts.MEAN_DURATION, Unit.SECONDS, "Mean time from opening to closing"),
    _gauge("consecutive_wins_max", concepts.LONGEST_WINS, Unit.COUNT, "Most wins in a row"),
    _gauge("consecutive_losses_max", concepts.LONGEST_LOSSES, Unit.COUNT, "Most losses in a row"),
)

_AGENTS = (
    *_divided(_AGENT, "pnl_total"),
    _of(
        _AGENT,
        "avg_confidence",
        concepts.MEAN_CONFIDENCE,
        (Kind.GAUGE, Unit.RATIO),
        "Mean confidence of closed trades, 0 to 1,",
    ),
    _of(_AGENT, "active_positions", concepts.OPEN_TRADES, (Kind.GAUGE, Unit.COUNT), "Trades that are open"),
)

_RISK = (
    _gauge("account_balance", concepts.BALANCE, Unit.MONEY, "Starting equity + flows + realised P&L, in {currency}"),
    _gauge("account_equity", concepts.EQUITY, Unit.MONEY, "Balance + unrealised P&L at the last mark, in {currency}"),
    _gauge("current_drawdown", concepts.CURRENT_DRAWDOWN, Unit.PERCENT, "Fall of equity from its peak, in percent"),
    _gauge("max_drawdown", concepts.MAXIMUM_DRAWDOWN, Unit.PERCENT, "Largest drawdown so far, in percent"),
    _gauge("risk_exposure", concepts.EXPOSURE, Unit.PERCENT, "Sum of absolute position values in percent of equity"),
    _gauge("var_95", concepts.VALUE_AT_RISK, Unit.MONEY, "Daily value at risk at 95 %, in {currency}"),
    _gauge("sharpe_ratio", concepts.SHARPE_RATIO, Unit.TIMES, "Sharpe ratio of daily returns, a year of {days} days"),
    _gauge(
        "sortino_ratio", concepts.SORTINO_RATIO, Unit.TIMES, "Sortino ratio of daily returns, a year of {days} days"
    ),
    _gauge("calmar_ratio", concepts.CALMAR_RATIO, Unit.TIMES, "CAGR / maximum drawdown, a year of {days} days"),
    _gauge("recovery_factor", concepts.RECOVERY_FACTOR, Unit.TIMES, "Net profit / largest fall"),
)

_BEYOND_RISK = tuple(
    Metric(name=_PREFIX + name, concept=concept, kind=Kind.GAUGE, unit=unit, help=words)
    for name, concept, unit, words in (
        ("cvar_95", concepts.EXPECTED_SHORTFALL, Unit.MONEY, "Mean loss of days at or beyond it, in {currency}"),
        (
            "drawdown_duration_seconds",
            concepts.DRAWDOWN_SECONDS,
            Unit.SECONDS,
            "Time since equity was last at its peak",
        ),
        (
            "probabilistic_sharpe_ratio",
            concepts.PROBABILISTIC_SHARPE_RATIO,
            Unit.RATIO,
            "Probability that the Sharpe ratio is above 0",
        ),
        ("closed_trades", concepts.CLOSED_TRADES, Unit.COUNT, "Closed trades, without voided ones: the n of ratios"),
        ("daily_returns", concepts.RETURN_DAYS, Unit.COUNT, "Daily returns: the n behind the ratios of returns"),
        ("win_rate_lower_bound_percent", concepts.WIN_RATE_LOWEST, Unit.PERCENT, "Lower end of its 95 % interval"),
        ("win_rate_upper_bound_percent", concepts.WIN_RATE_HIGHEST, Unit.PERCENT, "Upper end of its 95 % interval"),
        ("ruined", concepts.RUIN, Unit.STATE, "1 once trading has brought equity to 0 or below"),
    )
)

_DISTRIBUTIONS = tuple(
    Metric(name=_PREFIX + name, concept=concept, kind=Kind.HISTOGRAM, unit=unit, help=words)
    for name, concept, unit, words in (
        ("trade_pnl", distributions.TRADE_PROFIT, Unit.MONEY, "P&L of closed trades, in {currency}"),
        ("trade_duration_seconds", distributions.TRADE_DURATION, Unit.SECONDS, "Time from opening to closing"),
        (
            "entry_slippage_basis_points",
            distributions.TRADE_SLIPPAGE,
            Unit.TIMES,
            "Slippage of entries, in basis points; a cost is above 0",
        ),
        ("cycle_duration_seconds", distributions.CYCLE_SECONDS, Unit.SECONDS, "Time that a cycle took, in a live run"),
    )
)

_LIFE = (
    _gauge("system_status", concepts.SYSTEM_STATUS, Unit.STATE, "1 while heartbeats come in time, else 0"),
    Metric(
        name="velocitytrader_uptime_seconds",
        concept=concepts.UPTIME,
        kind=Kind.COUNTER,
        unit=Unit.SECONDS,
        help="Time since the newest run began",
        stability=Stability.STABLE,
        lint_exceptions=_UPTIME,
    ),
    Metric(
        name="velocitytrader_errors_total",
        concept=concepts.ERRORS,
        kind=Kind.COUNTER,
        unit=Unit.COUNT,
        help="Errors the system told of",
        labels=("severity", "component"),
        closed={"severity": tuple(severity.value for severity in Severity)},
        stability=Stability.STABLE,
    ),
    Metric(
        name="velocitytrader_info",
        concept=concepts.ACCOUNT,
        kind=Kind.GAUGE,
        unit=Unit.COUNT,
        help="The account's currency, how real its money is (live, paper, replay, simulated, imported), days a year",
        labels=("currency", "mode", "days_a_year"),
    ),
    Metric(
        name="velocitytrader_trades_by_outcome_total",
        concept=concepts.TRADES_TOLD_BY_OUTCOME,
        kind=Kind.COUNTER,
        unit=Unit.COUNT,
        help="Trades closed per agent and symbol, by outcome",
        labels=("agent", "symbol", "outcome"),
        closed={"outcome": tuple(outcome.value for outcome in Outcome)},
    ),
    Metric(
        name="velocitytrader_last_trade_timestamp_seconds",
        concept=concepts.LAST_TRADE_TIME,
        kind=Kind.GAUGE,
        unit=Unit.SECONDS,
        help="Unix time of the newest closing",
    ),
)

VELOCITYTRADER = System(
    name="velocitytrader",
    metrics=(
        *_TRADES,
        *_AGENTS,
        *_divided(_REGIME, "pnl"),
        *_divided(_SYMBOL, "pnl"),
        *_divided(_TIMEFRAME, "pnl"),
        *_divided(_AGENT_REGIME, "pnl"),
        *_RISK,
        *_BEYOND_RISK,
        *_divided(_VIRTUAL, "pnl"),
        *_divided(_VIRTUAL_AGENT, "pnl"),
        *_DISTRIBUTIONS,
        *_LIFE,
        *OBSERVED,
    ),
)
"""VelocityPTrader."""
