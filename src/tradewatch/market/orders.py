"""What a trading system asks a broker for."""

from datetime import datetime

from msgspec import Struct

from tradewatch.facts import Direction


class Order(Struct, frozen=True, kw_only=True):
    """Open a position at the market, at the next price.

    ``id`` is the trade's from then on and is never used again; sent twice, it is executed once. ``quantity``: lots.
    ``time``: of the decision; ``reference_price``: the mid price that it saw. ``stop`` and ``take_profit``: prices at
    which the broker closes. ``mode``: `tradewatch.facts.VIRTUAL` for a trade that moves no money. The rest labels it.
    """

    id: str
    asset: str
    direction: Direction
    quantity: float
    time: datetime
    reference_price: float
    stop: float | None = None
    take_profit: float | None = None
    mode: str | None = None
    agent: str | None = None
    engine: str | None = None
    strategy: str | None = None
    tag: str | None = None
    timeframe: str | None = None
    confidence: float | None = None
    round_id: str | None = None
