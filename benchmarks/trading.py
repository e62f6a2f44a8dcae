"""What a one-minute bar costs a whole trading system at full speed: market, physics, agents, broker, ledger."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from benchmarks.apparatus.histories import Histories
from benchmarks.apparatus.results import Beside, Row, compared
from benchmarks.apparatus.timing import in_turns
from tradewatch.facts import Mode
from tradewatch.ledger import SqliteAppender
from tradewatch.market.clock import SimulatedClock
from tradewatch.market.instruments import METATRADER, Instruments
from tradewatch.market.simulated import SimulatedFeed
from tradewatch.market.terminal import SimulatedTerminal
from tradewatch.systems.running import Settings, Source
from tradewatch.systems.velocitytrader.assembly import assembled

DAYS = 1.0
ROUNDS = 3
FEW, MANY = 2, 8

_START = datetime(2026, 1, 1, tzinfo=UTC)
_WARM_UP = timedelta(days=1)
_MINUTES_A_DAY = 1_440
_WITHIN = 1.2


def _run(instruments: Instruments, ledger: Path, days: float) -> None:
    feed = SimulatedFeed(instruments, seed=1, start=_START, days=days, warm_up=_WARM_UP)
    clock = SimulatedClock(_START)
    terminal = SimulatedTerminal(feed, clock, seed=1)
    source = Source(
        terminal=terminal,
        instruments=instruments,
        mode=Mode.SIMULATED,
        label="simulated, for a benchmark",
        is_over=lambda: feed.is_over,
        terminal_state=terminal,
    )
    with closing(SqliteAppender(ledger)) as appender:
        assembled(source, Settings(seed=1), {}, clock=clock, appender=appender).run()


def _trading(symbols: int, folder: Path, days: float) -> Callable[[], object]:
    """Return the work of trading so many symbols for these days, into a new ledger each time."""
    instruments = dict(list(METATRADER.items())[-symbols:])
    numbers = count()
    return lambda: _run(instruments, folder / f"velocitytrader-{symbols}-{next(numbers)}.db", days)


def rows(histories: Histories, days: float = DAYS, rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield the cost of a one-minute bar of few symbols and of many."""
    works = [_trading(symbols, histories.folder, days) for symbols in (FEW, MANY)]
    bars = days * _MINUTES_A_DAY
    few, many = (taken / (symbols * bars) for taken, symbols in zip(in_turns(works, rounds), (FEW, MANY), strict=True))
    yield compared(
        f"VelocityPTrader, a one-minute bar of {MANY} symbols",
        many,
        peer=Beside(f"{FEW} symbols", few),
        target="linear: within 20 %",
        met=many <= _WITHIN * few,
    )
