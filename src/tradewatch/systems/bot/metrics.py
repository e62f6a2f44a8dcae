"""Every metric of the generic system: any bot that recorded its facts or whose trades were imported."""

from collections.abc import Iterator
from typing import NamedTuple

from tradewatch.catalog import Concept, Kind, Metric, Population, Unit, concepts
from tradewatch.facts import Outcome
from tradewatch.systems.system import System


class _Division(NamedTuple):
    """A way to divide closed trades: the start of its metrics' names, its labels, and the words for its help."""

    prefix: str
    labels: tuple[str, ...]
    words: str


_WHOLE = _Division("", (), "")
_DIVISIONS = (
    _WHOLE,
    _Division("asset_", ("asset",), " per asset"),
    _Division("strategy_", ("strategy",), " per strategy"),
    _Division("tag_", ("tag",), " per entry tag"),
    _Division("direction_", ("direction",), " per direction"),
    _Division("exit_reason_", ("exit_reason",), " per exit reason"),
)


def _gauge(name: str, concept: Concept, unit: Unit, words: str, labels: tuple[str, ...] = ()) -> Metric:
    return Metric(name=f"bot_{name}", concept=concept, kind=Kind.GAUGE, unit=unit, help=words, labels=labels)


def _counter(name: str, concept: Concept, words: str, labels: tuple[str, ...] = ()) -> Metric:
    return Metric(
        name=f"bot_{name}_total", concept=concept, kind=Kind.COUNTER, unit=Unit.COUNT, help=words, labels=labels
    )


def _trades(division: _Division) -> Iterator[Metric]:
    prefix, labels, words = division
    yield Metric(
        name=f"bot_{prefix}trades_total",
        concept=concepts.TRADES_TOLD_BY_OUTCOME,
        kind=Kind.COUNTER,
        unit=Unit.COUNT,
        help=f"Trades closed{words}, by outcome",
        labels=(*labels, "outcome"),
        closed={"outcome": tuple(outcome.value for outcome in Outcome)},
    )
    for name, concept, unit, what in _TRADE_GAUGES:
        yield _gauge(f"{prefix}{name}", concept, unit, what.format(words=words), labels)


# {currency} is filled in on the page.
_TRADE_GAUGES = (
    ("closed_trades", concepts.CLOSED_TRADES, Unit.COUNT, "Closed trades{words}, without voided ones: the n of ratios"),
    ("win_rate", concepts.WIN_RATE, Unit.PERCENT, "Wins in percent of closed trades{words}"),
    ("pnl", concepts.NET_PROFIT, Unit.MONEY, "Net profit of closed trades{words}, in {{currency}}"),
    ("pnl_percent", concepts.NET_PROFIT_SHARE, Unit.PERCENT, "Net profit{words} in percent of the starting equity"),
    ("gross_profit", concepts.GROSS_PROFIT, Unit.MONEY, "Sum of positive P&L{words}, in {{currency}}"),
    ("gross_loss", concepts.GROSS_LOSS, Unit.MONEY, "Absolute sum of negative P&L{words}, in {{currency}}"),
    ("profit_factor", concepts.PROFIT_FACTOR, Unit.TIMES, "Gross profit / gross loss{words}"),
    ("expectancy", concepts.EXPECTANCY, Unit.MONEY, "Mean P&L per closed trade{words}, in {{currency}}"),
)

_WHOLE_TRADES = (
    _gauge(
        "win_rate_lower_bound_percent",
        concepts.WIN_RATE_LOWEST,
        Unit.PERCENT,
        "Lower end of the win rate's 95 % interval",
    ),
    _gauge(
        "win_rate_upper_bound_percent",
        concepts.WIN_RATE_HIGHEST,
        Unit.PERCENT,
        "Upper end of the win rate's 95 % interval",
    ),
    _gauge(
        "win_rate_24h", concepts.WIN_RATE_24H, Unit.PERCENT, "Wins in percent of trades closed in the last 24 hours"
    ),
    _gauge("average_win", concepts.AVERAGE_WIN, Unit.MONEY, "Mean P&L of wins, in {currency}"),
    _gauge("average_loss", concepts.AVERAGE_LOSS, Unit.MONEY, "Mean P&L of losses, in {currency}; below 0"),
    _gauge("average_risk_reward", concepts.PAYOFF_RATIO, Unit.TIMES, "Average win / absolute average loss"),
    _gauge("largest_win", concepts.LARGEST_WIN, Unit.MONEY, "Largest P&L of a win, in {currency}"),
    _gauge("largest_loss", concepts.LARGEST_LOSS, Unit.MONEY, "P&L of the largest loss, in {currency}; below 0"),
    _gauge("expectancy_r", concepts.EXPECTANCY_R, Unit.TIMES, "Mean of P&L / initial risk"),
    _gauge("consecutive_wins", concepts.CURRENT_WINS, Unit.COUNT, "Wins since the last loss"),
    _gauge("consecutive_losses", concepts.CURRENT_LOSSES, Unit.COUNT, "Losses since the last win"),
    _gauge("consecutive_wins_max", concepts.LONGEST_WINS, Unit.COUNT, "Most wins in a row"),
    _gauge("consecutive_losses_max", concepts.LONGEST_LOSSES, Unit.COUNT, "Most losses in a row"),
    _gauge("trade_duration_average_seconds", concepts.MEAN_DURATION, Unit.SECONDS, "Mean time from opening to closing"),
    _gauge("fees", concepts.FEES, Unit.MONEY, "Fees of closed trades, in {currency}"),
    _gauge("adverse_excursion_r", concepts.MEAN_ADVERSE, Unit.TIMES, "Mean of the worst unrealised P&L (MAE), in R"),
    _gauge(
        "favourable_excursion_r", concepts.MEAN_FAVOURABLE, Unit.TIMES, "Mean of the best unrealised P&L (MFE), in R"
    ),
    _gauge(
        "entry_slippage_basis_points",
        concepts.ENTRY_SLIPPAGE,
        Unit.TIMES,
        "Mean slippage of entries; a cost is above 0",
    ),
    _gauge(
        "exit_slippage_basis_points", concepts.EXIT_SLIPPAGE, Unit.TIMES, "Mean slippage of exits; a cost is above 0"
    ),
)

_LIMITS = (
    _gauge("cash_flows", concepts.CASH_FLOWS, Unit.MONEY, "Deposits less withdrawals, in {currency}"),
    _gauge("peak_balance", concepts.PEAK_BALANCE, Unit.MONEY, "Running peak of the balance, in {currency}"),
    _gauge(
        "daily_pnl",
        concepts.DAILY_PROFIT,
        Unit.MONEY,
        "Equity less equity at 00:00 UTC and today's flows, in {currency}",
    ),
    _gauge(
        "daily_pnl_percent", concepts.DAILY_PROFIT_SHARE, Unit.PERCENT, "Daily P&L in percent of equity at 00:00 UTC"
    ),
    _gauge(
        "daily_drawdown_percent",
        concepts.DAILY_DRAWDOWN,
        Unit.PERCENT,
        "Fall of equity from the day's peak, in percent",
    ),
    _gauge("largest_fall", concepts.LARGEST_FALL, Unit.MONEY, "Largest fall of equity less flows, in {currency}"),
    _gauge(
        "drawdown_duration_seconds", concepts.DRAWDOWN_SECONDS, Unit.SECONDS, "Time since equity was last at its peak"
    ),
    _gauge("drawdown_duration_max_seconds", concepts.LONGEST_DRAWDOWN_SECONDS, Unit.SECONDS, "Longest drawdown so far"),
    _gauge("recovery_factor", concepts.RECOVERY_FACTOR, Unit.TIMES, "Net profit / largest fall"),
    _gauge("exposure_percent", concepts.EXPOSURE, Unit.PERCENT, "Sum of absolute position values in percent of equity"),
    _gauge(
        "net_exposure_percent", concepts.NET_EXPOSURE, Unit.PERCENT, "Value bought less value sold in percent of equity"
    ),
    _gauge(
        "largest_exposure_percent", concepts.LARGEST_EXPOSURE, Unit.PERCENT, "Largest single asset in percent of equity"
    ),
    _gauge("ruined", concepts.RUIN, Unit.STATE, "1 once trading has brought equity to 0 or below"),
)

_RETURNS = (
    _gauge("daily_returns", concepts.RETURN_DAYS, Unit.COUNT, "Daily returns: the n behind the ratios of returns"),
    _gauge("sharpe_ratio", concepts.SHARPE_RATIO, Unit.TIMES, "Sharpe ratio of daily returns, a year of {days} days"),
    _gauge(
        "sortino_ratio", concepts.SORTINO_RATIO, Unit.TIMES, "Sortino ratio of daily returns, a year of {days} days"
    ),
    _gauge("calmar_ratio", concepts.CALMAR_RATIO, Unit.TIMES, "CAGR / maximum drawdown, a year of {days} days"),
    _gauge("cagr_percent", concepts.CAGR, Unit.PERCENT, "Compound annual growth in percent, a year of {days} days"),
    _gauge(
        "probabilistic_sharpe_ratio",
        concepts.PROBABILISTIC_SHARPE_RATIO,
        Unit.RATIO,
        "Probability that the Sharpe ratio is above 0",
    ),
    _gauge(
        "minimum_track_record",
        concepts.MINIMUM_TRACK_RECORD,
        Unit.COUNT,
        "Daily returns it takes to be 95 % sure of it",
    ),
    _gauge("var_95", concepts.VALUE_AT_RISK, Unit.MONEY, "Daily value at risk at 95 %, in {currency}"),
    _gauge("cvar_95", concepts.EXPECTED_SHORTFALL, Unit.MONEY, "Mean loss of days at or beyond it, in {currency}"),
)

_ACCOUNT = (
    Metric(
        name="bot_info",
        concept=concepts.ACCOUNT,
        kind=Kind.GAUGE,
        unit=Unit.COUNT,
        help="The account's currency, how real its money is (live, paper, replay, simulated, imported), days a year",
        labels=("currency", "mode", "days_a_year"),
    ),
    _gauge("starting_equity", concepts.STARTING_EQUITY, Unit.MONEY, "Equity at the start, in {currency}"),
    _gauge("balance", concepts.BALANCE, Unit.MONEY, "Starting equity + cash flows + realised P&L, in {currency}"),
    _gauge("equity", concepts.EQUITY, Unit.MONEY, "Balance + unrealised P&L at the last mark, in {currency}"),
    _gauge("drawdown_percent", concepts.CURRENT_DRAWDOWN, Unit.PERCENT, "Fall of equity from its peak, in percent"),
    _gauge("max_drawdown_percent", concepts.MAXIMUM_DRAWDOWN, Unit.PERCENT, "Largest drawdown so far, in percent"),
    _gauge("open_trades", concepts.OPEN_TRADES, Unit.COUNT, "Trades that are open"),
    _counter("trades_corrected", concepts.TRADES_CORRECTED, "Corrections of closed trades"),
    _counter("trades_voided", concepts.TRADES_VOIDED, "Trades told and later taken back"),
)

_VIRTUAL = (
    Metric(
        name="bot_virtual_trades_total",
        concept=concepts.TRADES_TOLD_BY_OUTCOME,
        kind=Kind.COUNTER,
        unit=Unit.COUNT,
        help="Virtual trades closed, by outcome; they count for nothing else",
        labels=("outcome",),
        closed={"outcome": tuple(outcome.value for outcome in Outcome)},
        population=Population.VIRTUAL,
    ),
    Metric(
        name="bot_virtual_pnl",
        concept=concepts.NET_PROFIT,
        kind=Kind.GAUGE,
        unit=Unit.MONEY,
        help="Net profit of closed virtual trades, in {currency}",
        population=Population.VIRTUAL,
    ),
)

_LIFE = (
    _gauge("uptime_seconds", concepts.UPTIME, Unit.SECONDS, "Time since the newest run began"),
    _gauge("system_status", concepts.SYSTEM_STATUS, Unit.STATE, "1 while heartbeats come in time, else 0"),
    _gauge(
        "last_heartbeat_timestamp_seconds",
        concepts.LAST_HEARTBEAT_TIME,
        Unit.SECONDS,
        "Unix time of the newest heartbeat",
    ),
    _gauge("last_trade_timestamp_seconds", concepts.LAST_TRADE_TIME, Unit.SECONDS, "Unix time of the newest closing"),
    _counter("errors", concepts.ERRORS, "Errors the bot told of", ("severity", "component")),
)

BOT = System(
    name="bot",
    metrics=(
        *_ACCOUNT,
        *_LIFE,
        *(metric for division in _DIVISIONS for metric in _trades(division)),
        *_WHOLE_TRADES,
        *_LIMITS,
        *_RETURNS,
        *_VIRTUAL,
    ),
)
"""The generic system."""
