"""What the paper broker remembers."""

from msgspec import Struct

from tradewatch.market.bars import Bar
from tradewatch.market.order_ids import Run
from tradewatch.market.orders import Order
from tradewatch.market.positions import Position


class DeskState(Struct, kw_only=True, forbid_unknown_fields=True):
    """What is under way in one asset, in order of arrival."""

    asset: str
    waiting: list[Order]
    positions: list[Position]


class BrokerState(Struct, kw_only=True, forbid_unknown_fields=True):
    """All that a broker needs to go on, apart from what it was made with.

    ``balance``: numbers that add up to it exactly. ``seen``: ids of orders that were taken. ``told``: marks and cash
    flows so far.
    """

    balance: list[float]
    newest: dict[str, Bar]
    desks: list[DeskState]
    seen: dict[str, list[Run]]
    told: int
