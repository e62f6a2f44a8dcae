"""What a ledger's statistics say, as data: each number with its unit, its n and its definition."""

import re
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from tradewatch.book import PERFORMANCE, Moment, ProfitSource, value, wanted
from tradewatch.catalog import Concept, Unit, concepts
from tradewatch.report.notes import notes


class Statistic(Struct, frozen=True, kw_only=True):
    """A number; ``value`` is None while it is undefined. ``n``: how many observations are behind it."""

    name: str
    value: float | None
    unit: str
    n: int | None
    definition: str
    undefined: str


class Part(Struct, frozen=True, kw_only=True):
    """The trades that share one value of a label."""

    name: str
    closed_trades: int
    win_rate: float | None
    net_profit: float
    profit_factor: float | None
    expectancy: float | None


class Report(Struct, frozen=True, kw_only=True):
    """The statistics of one system of a ledger at a moment. Ratios are 0 to 1, money is in the account's currency."""

    ledger: str
    system: str
    mode: str | None
    currency: str | None
    as_of: datetime | None
    pnl: ProfitSource
    statistics: dict[str, Statistic]
    by: dict[str, list[Part]]
    notes: list[str]


_MONEY, _RATIO, _COUNT, _TIMES = Unit.MONEY, Unit.RATIO, Unit.COUNT, Unit.TIMES

LINES: tuple[tuple[Concept, Unit], ...] = (
    (concepts.CLOSED_TRADES, _COUNT),
    (concepts.WINS, _COUNT),
    (concepts.LOSSES, _COUNT),
    (concepts.SCRATCHES, _COUNT),
    (concepts.WIN_RATE, _RATIO),
    (concepts.WIN_RATE_LOWEST, _RATIO),
    (concepts.WIN_RATE_HIGHEST, _RATIO),
    (concepts.NET_PROFIT, _MONEY),
    (concepts.NET_PROFIT_SHARE, _RATIO),
    (concepts.GROSS_PROFIT, _MONEY),
    (concepts.GROSS_LOSS, _MONEY),
    (concepts.FEES, _MONEY),
    (concepts.PROFIT_FACTOR, _TIMES),
    (concepts.EXPECTANCY, _MONEY),
    (concepts.EXPECTANCY_R, _TIMES),
    (concepts.AVERAGE_WIN, _MONEY),
    (concepts.AVERAGE_LOSS, _MONEY),
    (concepts.PAYOFF_RATIO, _TIMES),
    (concepts.LARGEST_WIN, _MONEY),
    (concepts.LARGEST_LOSS, _MONEY),
    (concepts.LONGEST_WINS, _COUNT),
    (concepts.LONGEST_LOSSES, _COUNT),
    (concepts.MEAN_DURATION, Unit.SECONDS),
    (concepts.MEAN_ADVERSE, _TIMES),
    (concepts.MEAN_FAVOURABLE, _TIMES),
    (concepts.ENTRY_SLIPPAGE, _TIMES),
    (concepts.EXIT_SLIPPAGE, _TIMES),
    (concepts.OPEN_TRADES, _COUNT),
    (concepts.STARTING_EQUITY, _MONEY),
    (concepts.CASH_FLOWS, _MONEY),
    (concepts.BALANCE, _MONEY),
    (concepts.EQUITY, _MONEY),
    (concepts.CURRENT_DRAWDOWN, _RATIO),
    (concepts.MAXIMUM_DRAWDOWN, _RATIO),
    (concepts.LARGEST_FALL, _MONEY),
    (concepts.LONGEST_DRAWDOWN_SECONDS, Unit.SECONDS),
    (concepts.RECOVERY_FACTOR, _TIMES),
    (concepts.RETURN_DAYS, _COUNT),
    (concepts.SHARPE_RATIO, _TIMES),
    (concepts.PROBABILISTIC_SHARPE_RATIO, _RATIO),
    (concepts.MINIMUM_TRACK_RECORD, _COUNT),
    (concepts.SORTINO_RATIO, _TIMES),
    (concepts.CAGR, _RATIO),
    (concepts.CALMAR_RATIO, _TIMES),
    (concepts.VALUE_AT_RISK_SHARE, _RATIO),
    (concepts.VALUE_AT_RISK, _MONEY),
    (concepts.EXPECTED_SHORTFALL_SHARE, _RATIO),
    (concepts.EXPECTED_SHORTFALL, _MONEY),
)
"""What a report says, in this order."""

DIVISIONS = ("asset", "strategy", "direction", "exit_reason")
"""The labels by which a report divides the trades."""

_PARTS = (concepts.CLOSED_TRADES, concepts.WIN_RATE, concepts.NET_PROFIT, concepts.PROFIT_FACTOR, concepts.EXPECTANCY)

KEPT = wanted((concept, (label,)) for label in DIVISIONS for concept in _PARTS)
"""What a book must keep for a report."""

_OF_RETURNS = {
    concepts.SHARPE_RATIO,
    concepts.PROBABILISTIC_SHARPE_RATIO,
    concepts.MINIMUM_TRACK_RECORD,
    concepts.SORTINO_RATIO,
    concepts.CAGR,
    concepts.CALMAR_RATIO,
    concepts.VALUE_AT_RISK_SHARE,
    concepts.VALUE_AT_RISK,
    concepts.EXPECTED_SHORTFALL_SHARE,
    concepts.EXPECTED_SHORTFALL,
}
"""Their n is the number of daily returns."""


def report(moment: Moment, *, ledger: str, system: str, profit: ProfitSource) -> Report:
    """Return the report of a book that keeps `DIVISIONS`."""
    activity = moment.book.activity
    return Report(
        ledger=ledger,
        system=system,
        mode=activity.mode.value if activity.mode else None,
        currency=moment.account.currency,
        as_of=moment.book.time,
        pnl=profit,
        statistics={key_of(each): line for each, line in _statistics(moment)},
        by={label: list(_parts(moment, label)) for label in DIVISIONS},
        notes=notes(moment, profit),
    )


def key_of(concept: Concept) -> str:
    """Return the key of a concept in a report: its name in snake case."""
    return re.sub(r"\W+", "_", concept.name.lower())


def _statistics(moment: Moment) -> Iterator[tuple[Concept, Statistic]]:
    for concept, unit in LINES:
        statistic = Statistic(
            name=concept.name,
            value=value(moment, concept),
            unit=unit.name.lower(),
            n=_count(moment, concept),
            definition=concept.definition,
            undefined=concept.undefined,
        )
        yield concept, statistic


def _count(moment: Moment, concept: Concept) -> int | None:
    if concept in _OF_RETURNS:
        return int(value(moment, concepts.RETURN_DAYS) or 0)
    return moment.book.trades.whole.count(concept) if concept in PERFORMANCE else None


def _parts(moment: Moment, label: str) -> Iterator[Part]:
    for (name,), performance in sorted(moment.book.trades.of((label,)).items()):
        yield Part(
            name=name,
            closed_trades=int(performance.read(concepts.CLOSED_TRADES) or 0),
            win_rate=performance.read(concepts.WIN_RATE),
            net_profit=performance.read(concepts.NET_PROFIT) or 0.0,
            profit_factor=performance.read(concepts.PROFIT_FACTOR),
            expectancy=performance.read(concepts.EXPECTANCY),
        )
