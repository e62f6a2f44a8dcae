"""Every metric of HYDRA: those of its trades, its account and its risk; the rest in `observed_metrics`.

Names, labels and scales are those of the founding document; what is stable there keeps them for ever.
"""

from collections.abc import Iterator
from typing import NamedTuple

from tradewatch.catalog import Metric, Stability, Unit, concepts, distributions
from tradewatch.systems.hydra.declaring import STABLE, counter, gauge, histogram
from tradewatch.systems.hydra.observed_metrics import OBSERVED
from tradewatch.systems.system import System


class _Division(NamedTuple):
    """A way to divide trades: the start of its metrics' names, its labels, the words for its help."""

    prefix: str
    labels: tuple[str, ...]
    words: str
    stability: Stability = Stability.DEVELOPMENT


_ASSET = _Division("asset_", ("asset",), " per asset", STABLE)
_REGIME = _Division("regime_", ("regime",), " per regime at their opening", STABLE)
_DIVISIONS = (
    _ASSET,
    _REGIME,
    _Division("asset_regime_", ("asset", "regime"), " per asset and regime at their opening"),
    _Division("engine_led_", ("engine",), " per leading engine"),
    _Division("engine_led_regime_", ("engine", "regime"), " per leading engine and regime at their opening"),
    _Division("direction_", ("direction",), " per direction"),
)


def _divided(division: _Division) -> Iterator[Metric]:
    prefix, labels, words, stability = division
    yield gauge(
        f"{prefix}pnl_percent",
        concepts.NET_PROFIT_SHARE,
        Unit.PERCENT,
        f"Net profit{words}, in percent of the starting equity",
        *labels,
        stability=stability,
    )
    yield gauge(
        f"{prefix}win_rate",
        concepts.WIN_RATE,
        Unit.PERCENT,
        f"Wins in percent of closed trades{words}",
        *labels,
        stability=stability,
    )
    if division is not _ASSET:
        words = f"Trades closed{words}"
        yield counter(f"{prefix}trades_total", concepts.TRADES_TOLD, words, *labels, stability=stability)


_TRADES = (
    counter(
        "trades_total",
        concepts.TRADES_TOLD_BY_OUTCOME,
        "Trades closed per asset, direction and leading engine, by outcome",
        "asset",
        "direction",
        "engine",
        "outcome",
        closed="outcome",
        stability=STABLE,
    ),
    counter(
        "asset_trades_total",
        concepts.TRADES_TOLD,
        "Trades closed per asset and direction",
        "asset",
        "direction",
        stability=STABLE,
    ),
    gauge(
        "asset_trade_count",
        concepts.CLOSED_TRADES,
        Unit.COUNT,
        "Closed trades per asset, without voided ones",
        "asset",
        stability=STABLE,
        lint_exceptions={"_count": "the founding document's name"},
    ),
    gauge(
        "pnl_total_percent",
        concepts.NET_PROFIT_SHARE,
        Unit.PERCENT,
        "Net profit of closed trades in percent of the starting equity",
        stability=STABLE,
    ),
    gauge(
        "win_rate_24h",
        concepts.WIN_RATE_24H,
        Unit.PERCENT,
        "Wins in percent of trades closed in the last 24 hours",
        stability=STABLE,
    ),
    gauge(
        "win_rate_total",
        concepts.WIN_RATE,
        Unit.PERCENT,
        "Wins in percent of closed trades",
        stability=STABLE,
        lint_exceptions={"_total": "the founding document's name; it is a gauge"},
    ),
    gauge(
        "avg_risk_reward",
        concepts.PAYOFF_RATIO,
        Unit.TIMES,
        "Average win / absolute average loss",
        stability=STABLE,
    ),
    gauge("profit_factor", concepts.PROFIT_FACTOR, Unit.TIMES, "Gross profit / gross loss", stability=STABLE),
    gauge("expectancy", concepts.EXPECTANCY, Unit.MONEY, "Mean P&L per closed trade, in {currency}", stability=STABLE),
)

_MORE_TRADES = (
    gauge("closed_trades", concepts.CLOSED_TRADES, Unit.COUNT, "Closed trades, without voided ones: the n of ratios"),
    gauge("win_rate_lower_bound_percent", concepts.WIN_RATE_LOWEST, Unit.PERCENT, "Lower end of its 95 % interval"),
    gauge("win_rate_upper_bound_percent", concepts.WIN_RATE_HIGHEST, Unit.PERCENT, "Upper end of its 95 % interval"),
    gauge("pnl_usd", concepts.NET_PROFIT, Unit.MONEY, "Net profit of closed trades, in {currency}"),
    gauge("gross_profit_usd", concepts.GROSS_PROFIT, Unit.MONEY, "Sum of positive P&L, in {currency}"),
    gauge("gross_loss_usd", concepts.GROSS_LOSS, Unit.MONEY, "Absolute sum of negative P&L, in {currency}"),
    gauge("average_win_usd", concepts.AVERAGE_WIN, Unit.MONEY, "Mean P&L of wins, in {currency}"),
    gauge("average_loss_usd", concepts.AVERAGE_LOSS, Unit.MONEY, "Mean P&L of losses, in {currency}; below 0"),
    gauge("largest_win_usd", concepts.LARGEST_WIN, Unit.MONEY, "Largest P&L of a win, in {currency}"),
    gauge("largest_loss_usd", concepts.LARGEST_LOSS, Unit.MONEY, "P&L of the largest loss, in {currency}; below 0"),
    gauge("expectancy_r", concepts.EXPECTANCY_R, Unit.TIMES, "Mean of P&L / initial risk"),
    gauge("consecutive_wins", concepts.CURRENT_WINS, Unit.COUNT, "Wins since the last loss"),
    gauge("consecutive_losses", concepts.CURRENT_LOSSES, Unit.COUNT, "Losses since the last win"),
    gauge("consecutive_wins_max", concepts.LONGEST_WINS, Unit.COUNT, "Most wins in a row"),
    gauge("consecutive_losses_max", concepts.LONGEST_LOSSES, Unit.COUNT, "Most losses in a row"),
    gauge(
        "fees_usd_total",
        concepts.FEES,
        Unit.MONEY,
        "Fees of closed trades, in {currency}",
        lint_exceptions={"_total": "fees follow corrections, so that they may go down: it is a gauge"},
    ),
    gauge("open_trades", concepts.OPEN_TRADES, Unit.COUNT, "Trades that are open"),
    gauge(
        "open_positions",
        concepts.OPEN_TRADES,
        Unit.COUNT,
        "Trades that are open per asset and leading engine",
        "asset",
        "engine",
    ),
    gauge(
        "regime_trade_count",
        concepts.CLOSED_TRADES,
        Unit.COUNT,
        "Closed trades per regime at their opening, without voided ones",
        "regime",
        lint_exceptions={"_count": "as the founding document has it for assets"},
    ),
    gauge("last_trade_timestamp_seconds", concepts.LAST_TRADE_TIME, Unit.SECONDS, "Unix time of the newest closing"),
    counter("trades_corrected_total", concepts.TRADES_CORRECTED, "Corrections of closed trades"),
    counter("trades_voided_total", concepts.TRADES_VOIDED, "Trades told and later taken back"),
    histogram("trade_pnl_usd", distributions.TRADE_PROFIT, Unit.MONEY, "P&L of closed trades, in {currency}"),
    histogram("trade_duration_seconds", distributions.TRADE_DURATION, Unit.SECONDS, "Time from opening to closing"),
    histogram(
        "entry_slippage_basis_points",
        distributions.TRADE_SLIPPAGE,
        Unit.TIMES,
        "Slippage of entries, in basis points; a cost is above 0",
    ),
)

_ACCOUNT = tuple(
    gauge(name, concept, unit, words, stability=STABLE)
    for name, concept, unit, words in (
        ("account_balance_usd", concepts.BALANCE, Unit.MONEY, "Starting equity + flows + realised P&L, in {currency}"),
        ("peak_balance_usd", concepts.PEAK_BALANCE, Unit.MONEY, "Running peak of the balance, in {currency}"),
        ("daily_pnl_usd", concepts.DAILY_PROFIT, Unit.MONEY, "Equity since 00:00 UTC less flows, in {currency}"),
        ("pnl_daily_percent", concepts.DAILY_PROFIT_SHARE, Unit.PERCENT, "Daily P&L in percent of equity at 00:00 UTC"),
        (
            "daily_drawdown_percent",
            concepts.DAILY_DRAWDOWN,
            Unit.PERCENT,
            "Fall of equity from the day's peak, in percent",
        ),
        ("total_drawdown_percent", concepts.CURRENT_DRAWDOWN, Unit.PERCENT, "Fall of equity from its peak, in percent"),
        ("max_drawdown_percent", concepts.MAXIMUM_DRAWDOWN, Unit.PERCENT, "Largest drawdown so far, in percent"),
        ("sharpe_ratio", concepts.SHARPE_RATIO, Unit.TIMES, "Sharpe ratio of daily returns, a year of {days} days"),
        ("sortino_ratio", concepts.SORTINO_RATIO, Unit.TIMES, "Sortino ratio of daily returns, a year of {days} days"),
        ("calmar_ratio", concepts.CALMAR_RATIO, Unit.TIMES, "CAGR / maximum drawdown, a year of {days} days"),
    )
)

_MORE_ACCOUNT = (
    gauge("equity_usd", concepts.EQUITY, Unit.MONEY, "Balance + unrealised P&L at the last mark, in {currency}"),
    gauge("starting_equity_usd", concepts.STARTING_EQUITY, Unit.MONEY, "Equity at the start, in {currency}"),
    gauge("cash_flows_usd", concepts.CASH_FLOWS, Unit.MONEY, "Deposits less withdrawals, in {currency}"),
    gauge(
        "risk_exposure_percent", concepts.EXPOSURE, Unit.PERCENT, "Sum of absolute position values in percent of equity"
    ),
    gauge("largest_fall_usd", concepts.LARGEST_FALL, Unit.MONEY, "Largest fall of equity less flows, in {currency}"),
    gauge(
        "drawdown_duration_seconds", concepts.DRAWDOWN_SECONDS, Unit.SECONDS, "Time since equity was last at its peak"
    ),
    gauge("drawdown_duration_max_seconds", concepts.LONGEST_DRAWDOWN_SECONDS, Unit.SECONDS, "Longest drawdown so far"),
    gauge("recovery_factor", concepts.RECOVERY_FACTOR, Unit.TIMES, "Net profit / largest fall"),
    gauge("var_95_usd", concepts.VALUE_AT_RISK, Unit.MONEY, "Daily value at risk at 95 %, in {currency}"),
    gauge("cvar_95_usd", concepts.EXPECTED_SHORTFALL, Unit.MONEY, "Mean loss of days at or beyond it, in {currency}"),
    gauge(
        "probabilistic_sharpe_ratio",
        concepts.PROBABILISTIC_SHARPE_RATIO,
        Unit.RATIO,
        "Probability that the Sharpe ratio is above 0",
    ),
    gauge(
        "return_days",
        concepts.RETURN_DAYS,
        Unit.COUNT,
        "Daily returns: the n behind the ratios of returns",
        lint_exceptions={"base unit": "a number of days, not a time"},
    ),
    gauge("cagr_percent", concepts.CAGR, Unit.PERCENT, "Compound annual growth in percent, a year of {days} days"),
    gauge(
        "monthly_return_percent",
        concepts.MONTHLY_RETURN,
        Unit.PERCENT,
        "Return of a UTC month in percent, the newest as far as it has come",
        "year",
        "month",
    ),
    gauge("ruined", concepts.RUIN, Unit.STATE, "1 once trading has brought equity to 0 or below"),
)

HYDRA = System(
    name="hydra",
    metrics=(
        *_TRADES,
        *(metric for division in _DIVISIONS for metric in _divided(division)),
        *_MORE_TRADES,
        *_ACCOUNT,
        *_MORE_ACCOUNT,
        *OBSERVED,
    ),
)
"""HYDRA."""
