"""Whether the results are good, and whether they are more than luck."""

from tradewatch.catalog import Unit
from tradewatch.catalog.colours import RUNNING, SIGN, falling, rising
from tradewatch.catalog.panels import bars, distribution, lines, matrix, named, number
from tradewatch.catalog.query import mean, quantile, rate, seconds_since, total
from tradewatch.catalog.scope import scope_of
from tradewatch.catalog.view import Dashboard, Row
from tradewatch.systems.hydra.views.asking import ANNOTATIONS, METRICS, NO_LOSS, NO_TRADE, PREFIX, WHERE

_ask = scope_of(PREFIX, METRICS, *WHERE)
_NO_SPREAD = "daily returns are too few or all alike"
_FEW = "there are fewer than 4 daily returns"

_RATIOS = Row(
    height=4,
    panels=(
        number("Sharpe Ratio", _ask("sharpe_ratio"), 4, thresholds=falling(0, 1), empty=_NO_SPREAD),
        number("Sortino Ratio", _ask("sortino_ratio"), 4, thresholds=falling(0, 1), empty=_NO_SPREAD),
        number("Calmar Ratio", _ask("calmar_ratio"), 4, thresholds=falling(0, 1), empty=_NO_SPREAD),
        number("Maximum Drawdown", _ask("max_drawdown_percent"), 4, thresholds=rising(4, 6), decimals=2),
        number(
            "Probability that Sharpe > 0",
            _ask("probabilistic_sharpe_ratio"),
            4,
            thresholds=falling(0.8, 0.95),
            empty=_FEW,
        ),
        number("Daily Returns", _ask("return_days"), 4, note="The n behind these.", thresholds=falling(20, 60)),
    ),
)

_QUALITY = Row(
    height=4,
    panels=(
        number(
            "Profit Factor",
            _ask("profit_factor"),
            4,
            thresholds=falling(1, 1.3),
            empty=NO_LOSS,
            alerts=("HydraUnprofitable",),
        ),
        number("Expectancy, a Trade", _ask("expectancy"), 4, thresholds=SIGN, empty=NO_TRADE),
        number("Expectancy in R", _ask("expectancy_r"), 4, thresholds=SIGN, empty=NO_TRADE),
        number("Average Risk/Reward", _ask("avg_risk_reward"), 4, empty="there is no win, or no loss, yet"),
        number("Recovery Factor", _ask("recovery_factor"), 4, thresholds=falling(0, 1), empty="equity has not fallen"),
        number("Closed Trades", _ask("closed_trades"), 4, note="The n behind these."),
    ),
)

_CURVES = Row(
    height=9,
    panels=(
        lines(
            "Against Buying and Holding",
            12,
            named(_ask("pnl_total_percent"), "HYDRA"),
            named(_ask("buy_and_hold_percent"), "buy and hold"),
            note="Buying equal parts of the same assets at the start, and doing nothing.",
        ),
        lines(
            "Underwater Curve",
            12,
            named((_ask("total_drawdown_percent") * -1).counted_in(Unit.PERCENT), "below the peak"),
            maximum=0,
            fill=30,
            decimals=2,
        ),
    ),
)

_DISTRIBUTIONS = Row(
    title="How trades are spread",
    height=9,
    panels=(
        distribution("Distribution of Trade P&L", 10, total(_ask.buckets("trade_pnl_usd"), by=("le",))),
        distribution("Distribution of Trade Duration", 7, total(_ask.buckets("trade_duration_seconds"), by=("le",))),
        distribution(
            "Distribution of Entry Slippage, Basis Points",
            7,
            total(_ask.buckets("entry_slippage_basis_points"), by=("le",)),
        ),
    ),
)

_MONTHS = Row(
    title="Over the months",
    height=8,
    panels=(
        matrix(
            "Monthly Returns",
            16,
            mean(_ask("monthly_return_percent"), by=("year", "month")),
            "year",
            "month",
            thresholds=SIGN,
            decimals=2,
        ),
        number(
            "Growth a Year",
            _ask("cagr_percent"),
            4,
            thresholds=SIGN,
            note="Of few days it says little.",
            empty=_NO_SPREAD,
        ),
        number("Largest Fall", _ask("largest_fall_usd"), 4),
    ),
)

_TRADES = Row(
    title="Trades",
    height=4,
    panels=(
        number("Net Profit", _ask("pnl_usd"), 4, thresholds=SIGN),
        number("Average Win", _ask("average_win_usd"), 4, empty="there is no win yet"),
        number("Average Loss", _ask("average_loss_usd"), 4, empty=NO_LOSS),
        number("Largest Win", _ask("largest_win_usd"), 4, empty="there is no win yet"),
        number("Largest Loss", _ask("largest_loss_usd"), 4, empty=NO_LOSS),
        number("Fees Paid", _ask("fees_usd_total"), 4, note="They follow corrections."),
    ),
)

_MACHINE = Row(
    title="The machine",
    height=8,
    panels=(
        lines(
            "Win Rate with its 95 % Interval",
            8,
            named(_ask("win_rate_total"), "win rate"),
            named(_ask("win_rate_lower_bound_percent"), "lower bound"),
            named(_ask("win_rate_upper_bound_percent"), "upper bound"),
            minimum=0,
            maximum=100,
            empty=NO_TRADE,
        ),
        lines(
            "Gross Profit and Gross Loss",
            8,
            named(_ask("gross_profit_usd"), "wins"),
            named(_ask("gross_loss_usd"), "losses"),
            fill=10,
        ),
        bars(
            "Trades by Outcome",
            8,
            named(total(_ask("trades_total"), by=("outcome",)), "{{outcome}}"),
            empty=NO_TRADE,
        ),
        lines(
            "Duration of a Cycle, 95th Percentile",
            6,
            named(quantile(0.95, total(rate(_ask.buckets("cycle_duration_seconds")), by=("le",))), "cycle"),
            empty="no cycle ended in the last minutes",
        ),
        lines(
            "Latency of Calls, 95th Percentile",
            6,
            named(quantile(0.95, total(rate(_ask.buckets("api_latency_seconds")), by=("le", "api"))), "{{api}}"),
            empty="nothing outside was called in the last minutes",
            alerts=("HydraCallsSlow",),
        ),
        lines("Cycles a Minute", 6, named(total(rate(_ask("iterations_total"))) * 60, "cycles"), minimum=0),
        bars(
            "Errors",
            6,
            named(total(_ask("errors_total"), by=("type",)), "{{type}}"),
            empty="no error yet",
        ),
        number("System", _ask("system_status"), 6, meanings=RUNNING, alerts=("HydraDown",)),
        number("Newest Cycle", seconds_since(_ask("last_cycle_timestamp_seconds")), 6, note="How long ago it ended."),
        bars(
            "Feed Errors",
            6,
            named(total(_ask("data_feed_errors_total"), by=("source",)), "{{source}}"),
            empty="no call to a source has failed yet",
            alerts=("HydraFeedErrors",),
        ),
        bars(
            "Failed Calls",
            6,
            named(total(_ask("api_errors_total"), by=("error",)), "{{error}}"),
            empty="no call has failed yet",
        ),
    ),
)

ADVANCED = Dashboard(
    uid="hydra-advanced-analytics",
    title="HYDRA Advanced Analytics",
    description="Ratios with the n behind them, how trades are spread, and what holding would have made.",
    variables=WHERE,
    annotations=ANNOTATIONS,
    rows=(_RATIOS, _QUALITY, _CURVES, _DISTRIBUTIONS, _MONTHS, _TRADES, _MACHINE),
    span="7d",
    tags=("hydra",),
)
