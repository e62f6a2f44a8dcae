"""The money of a paper account."""

from tradewatch.market.positions import Position
from tradewatch.market.prices import Prices
from tradewatch.market.settling import Settlement
from tradewatch.stats import ExactSum


class Account:
    """A balance in one currency, which only real trades move.

    ``settlements``: of the trades, virtual ones too, that were closed since the list was last emptied.
    """

    def __init__(self, prices: Prices, currency: str, balance: float) -> None:
        self.prices = prices
        self.currency = currency
        self.settlements: list[Settlement] = []
        self._money = ExactSum()
        self._money.update(balance)

    @property
    def balance(self) -> float:
        """What was paid in, and realised since."""
        return self._money.value

    def pay(self, amount: float) -> None:
        """Take a cash flow, positive for a deposit."""
        self._money.update(amount)

    def book(self, position: Position, amount: float) -> None:
        """Take money that an open position has moved."""
        if not position.is_virtual:
            position.booked.append(amount)
            self._money.update(amount)

    def settle(self, position: Position, settlement: Settlement) -> None:
        """Take a closed position's whole P&L, of which some is booked already."""
        self.settlements.append(settlement)
        if not position.is_virtual:
            self._money.extend((settlement.pnl, *(-amount for amount in position.booked)))

    def state(self) -> list[float]:
        """Return the fewest numbers that add up to exactly the balance."""
        terms, told = list[float](), ExactSum()
        while rest := self._money.less(told):
            terms.append(rest)
            told.update(rest)
        return terms

    def restore(self, terms: list[float]) -> None:
        """Have this balance."""
        self._money = ExactSum()
        self._money.extend(terms)
