"""When an account's value is told."""

from collections.abc import Iterator
from datetime import datetime

from tradewatch.facts import Entry
from tradewatch.market.broker import PaperBroker


class Marks:
    """Tells what an account is worth if that moved, or a UTC day begins; ``last``: as it was told, None before."""

    def __init__(self, broker: PaperBroker) -> None:
        self._broker = broker
        self.last: float | None = None

    def at(self, now: datetime) -> Iterator[Entry]:
        """Yield the value at the newest prices, if it is to be told."""
        equity = self._broker.equity
        if equity != self.last or now.hour == now.minute == 0:
            self.last = equity
            yield self._broker.mark(now)
