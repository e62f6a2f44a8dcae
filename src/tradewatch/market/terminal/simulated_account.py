"""A simulated terminal's book: positions, balance, and which orders were executed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from tradewatch.facts import Direction
from tradewatch.market.instruments import Instrument, Instruments
from tradewatch.market.orders import Order
from tradewatch.market.quotes import Quote
from tradewatch.market.terminal.terminal import Position, Receipt, TerminalRefused

PriceOf = Callable[[str], Quote | None]
"""The newest quote of a symbol."""

_NO_PRICES = "10021"
_NO_SUCH_POSITION = "10036"
_WRONG_VOLUME = "10014"


class SimulatedAccount:
    """Fills at the quote, books profit without costs, and executes no order twice.

    What trading costs is the business of whoever settles trades; stops are kept, not watched.
    """

    def __init__(self, instruments: Instruments, currency: str, balance: float) -> None:
        self.currency = currency
        self.balance = balance
        self._instruments = instruments
        self._receipts: dict[str, Receipt] = {}
        self._open: dict[str, Position] = {}

    def send(self, order: Order, quote: Quote | None, now: datetime) -> Receipt:
        """Open a position at the quote; raises `TerminalRefused` without a quote or with an impossible quantity."""
        if order.id in self._receipts:
            return self._receipts[order.id]
        price = _price(order.asset, quote, order.direction)
        _require_volume(order, self._instruments[order.asset])
        receipt = Receipt(
            trade_id=order.id,
            ticket=len(self._receipts) + 1,
            time=now,
            price=price,
            quantity=order.quantity,
        )
        self._receipts[order.id] = receipt
        self._open[order.id] = _position(order, receipt)
        return receipt

    def close(self, trade_id: str, price_of: PriceOf, now: datetime) -> Receipt:
        """Close a position at its symbol's quote; raises `TerminalRefused` without a quote or a position."""
        position = self._open.get(trade_id)
        if position is None:
            raise TerminalRefused(_NO_SUCH_POSITION, f"there is no open position of the order {trade_id}")
        price = _price(position.asset, price_of(position.asset), _opposite(position.direction))
        self.balance += self._profit(position, price, price_of)
        del self._open[trade_id]
        return Receipt(
            trade_id=trade_id,
            ticket=position.ticket,
            time=now,
            price=price,
            quantity=position.quantity,
        )

    def positions(self, price_of: PriceOf) -> Sequence[Position]:
        """Return what is open, with its profit at the quotes."""
        return [replace(each, unrealised=self._unrealised(each, price_of)) for each in self._open.values()]

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs. Any: JSON."""
        kept = (self.balance, list(self._receipts.values()), list(self._open.values()))
        balance, receipts, positions = msgspec.to_builtins(kept)
        return {"balance": balance, "receipts": receipts, "positions": positions}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from where ``state`` was taken. Any: JSON."""
        self.balance = float(state["balance"])
        self._receipts = {each.trade_id: each for each in msgspec.convert(state["receipts"], list[Receipt])}
        positions = msgspec.convert(state["positions"], list[Position])
        self._open = {each.trade_id: each for each in positions if each.trade_id is not None}

    def _unrealised(self, position: Position, price_of: PriceOf) -> float:
        quote = price_of(position.asset)
        if quote is None:
            return 0.0
        return self._profit(position, quote.bid if position.direction is Direction.BUY else quote.ask, price_of)

    def _profit(self, position: Position, price: float, price_of: PriceOf) -> float:
        """Return the profit in account currency; the quote currency is turned into it at the symbols' own prices."""
        instrument = self._instruments[position.asset]
        move = (price - position.entry_price) * position.direction.sign
        return move * position.quantity * instrument.contract_size * self._rate(instrument.quote_currency, price_of)

    def _rate(self, currency: str, price_of: PriceOf) -> float:
        """Return what one unit of a currency is worth in the account's; raises `TerminalRefused` if no symbol tells."""
        if currency == self.currency:
            return 1.0
        for symbol, instrument in self._instruments.items():
            quote = price_of(symbol) if currency in {instrument.base_currency, instrument.quote_currency} else None
            pair = (instrument.base_currency, instrument.quote_currency)
            if quote is not None and pair in {(self.currency, currency), (currency, self.currency)}:
                return quote.mid if pair[0] == currency else 1 / quote.mid
        raise TerminalRefused(_NO_PRICES, f"no symbol has a price for {currency} in {self.currency}")


def _position(order: Order, receipt: Receipt) -> Position:
    return Position(
        trade_id=order.id,
        ticket=receipt.ticket,
        asset=order.asset,
        direction=order.direction,
        quantity=order.quantity,
        entry_price=receipt.price,
        opened_at=receipt.time,
        stop=order.stop,
        take_profit=order.take_profit,
        unrealised=0.0,
    )


def _price(asset: str, quote: Quote | None, direction: Direction) -> float:
    if quote is None or not 0 < quote.bid <= quote.ask:
        raise TerminalRefused(_NO_PRICES, f"{asset} has no prices to trade at")
    return quote.ask if direction is Direction.BUY else quote.bid


def _opposite(direction: Direction) -> Direction:
    return Direction.SELL if direction is Direction.BUY else Direction.BUY


def _require_volume(order: Order, instrument: Instrument) -> None:
    if not instrument.smallest_lot <= order.quantity <= instrument.largest_lot:
        between = f"{instrument.smallest_lot:g} to {instrument.largest_lot:g} lots"
        raise TerminalRefused(_WRONG_VOLUME, f"{order.asset} trades {between}, not {order.quantity:g}")
