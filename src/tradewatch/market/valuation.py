"""What orders and positions are worth at the newest prices, in account currency."""

from tradewatch.market.instruments import Instruments
from tradewatch.market.orders import Order
from tradewatch.market.positions import OpenPosition, Position
from tradewatch.market.prices import Prices


class Valuation:
    """Values what an account holds. Every asset it is asked about must have had a price."""

    def __init__(self, instruments: Instruments, prices: Prices) -> None:
        self._instruments = instruments
        self._prices = prices

    def unrealised(self, position: Position) -> float:
        """Return what closing a position at the newest bid (a sold one: ask) would make, its swap included."""
        asset = position.order.asset
        bar = self._prices.newest[asset]
        worth = self._prices.contract_value(self._instruments[asset], bar.close)
        return position.unrealised(bar.close - position.sign * bar.spread / 2, worth)

    def value(self, position: Position) -> float:
        """Return a position's absolute value at the newest mid price."""
        asset = position.order.asset
        mid = self._prices.newest[asset].close
        return position.quantity * mid * self._prices.contract_value(self._instruments[asset], mid)

    def notional(self, order: Order) -> float:
        """Return what an order would be worth at its reference price."""
        price = order.reference_price
        return order.quantity * price * self._prices.contract_value(self._instruments[order.asset], price)

    def view(self, position: Position) -> OpenPosition:
        """Return what is to be known of a position."""
        order = position.order
        return OpenPosition(
            trade_id=order.id,
            asset=order.asset,
            direction=order.direction,
            quantity=position.quantity,
            entry_price=position.entry.price,
            stop=position.stop,
            take_profit=order.take_profit,
            opened_at=position.opened_at,
            unrealised=self.unrealised(position),
            order=order,
        )
