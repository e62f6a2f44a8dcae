"""A feed that is a table, for tests of terminals."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tradewatch.errors import SourceError
from tradewatch.facts import Direction
from tradewatch.market.bars import Bar
from tradewatch.market.clock import SimulatedClock
from tradewatch.market.instruments import METATRADER, Instruments
from tradewatch.market.orders import Order

START = datetime(2026, 1, 5, 10, tzinfo=UTC)
EURUSD = "EURUSD+"
USDJPY = "USDJPY+"
MINUTE = timedelta(minutes=1)


def minute(number: float, close: float = 1.1, symbol: str = EURUSD, **changes: Any) -> Bar:
    """Return the bar that ends so many minutes after `START`."""
    bar = Bar(symbol, START + MINUTE * number, 60, close, close + 0.001, close - 0.001, close, 5.0, 0.0002, 7)
    return bar._replace(**changes)


class TableFeed:
    """Brings the bars of a table. ``breaks``: whether its source is gone."""

    def __init__(self, bars: Sequence[Bar], start: datetime = START) -> None:
        self.instruments: Instruments = {symbol: METATRADER[symbol] for symbol in (EURUSD, USDJPY)}
        self.start = start
        self.breaks = False
        self._bars = sorted(bars, key=lambda bar: bar.time)
        self._next = 0

    @property
    def is_over(self) -> bool:
        return self._next >= len(self._bars)

    def advance(self, until: datetime) -> Sequence[Bar]:
        if self.breaks:
            message = "the table is gone: find it"
            raise SourceError(message)
        begin = self._next
        while self._next < len(self._bars) and self._bars[self._next].time <= until:
            self._next += 1
        return self._bars[begin : self._next]

    def state(self) -> object:
        return self._next

    def restore(self, state: object) -> None:
        assert isinstance(state, int)
        self._next = state


def rising(minutes: int, symbol: str = EURUSD, first: float = 1.1) -> list[Bar]:
    """Return one bar a minute, each a hundredth of a per cent higher."""
    return [minute(number, first * (1 + number / 10_000), symbol) for number in range(1, minutes + 1)]


def clock_at(minutes: float) -> SimulatedClock:
    return SimulatedClock(START + MINUTE * minutes)


def order(
    trade_id: str = "t-1", direction: Direction = Direction.BUY, quantity: float = 1.0, asset: str = EURUSD
) -> Order:
    return Order(id=trade_id, asset=asset, direction=direction, quantity=quantity, time=START, reference_price=1.1)
