"""What a one-minute bar costs a whole trading system at full speed, from the simulated market to the ledger."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple

from benchmarks.apparatus.histories import Histories
from benchmarks.apparatus.results import Beside, Row, compared
from benchmarks.apparatus.timing import in_turns
from tradewatch.facts import Mode
from tradewatch.ledger import SqliteAppender
from tradewatch.market.bars import Timeframe
from tradewatch.market.clock import SimulatedClock
from tradewatch.market.instruments import CRYPTO, METATRADER, Instruments
from tradewatch.market.simulated import SimulatedFeed
from tradewatch.market.terminal import SimulatedTerminal
from tradewatch.systems.hydra import assembly as hydra
from tradewatch.systems.running import Runtime, Settings, Source
from tradewatch.systems.velocitytrader import assembly as velocitytrader

DAYS = 1.0
ROUNDS = 3
FEW, MANY = 2, 8

_START = datetime(2026, 1, 1, tzinfo=UTC)
_MINUTES_A_DAY = 1_440
_WITHIN = 1.2
_TARGET = 1 / 20_000


class _Trading(NamedTuple):
    """A system, the last so many symbols it trades, on which timeframes, and the time that it warms up on."""

    name: str
    assembled: Callable[..., Runtime]
    instruments: Instruments
    timeframes: Sequence[Timeframe]
    warm_up: timedelta

    def run(self, symbols: int, ledger: Path, days: float) -> None:
        """Trade for these days into a new ledger."""
        instruments = dict(list(self.instruments.items())[-symbols:])
        feed = SimulatedFeed(instruments, seed=1, start=_START, days=days, warm_up=self.warm_up)
        clock = SimulatedClock(_START)
        terminal = SimulatedTerminal(feed, clock, seed=1, timeframes=self.timeframes)
        source = Source(
            terminal=terminal,
            instruments=instruments,
            mode=Mode.SIMULATED,
            label="simulated, for a benchmark",
            is_over=lambda: feed.is_over,
            terminal_state=terminal,
        )
        settings = Settings(seed=1, timeframes=self.timeframes)
        with closing(SqliteAppender(ledger)) as appender:
            self.assembled(source, settings, {}, clock=clock, appender=appender).run()

    def bars(self, symbols: int, days: float, rounds: int, folder: Path) -> Iterator[float]:
        """Yield the seconds of a bar of so many symbols, and of `MANY`, measured in turns."""
        numbers = count()

        def work(some: int) -> Callable[[], object]:
            return lambda: self.run(some, folder / f"{self.name}-{next(numbers)}.db", days)

        for some, taken in zip((symbols, MANY), in_turns([work(symbols), work(MANY)], rounds), strict=True):
            yield taken / (some * days * _MINUTES_A_DAY)


_VELOCITYTRADER = _Trading("VelocityPTrader", velocitytrader.assembled, METATRADER, tuple(Timeframe), timedelta(days=1))
_HYDRA = _Trading("HYDRA", hydra.assembled, CRYPTO, (Timeframe.M1,), timedelta(hours=6))


def rows(histories: Histories, days: float = DAYS, rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield the cost of a one-minute bar of each system, of few symbols and of many."""
    few, many = _VELOCITYTRADER.bars(FEW, days, rounds, histories.folder)
    peer = Beside(f"{FEW} symbols", few)
    is_linear = many <= _WITHIN * few
    yield compared(_what(_VELOCITYTRADER), many, peer=peer, target="linear: within 20 %", met=is_linear)
    few, many = _HYDRA.bars(FEW, days, rounds, histories.folder)
    peer = Beside(f"{FEW} symbols", few)
    yield compared(_what(_HYDRA), many, peer=peer, target="20,000 bars a second", met=many <= _TARGET)


def _what(trading: _Trading) -> str:
    return f"{trading.name}, a one-minute bar of {MANY} symbols"
