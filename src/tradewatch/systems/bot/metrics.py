"""Every metric of the generic system: any bot that recorded its facts or whose trades were imported."""

from collections.abc import Iterator
from typing import NamedTuple

from tradewatch.catalog import Concept, Kind, Metric, Unit, concepts
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
        concept=concepts.TRADES_TOLD,
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

_ACCOUNT = (
    Metric(
        name="bot_info",
        concept=concepts.ACCOUNT,
        kind=Kind.GAUGE,
        unit=Unit.COUNT,
        help="The account's currency and how real its market and money are: live, paper, replay, simulated or imported",
        labels=("currency", "mode"),
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

_LIFE = (
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
    name="bot", metrics=(*_ACCOUNT, *_LIFE, *(metric for division in _DIVISIONS for metric in _trades(division)))
)
"""The generic system."""
