"""Orders and positions in MetaTrader, under our ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from tradewatch.facts import Direction
from tradewatch.market.orders import Order
from tradewatch.market.terminal.metatrader_codes import EXECUTED, NO_CONNECTION, of_order
from tradewatch.market.terminal.metatrader_package import Package, Record, answer, answers
from tradewatch.market.terminal.server_time import ServerTime
from tradewatch.market.terminal.terminal import Position, Receipt, TerminalLost, TerminalRefused

_LONGEST_COMMENT = 27
"""Characters that every broker keeps; the terminal takes 31 at most, and some brokers add to it."""

_FILL_OR_KILL, _IMMEDIATE_OR_CANCEL = 1, 2
"""Bits of a symbol's ``filling_mode``, which the package has no names for."""

_LOOK_BACK = timedelta(minutes=1)
_LOOK_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTerms:
    """How orders are sent. ``magic``: the number that marks them as ours; ``deviation``: most slippage, in points."""

    magic: int = 20_260_101
    deviation: int = 20


class Orders:
    """Sends orders, each with our id as its comment; finds what they became by comment and magic number."""

    def __init__(self, package: Package, terms: OrderTerms, times: ServerTime) -> None:
        self._package = package
        self._terms = terms
        self._times = times
        self._ids: dict[str, str] = {}

    def send(self, order: Order, now: datetime) -> Receipt:
        """Open a position, unless the order was executed before, also by an earlier run."""
        self._ids[comment_of(order.id)] = order.id
        earlier = self._executed(order, now)
        if earlier is not None:
            return earlier
        result = self._deal(order.asset, order.direction, order.quantity, self._opening(order))
        return self._receipt(order.id, int(result.order), result, now)

    def close(self, trade_id: str, now: datetime) -> Receipt:
        """Close the position that an order opened."""
        comment = comment_of(trade_id)
        ours = [each for each in self._positions() if each.comment == comment]
        if not ours:
            code = "10036"
            raise TerminalRefused(code, f"there is no open position of the order {trade_id}")
        position, *_ = ours
        direction = Direction.SELL if position.type == self._package.POSITION_TYPE_BUY else Direction.BUY
        closing = {"position": position.ticket, "comment": comment}
        result = self._deal(position.symbol, direction, position.volume, closing)
        return self._receipt(trade_id, int(position.ticket), result, now)

    def positions(self) -> Sequence[Position]:
        """Return all open positions; those of others have no trade id."""
        every = answers(self._package, self._package.positions_get())
        return [self._position(each) for each in sorted(every, key=lambda each: (each.time_msc, each.ticket))]

    def _positions(self) -> list[Record]:
        every = answers(self._package, self._package.positions_get())
        return [each for each in every if each.magic == self._terms.magic]

    def _executed(self, order: Order, now: datetime) -> Receipt | None:
        """Return the receipt of an order that became a position, be it open or closed by now."""
        first = self._times.to_server(order.time - _LOOK_BACK)
        last = self._times.to_server(now + _LOOK_AHEAD)
        deals = answers(self._package, self._package.history_deals_get(first, last))
        fills = [deal for deal in deals if self._opens(deal, order.id)]
        if not fills:
            return None
        quantity = sum(float(deal.volume) for deal in fills)
        price = sum(float(deal.price) * float(deal.volume) for deal in fills) / quantity
        time = self._times.to_utc(fills[0].time_msc / 1000)
        return _receipt(order.id, int(fills[0].position_id), time, price, quantity)

    def _opens(self, deal: Record, trade_id: str) -> bool:
        is_ours = deal.magic == self._terms.magic and deal.comment == comment_of(trade_id)
        return bool(is_ours and deal.entry == self._package.DEAL_ENTRY_IN)

    def _opening(self, order: Order) -> dict[str, Any]:
        levels = {"sl": order.stop, "tp": order.take_profit}
        return {"comment": comment_of(order.id)} | {name: level for name, level in levels.items() if level is not None}

    def _deal(self, symbol: str, direction: Direction, quantity: float, rest: dict[str, Any]) -> Record:
        package = self._package
        tick = answer(package, package.symbol_info_tick(symbol))
        is_buy = direction is Direction.BUY
        request = {
            "action": package.TRADE_ACTION_DEAL,
            "symbol": symbol,
            "volume": float(quantity),
            "type": package.ORDER_TYPE_BUY if is_buy else package.ORDER_TYPE_SELL,
            "price": float(tick.ask if is_buy else tick.bid),
            "deviation": self._terms.deviation,
            "magic": self._terms.magic,
            "type_time": package.ORDER_TIME_GTC,
            "type_filling": self._filling(symbol),
        }
        return _executed(answer(package, package.order_send(request | rest)))

    def _filling(self, symbol: str) -> int:
        allowed = answer(self._package, self._package.symbol_info(symbol)).filling_mode
        if allowed & _FILL_OR_KILL:
            return int(self._package.ORDER_FILLING_FOK)
        if allowed & _IMMEDIATE_OR_CANCEL:
            return int(self._package.ORDER_FILLING_IOC)
        return int(self._package.ORDER_FILLING_RETURN)

    def _receipt(self, trade_id: str, ticket: int, result: Record, now: datetime) -> Receipt:
        """Return what was executed; servers that execute at the market may leave the price to the order's deal."""
        price = float(result.price)
        if not price:
            price = float(answer(self._package, self._package.history_deals_get(ticket=result.order))[0].price)
        return _receipt(trade_id, ticket, now, price, float(result.volume))

    def _position(self, position: Record) -> Position:
        is_ours = position.magic == self._terms.magic
        is_long = position.type == self._package.POSITION_TYPE_BUY
        return Position(
            trade_id=self._ids.get(position.comment, position.comment) if is_ours else None,
            ticket=int(position.ticket),
            asset=position.symbol,
            direction=Direction.BUY if is_long else Direction.SELL,
            quantity=float(position.volume),
            entry_price=float(position.price_open),
            opened_at=self._times.to_utc(position.time_msc / 1000),
            stop=position.sl or None,
            take_profit=position.tp or None,
            unrealised=float(position.profit),
        )


def comment_of(trade_id: str) -> str:
    """Return the comment under which an order is found again: its id, or what stands for one that is too long.

    >>> comment_of("t-1"), comment_of("an id that no broker would keep")
    ('t-1', 'tw-7c60e11214539b5001b7620a')
    """
    if len(trade_id) <= _LONGEST_COMMENT and trade_id.isascii() and trade_id.isprintable():
        return trade_id
    return f"tw-{blake2b(trade_id.encode(), digest_size=12).hexdigest()}"


def _executed(result: Record) -> Record:
    code = int(result.retcode)
    if code in EXECUTED:
        return result
    if code == NO_CONNECTION:
        message = f"{of_order(code)} ({code})"
        raise TerminalLost(message)
    said = f"; the server says {result.comment!r}" if result.comment else ""
    raise TerminalRefused(str(code), f"{of_order(code)}{said}")


def _receipt(trade_id: str, ticket: int, time: datetime, price: float, quantity: float) -> Receipt:
    return Receipt(trade_id=trade_id, ticket=ticket, time=time, price=price, quantity=quantity)
