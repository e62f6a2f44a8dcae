"""A position that is closed, as facts and as what it cost."""

from math import fsum
from typing import Any, NamedTuple

from tradewatch.facts import TradeClosed, TradeOpened, TradePartlyClosed
from tradewatch.market.fills import Fill
from tradewatch.market.orders import Order
from tradewatch.market.positions import Exit, Position


class Settlement(NamedTuple):
    """What a closed trade made and what it cost, account currency.

    ``spread``: the half spreads of all its sides; ``slippage``: the rest by which fills were worse than mid prices;
    ``fees``: commissions; ``funding``: swap, negative when it earned. ``mode``: the order's.
    """

    trade_id: str
    asset: str
    mode: str | None
    pnl: float
    spread: float
    slippage: float
    fees: float
    funding: float

    @property
    def costs(self) -> float:
        """What the same trade would have made at mid prices without fees and swap, less what it made."""
        return fsum((self.spread, self.slippage, self.fees, self.funding))


def opening(position: Position, contract_value: float, currency: str) -> TradeOpened:
    """Return the fact that a position was opened; its commission is booked with it."""
    order = position.order
    return TradeOpened(
        **_terms(position, currency),
        contract_value=contract_value,
        fees=position.entry_fee,
        round_id=order.round_id,
    )


def part_closing(position: Position, reason: str) -> TradePartlyClosed:
    """Return the fact that the last exit closed a part.

    Its P&L is after its own commission and its share of the swap; the commission of the opening is booked already.
    """
    part = position.exits[-1]
    return TradePartlyClosed(
        trade_id=position.order.id,
        part=len(position.exits),
        quantity=part.quantity,
        exit_price=part.fill.price,
        pnl=_gain(position, part) - part.fee - part.funding,
        exit_reason=reason,
    )


def closing(position: Position, reason: str, currency: str) -> TradeClosed:
    """Return the fact that a position is closed, with the totals of the whole trade; ``pnl`` is `recomputed_pnl`.

    With several exits at several rates of conversion the contract value is their average, weighted by quantity, and
    the exit price is weighted by quantity and contract value: so the whole is the sum of its parts, exactly.
    With one rate that is the plain average price.
    """
    quantity, contract_value = position.order.quantity, average_contract_value(position)
    exit_price = _average(position, [part.fill.price for part in position.exits])
    fees = fsum((position.entry_fee, *(part.fee for part in position.exits)))
    funding = fsum(part.funding for part in position.exits)
    move = (exit_price - position.entry.price) * position.sign
    return TradeClosed(
        **_terms(position, currency),
        contract_value=contract_value,
        opened_at=position.opened_at,
        exit_price=exit_price,
        exit_reference_price=_average(position, [part.reference_price for part in position.exits]),
        fees=fees,
        funding=funding,
        pnl=move * quantity * contract_value - fees - funding,
        exit_reason=reason,
        worst_unrealised=position.worst,
        best_unrealised=position.best,
    )


def settlement(position: Position, fact: TradeClosed) -> Settlement:
    """Return what a closed position cost; ``fact``: its closing."""
    sides = [_sides(position, part) for part in position.exits]
    return Settlement(
        trade_id=fact.trade_id,
        asset=fact.asset,
        mode=fact.mode,
        pnl=fact.pnl or 0.0,
        spread=fsum(spread for spread, _ in sides),
        slippage=fsum(slippage for _, slippage in sides),
        fees=fact.fees,
        funding=fact.funding,
    )


def average_contract_value(position: Position) -> float:
    """Return the contract value of the whole trade, weighted by what was closed at each."""
    if len(position.exits) == 1:
        return position.exits[0].contract_value
    return fsum(part.quantity * part.contract_value for part in position.exits) / position.order.quantity


def _average(position: Position, prices: list[float]) -> float:
    if len(prices) == 1:
        return prices[0]
    weights = [part.quantity * part.contract_value for part in position.exits]
    return fsum(weight * price for weight, price in zip(weights, prices, strict=True)) / fsum(weights)


def _gain(position: Position, part: Exit) -> float:
    return (part.fill.price - position.entry.price) * position.sign * part.quantity * part.contract_value


def _sides(position: Position, part: Exit) -> tuple[float, float]:
    """Return half spreads and slippage of a part's entry and exit, account currency."""
    worth = part.quantity * part.contract_value
    halves = position.entry.half_spread + part.fill.half_spread
    worse = _worse(position.entry, position.sign) + _worse(part.fill, -position.sign)
    return halves * worth, (worse - halves) * worth


def _worse(fill: Fill, sign: int) -> float:
    return (fill.price - fill.mid) * sign


def _terms(position: Position, currency: str) -> dict[str, Any]:  # Any: fields of facts
    order: Order = position.order
    return {
        "trade_id": order.id,
        "asset": order.asset,
        "direction": order.direction,
        "quantity": order.quantity,
        "entry_price": position.entry.price,
        "stop": order.stop,
        "take_profit": order.take_profit,
        "entry_reference_price": order.reference_price,
        "strategy": order.strategy,
        "tag": order.tag,
        "engine": order.engine,
        "agent": order.agent,
        "timeframe": order.timeframe,
        "mode": order.mode,
        "currency": currency,
        "confidence": order.confidence,
    }
