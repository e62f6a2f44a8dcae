"""What a ledger's statistics say, as data: each number with its unit, its n and its definition."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from tradewatch.book import Moment, ProfitSource, read
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


_TRADE_LINES = (
    (concepts.CLOSED_TRADES, Unit.COUNT),
    (concepts.WINS, Unit.COUNT),
    (concepts.LOSSES, Unit.COUNT),
    (concepts.SCRATCHES, Unit.COUNT),
    (concepts.WIN_RATE, Unit.RATIO),
    (concepts.NET_PROFIT, Unit.MONEY),
    (concepts.NET_PROFIT_SHARE, Unit.RATIO),
    (concepts.GROSS_PROFIT, Unit.MONEY),
    (concepts.GROSS_LOSS, Unit.MONEY),
    (concepts.PROFIT_FACTOR, Unit.TIMES),
    (concepts.EXPECTANCY, Unit.MONEY),
)
_ACCOUNT_LINES = (
    (concepts.STARTING_EQUITY, Unit.MONEY),
    (concepts.BALANCE, Unit.MONEY),
    (concepts.EQUITY, Unit.MONEY),
    (concepts.CURRENT_DRAWDOWN, Unit.RATIO),
    (concepts.MAXIMUM_DRAWDOWN, Unit.RATIO),
    (concepts.OPEN_TRADES, Unit.COUNT),
)
DIVISIONS = ("asset", "strategy", "direction", "exit_reason")
"""The labels by which a report divides the trades."""

_RATIOS_OF_TRADES = {concepts.WIN_RATE, concepts.PROFIT_FACTOR, concepts.EXPECTANCY}


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
    return concept.name.replace(" ", "_")


def _statistics(moment: Moment) -> Iterator[tuple[Concept, Statistic]]:
    closed = moment.book.trades.performance(())[()].outcomes.count
    for concept, unit in (*_TRADE_LINES, *_ACCOUNT_LINES):
        found = next(read(moment, concept, ()), None)
        yield (
            concept,
            Statistic(
                name=concept.name,
                value=found.value if found else None,
                unit=unit.name.lower(),
                n=closed if concept in _RATIOS_OF_TRADES else None,
                definition=concept.definition,
                undefined=concept.undefined,
            ),
        )


def _parts(moment: Moment, label: str) -> Iterator[Part]:
    table = moment.book.trades.performance((label,))
    for (name,), performance in sorted(table.items()):
        yield Part(
            name=name,
            closed_trades=performance.outcomes.count,
            win_rate=performance.outcomes.value,
            net_profit=performance.pnl.total,
            profit_factor=performance.profit_factor.value,
            expectancy=performance.pnl.value,
        )
