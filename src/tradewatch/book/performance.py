"""The statistics of one group of closed trades."""

from collections.abc import Callable, Mapping
from operator import attrgetter

from tradewatch.book.settled import SettledTrade
from tradewatch.catalog import Concept, concepts
from tradewatch.stats import Mean, Outcomes, ProfitFactor


class TradePerformance:
    """Everything known of a group of closed trades, one at a time.

    ``told`` counts closings as they were first told; all else follows corrections.
    """

    __slots__ = ("last_closed", "outcomes", "pnl", "profit_factor", "told")

    def __init__(self) -> None:
        self.told = Outcomes()
        self.outcomes = Outcomes()
        self.pnl = Mean()
        self.profit_factor = ProfitFactor()
        self.last_closed: float | None = None

    def update(self, trade: SettledTrade, closed: float) -> None:
        """Take one more closed trade; ``closed``: when, Unix time."""
        self.outcomes.update(trade.result)
        self.pnl.update(trade.pnl)
        self.profit_factor.update(trade.pnl)
        self.last_closed = closed


READINGS: Mapping[Concept, Callable[[TradePerformance], float | None]] = {
    concepts.CLOSED_TRADES: attrgetter("outcomes.count"),
    concepts.WINS: attrgetter("outcomes.wins"),
    concepts.LOSSES: attrgetter("outcomes.losses"),
    concepts.SCRATCHES: attrgetter("outcomes.scratches"),
    concepts.WIN_RATE: attrgetter("outcomes.value"),
    concepts.NET_PROFIT: attrgetter("pnl.total"),
    concepts.EXPECTANCY: attrgetter("pnl.value"),
    concepts.GROSS_PROFIT: attrgetter("profit_factor.gross_profit"),
    concepts.GROSS_LOSS: attrgetter("profit_factor.gross_loss"),
    concepts.PROFIT_FACTOR: attrgetter("profit_factor.value"),
    concepts.LAST_TRADE_TIME: attrgetter("last_closed"),
}
"""What can be read of a group of closed trades."""
