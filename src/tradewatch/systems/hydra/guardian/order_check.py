"""What a trade may be: the question to the guardian, its answer, and the size that a stop allows."""

from collections.abc import Callable, Sequence
from datetime import datetime
from math import nextafter
from typing import NamedTuple, Protocol

from tradewatch.facts import Direction, Entry, RiskActed, RiskAction
from tradewatch.market.orders import Order
from tradewatch.systems.hydra.guardian.limits import GuardianLimits

NO_SIZE = "no_size"
NO_STOP = "no_stop"
POSITION_LIMIT = "position_limit"
CORRELATION = "correlation"
RISK_PER_TRADE = "risk_per_trade"


class Request(NamedTuple):
    """A trade somebody would like to open.

    ``id``: of the order, never used again. ``quantity``: units. ``risk_per_unit``: what the stop would cost for one
    unit, account currency, before fees and slippage; None without a stop.
    """

    id: str
    time: datetime
    asset: str
    direction: Direction
    quantity: float
    risk_per_unit: float | None

    @classmethod
    def of(cls, order: Order, contract_value: float) -> "Request":
        """Return the request that an order is; ``contract_value``: account currency per unit and price unit."""
        distance = None if order.stop is None else abs(order.reference_price - order.stop)
        risk = None if distance is None else distance * contract_value
        return cls(order.id, order.time, order.asset, order.direction, order.quantity, risk)


class Holding(Protocol):
    """A position that is open, or an order that waits for its price: the broker's own classes fit."""

    @property
    def asset(self) -> str:
        """What is held."""

    @property
    def direction(self) -> Direction:
        """The side of it."""


class Verdict(NamedTuple):
    """The guardian's answer. ``size``: the quantity to trade, which may only be rounded down; 0 if not ``allowed``.

    ``reasons``: codes, of every limit that forbids the trade, else of every one that made it smaller. ``entries``: the
    facts that its size was cut, for the ledger.
    """

    allowed: bool
    size: float
    reasons: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()


class Cut(NamedTuple):
    """A reason to make a position smaller, and the factor."""

    reason: str
    factor: float


def refused(*reasons: str) -> Verdict:
    """Return the verdict that a trade is forbidden."""
    return Verdict(allowed=False, size=0.0, reasons=reasons)


def refusals(request: Request, held: Sequence[Holding], limits: GuardianLimits) -> list[str]:
    """Return what forbids a trade whatever the account has lost."""
    broken = {
        POSITION_LIMIT: len(held) >= limits.positions,
        NO_STOP: request.risk_per_unit is None or not request.risk_per_unit > 0,
        NO_SIZE: not request.quantity > 0,
    }
    return [reason for reason, is_broken in broken.items() if is_broken]


def allowed_size(quantity: float, risk_per_unit: float, budget: float) -> float:
    """Return the quantity, or the largest one below it that costs no more than ``budget`` at its stop.

    >>> allowed_size(5.0, 20.0, 60.0)
    3.0
    """
    if quantity * risk_per_unit <= budget:
        return quantity
    size = max(budget, 0.0) / risk_per_unit
    return size if size * risk_per_unit <= budget else nextafter(size, 0.0)


def is_alike(
    request: Request, held: Sequence[Holding], between: Callable[[str, str], float | None], limit: float
) -> bool:
    """Return whether a position is held whose returns are correlated above a limit with those of the new one.

    It is the positions that are compared: the returns of a sold asset are those of its price with the other sign. So a
    hedge is none, and buying one asset while another that goes the other way is sold is one.
    """
    for holding in held:
        correlation = between(request.asset, holding.asset)
        sign = request.direction.sign * holding.direction.sign
        if correlation is not None and correlation * sign > limit:
            return True
    return False


def cut_entry(request: Request, cut: Cut) -> Entry:
    """Return the fact that the size of one trade was cut; its scope is the asset."""
    fact = RiskActed(
        action=RiskAction.REDUCE_SIZE,
        reason=cut.reason,
        scope=request.asset,
        size_multiplier=cut.factor,
        detail=request.id,
    )
    return Entry(request.time, f"guardian/order/{request.id}/{cut.reason}", fact)
