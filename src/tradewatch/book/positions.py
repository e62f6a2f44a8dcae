"""The open trades of a book, and what they are worth."""

from collections import Counter
from dataclasses import dataclass
from math import fsum

from tradewatch.book.groups import UNKNOWN
from tradewatch.facts import BarClosed, TradeOpened, TradePartlyClosed


@dataclass(slots=True)
class _Position:
    opened: TradeOpened
    quantity: float


class Positions:
    """Folds openings, parts and closings into what is open. Values are in account currency.

    A position is valued at the newest bar's close of its asset, or at its entry price before there is one.
    """

    def __init__(self) -> None:
        self._open: dict[str, _Position] = {}
        self._prices: dict[str, float] = {}

    def open(self, fact: TradeOpened) -> None:
        """Take an opening."""
        self._open[fact.trade_id] = _Position(fact, fact.quantity)

    def reduce(self, fact: TradePartlyClosed) -> None:
        """Take the closing of a part."""
        position = self._open.get(fact.trade_id)
        if position is not None:
            position.quantity = max(0.0, position.quantity - fact.quantity)

    def close(self, trade_id: str) -> None:
        """Take a closing, or the news that a trade never happened."""
        self._open.pop(trade_id, None)

    def price(self, fact: BarClosed) -> None:
        """Take a price."""
        self._prices[fact.asset] = fact.close

    @property
    def count(self) -> int:
        """How many trades are open."""
        return len(self._open)

    def count_by(self, labels: tuple[str, ...]) -> dict[tuple[str, ...], int]:
        """Return how many trades are open, by the values of these labels."""
        return Counter(
            tuple([str(getattr(position.opened, label) or UNKNOWN) for label in labels])
            for position in self._open.values()
        )

    @property
    def gross(self) -> float:
        """Sum of the absolute values of all positions."""
        return fsum(map(abs, self._values()))

    @property
    def net(self) -> float:
        """Value of what is bought less value of what is sold."""
        return fsum(self._values())

    @property
    def largest(self) -> float:
        """The largest absolute net value in a single asset; 0 when nothing is open."""
        by_asset: dict[str, float] = {}
        for position, value in zip(self._open.values(), self._values(), strict=True):
            by_asset[position.opened.asset] = by_asset.get(position.opened.asset, 0.0) + value
        return max(map(abs, by_asset.values()), default=0.0)

    def _values(self) -> list[float]:
        return [self._value(position) for position in self._open.values()]

    def _value(self, position: _Position) -> float:
        opened = position.opened
        price = self._prices.get(opened.asset, opened.entry_price)
        return position.quantity * price * opened.contract_value * opened.direction.sign
