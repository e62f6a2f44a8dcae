"""Whether money is made, how much, and with what."""

from tradewatch.catalog import Unit
from tradewatch.catalog.colours import SIGN, falling
from tradewatch.catalog.panels import (
    bars,
    dial,
    distribution,
    levels,
    lines,
    named,
    names,
    number,
    shares,
    trend,
)
from tradewatch.catalog.query import SHOWN_RANGE, increase, seconds_since, total
from tradewatch.catalog.scope import scope_of
from tradewatch.catalog.view import Dashboard, Row
from tradewatch.systems.velocitytrader.views.asking import ANNOTATIONS, METRICS, PREFIX, SYMBOL, TIMEFRAME, WHERE

_ask = scope_of(PREFIX, METRICS, *WHERE, SYMBOL, TIMEFRAME)
_NO_LOSS = "there is no loss yet"
_NO_WIN = "there is no win yet"

_HEADLINES = Row(
    height=5,
    panels=(
        trend("Total P&L", _ask("pnl_total"), 6, thresholds=SIGN),
        dial(
            "Win Rate",
            _ask("win_rate"),
            5,
            minimum=0,
            maximum=100,
            thresholds=falling(40, 50),
            alerts=("VelocityTraderWinRateLow",),
        ),
        number(
            "Profit Factor",
            _ask("profit_factor"),
            4,
            thresholds=falling(1, 1.3),
            empty=_NO_LOSS,
            alerts=("VelocityTraderUnprofitable",),
        ),
        number("P&L per Trade", _ask("avg_trade_pnl"), 3, thresholds=SIGN),
        number("Closed Trades", _ask("closed_trades"), 3, note="The n behind every ratio on this page."),
        number("Last Trade", seconds_since(_ask("last_trade_timestamp_seconds")), 3, note="How long ago."),
    ),
)

_COURSE = Row(
    height=8,
    panels=(
        lines("P&L Over Time", 14, named(_ask("pnl_total"), "closed P&L"), fill=10),
        lines(
            "Win Rate with its 95 % Interval",
            10,
            named(_ask("win_rate"), "win rate"),
            named(_ask("win_rate_lower_bound_percent"), "lower bound"),
            named(_ask("win_rate_upper_bound_percent"), "upper bound"),
            note="While the interval is wide, the win rate says little.",
            minimum=0,
            maximum=100,
        ),
    ),
)

_TRADES = Row(
    title="Trades",
    height=4,
    panels=(
        number("Largest Win", _ask("largest_win"), 4, empty=_NO_WIN),
        number("Largest Loss", _ask("largest_loss"), 4, empty=_NO_LOSS),
        number("Average Win", _ask("avg_win"), 4, empty=_NO_WIN),
        number("Average Loss", _ask("avg_loss"), 4, empty=_NO_LOSS),
        number("Average Trade Duration", _ask("trade_duration_avg_seconds"), 4),
        number("Gross Profit less Gross Loss", _ask("gross_profit") - _ask("gross_loss"), 4, thresholds=SIGN),
    ),
)

_COUNTS = Row(
    height=8,
    panels=(
        shares(
            "Wins and Losses",
            6,
            named(_ask("trades_winning_total"), "wins"),
            named(_ask("trades_losing_total"), "losses"),
        ),
        bars(
            "Trades Closed in the Time Shown",
            6,
            total(increase(_ask("trades_by_outcome_total"), SHOWN_RANGE), by=("outcome",)),
        ),
        lines(
            "Gross Profit and Gross Loss",
            6,
            named(_ask("gross_profit"), "wins"),
            named(_ask("gross_loss"), "losses"),
            fill=10,
        ),
        lines("Trades an Hour", 6, named(total(increase(_ask("trades_total"), "1h")), "trades"), minimum=0),
    ),
)

_PARTS = Row(
    title="By symbol and timeframe",
    height=9,
    panels=(
        bars("P&L by Symbol", 12, total(_ask("symbol_pnl"), by=("symbol",))),
        bars("P&L by Timeframe", 12, total(_ask("timeframe_pnl"), by=("timeframe",))),
        levels(
            "Win Rate by Symbol",
            8,
            named(_ask("symbol_win_rate"), "{{symbol}}"),
            minimum=0,
            maximum=100,
            thresholds=falling(40, 50),
            note="Read it with the number of trades beside it.",
        ),
        bars("Trades by Symbol", 8, total(_ask("symbol_trades_total"), by=("symbol",))),
        levels(
            "Win Rate by Timeframe",
            4,
            named(_ask("timeframe_win_rate"), "{{timeframe}}"),
            minimum=0,
            maximum=100,
            thresholds=falling(40, 50),
        ),
        bars("Trades by Timeframe", 4, total(_ask("timeframe_trades_total"), by=("timeframe",))),
    ),
)

_SPREAD = Row(
    title="How trades are spread",
    height=8,
    panels=(
        distribution("P&L of Trades", 10, total(_ask.buckets("trade_pnl"), by=("le",)), unit=Unit.COUNT),
        distribution("Duration of Trades", 7, total(_ask.buckets("trade_duration_seconds"), by=("le",))),
        distribution("Entry Slippage, Basis Points", 7, total(_ask.buckets("entry_slippage_basis_points"), by=("le",))),
    ),
)

_VIRTUAL = Row(
    title="Virtual trades, which the agents learn from; they count for nothing else",
    height=4,
    panels=(
        number("Virtual Trades", _ask("virtual_trades_total"), 6),
        number("Virtual Win Rate", _ask("virtual_win_rate"), 6, empty="no virtual trade was closed yet"),
        number("Virtual P&L", _ask("virtual_pnl"), 6, thresholds=SIGN),
        names("Currency", named(_ask("info"), "{{currency}}"), 6, note="What money is counted in, by exporter."),
    ),
)

PERFORMANCE = Dashboard(
    uid="velocitytrader-performance",
    title="Trading Performance",
    description="What VelocityPTrader's closed trades have made, and which of them made it.",
    variables=(*WHERE, SYMBOL, TIMEFRAME),
    annotations=ANNOTATIONS,
    rows=(_HEADLINES, _COURSE, _TRADES, _COUNTS, _PARTS, _SPREAD, _VIRTUAL),
    tags=("velocitytrader",),
)
