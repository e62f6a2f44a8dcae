"""An open position of the paper broker: what it is, what it has cost, what it is worth."""

from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from tradewatch.facts import VIRTUAL, Direction
from tradewatch.market.fills import Fill
from tradewatch.market.orders import Order


class Closing(NamedTuple):
    """A wish to close at the next price; ``quantity``: None for all that is left."""

    time: datetime
    reason: str
    reference_price: float
    quantity: float | None


class Exit(NamedTuple):
    """A part that was closed. ``contract_value``: account currency per lot and price unit at that moment.

    ``fee`` and ``funding``: what this part cost, account currency.
    """

    quantity: float
    fill: Fill
    reference_price: float
    contract_value: float
    fee: float
    funding: float


class Position(Struct, kw_only=True):
    """An open trade. Money is in account currency, a cost is positive.

    ``order``: as it was accepted, with the whole quantity and the first stop. ``sign``: +1 for a bought one, -1 for a
    sold one. ``quantity``, ``stop``: as they are now. ``funding``: swap booked and not yet closed with a part.
    ``rolled``: ordinal of the day up to which it is booked. ``worst``, ``best``: extremes of unrealised P&L.
    ``booked``: what has already moved the balance.
    """

    order: Order
    sign: int
    opened_at: datetime
    entry: Fill
    entry_fee: float
    quantity: float
    stop: float | None
    rolled: int
    funding: float = 0.0
    worst: float = 0.0
    best: float = 0.0
    exits: list[Exit] = []
    closings: list[Closing] = []
    booked: list[float] = []

    @property
    def is_virtual(self) -> bool:
        """Whether it moves no money."""
        return self.order.mode == VIRTUAL

    def unrealised(self, quote: float, contract_value: float) -> float:
        """Return what closing at a price would make, swap included."""
        return (quote - self.entry.price) * self.sign * self.quantity * contract_value - self.funding

    def observe(self, quote: float, contract_value: float) -> None:
        """Take a price it could have been closed at into its extremes."""
        # As `unrealised` has it: a call less, twice for every position at every bar.
        unrealised = (quote - self.entry.price) * self.sign * self.quantity * contract_value - self.funding
        if not self.worst <= unrealised <= self.best:
            self.worst, self.best = min(self.worst, unrealised), max(self.best, unrealised)

    @property
    def is_to_be_closed(self) -> bool:
        """Whether it waits to be closed as a whole."""
        return any(closing.quantity is None for closing in self.closings)


class OpenPosition(NamedTuple):
    """What is to be known of an open position. Prices are the market's, ``unrealised`` is in account currency.

    ``quantity``, ``stop``: as they are now. ``order`` has its labels, and what was asked for.
    """

    trade_id: str
    asset: str
    direction: Direction
    quantity: float
    entry_price: float
    stop: float | None
    take_profit: float | None
    opened_at: datetime
    unrealised: float
    order: Order

    @property
    def is_virtual(self) -> bool:
        """Whether it moves no money."""
        return self.order.mode == VIRTUAL
