"""Why the paper broker refuses an order."""

from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from tradewatch.market.instruments import Instrument
from tradewatch.market.orders import Order
from tradewatch.market.quantities import is_enough, is_on_step, is_too_much


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an account may have open, waiting orders included; None is no limit. Virtual trades do not count.

    ``positions``, ``positions_per_asset``: how many at once. ``leverage``: the largest sum of absolute position values
    / equity, when an order is taken.
    """

    positions: int | None = None
    positions_per_asset: int | None = None
    leverage: float = 30.0


class Refusal(NamedTuple):
    """Why an order is refused: a short code, and words for people."""

    reason: str
    detail: str


class Held(NamedTuple):
    """What an account holds, waiting orders included. ``notional``, ``equity``: account currency."""

    positions: int
    positions_of_asset: int
    notional: float
    equity: float


def refused_quantity(order: Order, instrument: Instrument) -> Refusal | None:
    """Return what is wrong with an order's quantity."""
    quantity = order.quantity
    if not is_enough(instrument, quantity):
        return Refusal("quantity_too_small", f"{quantity} lots, the smallest are {instrument.smallest_lot}")
    if is_too_much(instrument, quantity):
        return Refusal("quantity_too_large", f"{quantity} lots, the largest are {instrument.largest_lot}")
    if not is_on_step(instrument, quantity):
        return Refusal("quantity_off_step", f"{quantity} lots, the step is {instrument.lot_step}")
    return None


def refused_levels(order: Order) -> Refusal | None:
    """Return what is wrong with an order's stop and take-profit, which stand on either side of the reference price."""
    sign, price = order.direction.sign, order.reference_price
    if not 0 < price < inf:
        return Refusal("reference_price", f"{price} is no price")
    if order.stop is not None and not (0 < order.stop < inf and (price - order.stop) * sign > 0):
        return Refusal("stop_side", f"a {order.direction.value} at {price} cannot have its stop at {order.stop}")
    target = order.take_profit
    if target is not None and not (0 < target < inf and (target - price) * sign > 0):
        return Refusal("take_profit_side", f"a {order.direction.value} at {price} cannot take profit at {target}")
    return None


def refused_by_account(limits: Limits, held: Held, notional: float) -> Refusal | None:
    """Return which limit an order worth ``notional`` (account currency) would break."""
    if limits.positions is not None and held.positions >= limits.positions:
        return Refusal("position_limit", f"{held.positions} positions are open or waiting")
    if limits.positions_per_asset is not None and held.positions_of_asset >= limits.positions_per_asset:
        return Refusal("asset_position_limit", f"{held.positions_of_asset} positions are open or waiting")
    if held.notional + notional > limits.leverage * held.equity:
        return Refusal("margin", f"{held.notional + notional:.2f} at an equity of {held.equity:.2f}")
    return None
