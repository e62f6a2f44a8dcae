"""What can happen to a trade."""

from collections.abc import Mapping

from tradewatch.facts.bounds import Amount, Factor, Magnitude, Moment, Name, Price, Quantity, Share, Text
from tradewatch.facts.fact import Fact
from tradewatch.facts.vocabulary import Direction


class TradeFact(Fact, frozen=True, kw_only=True):
    """A fact about the trade that ``trade_id`` names; ids are never used again within a system."""

    trade_id: Name


class TradeTerms(TradeFact, frozen=True, kw_only=True):
    """What opening and closing a trade both say, so that either can be understood alone.

    What a closing does not know of them is None; an opening knows the first four.
    ``contract_value``: account currency gained per unit of quantity when the price moves by 1.
    ``stop``: the first stop-loss price; it makes the initial risk. ``mode``: live or virtual, where a system has both.
    ``currency``: of all amounts, where it is told; facts in another currency than the account's are refused.
    """

    asset: Name
    direction: Direction | None = None
    quantity: Quantity | None = None
    entry_price: Price | None = None
    contract_value: Factor = 1.0
    stop: Price | None = None
    take_profit: Price | None = None
    entry_reference_price: Price | None = None
    strategy: Name | None = None
    tag: Name | None = None
    engine: Name | None = None
    agent: Name | None = None
    timeframe: Name | None = None
    mode: Name | None = None
    currency: Name | None = None
    confidence: Share | None = None

    @property
    def notional(self) -> float | None:
        """Value of the position at its entry, in account currency; None where price or quantity is unknown."""
        if self.quantity is None or self.entry_price is None:
            return None
        return self.quantity * self.entry_price * self.contract_value

    @property
    def initial_risk(self) -> float | None:
        """What is lost when the first stop is hit, account currency: 1 R. None without a stop apart from the entry."""
        if self.stop is None or self.stop == self.entry_price or self.quantity is None or self.entry_price is None:
            return None
        return abs(self.entry_price - self.stop) * self.quantity * self.contract_value


class TradeOpened(TradeTerms, frozen=True, kw_only=True):
    """A position was opened; ``fees`` are booked at once (a cost is positive)."""

    direction: Direction
    quantity: Quantity
    entry_price: Price
    fees: Amount = 0.0
    round_id: Name | None = None

    @property
    def identity(self) -> str:
        """One opening per trade."""
        return f"{self.trade_id}/opened"


class TradePartlyClosed(TradeFact, frozen=True, kw_only=True):
    """A part of an open position was closed; ``pnl`` is that part's P&L after its costs, booked at once.

    ``part`` tells the parts of one trade apart: 1, 2, ...
    """

    part: int
    quantity: Quantity
    exit_price: Price
    pnl: Amount
    exit_reason: Name | None = None

    @property
    def identity(self) -> str:
        """One fact per part of a trade."""
        return f"{self.trade_id}/part/{self.part}"


class TradeClosed(TradeTerms, frozen=True, kw_only=True):
    """The whole trade is over. Quantity, fees, funding and ``pnl`` are those of the whole trade, parts included.

    It must say its ``pnl``, or else all its parts: direction, quantity, both prices.
    ``exit_price``: the average over all exits. ``fees`` and ``funding``: what they cost (a gain is negative).
    ``pnl``: the P&L as the source reported it; None when the parts alone are known.
    ``worst_unrealised`` and ``best_unrealised``: the extremes of unrealised P&L while open, account currency.
    """

    opened_at: Moment | None = None
    exit_price: Price | None = None
    exit_reference_price: Price | None = None
    fees: Amount = 0.0
    funding: Amount = 0.0
    pnl: Amount | None = None
    exit_reason: Name | None = None
    worst_unrealised: Amount | None = None
    best_unrealised: Amount | None = None

    @property
    def identity(self) -> str:
        """One closing per trade."""
        return f"{self.trade_id}/closed"

    @property
    def recomputed_pnl(self) -> float | None:
        """P&L from the parts: (exit - entry) * quantity * direction * contract value - fees - funding.

        None where a part is unknown.
        """
        if self.direction is None or self.quantity is None or self.entry_price is None or self.exit_price is None:
            return None
        move = (self.exit_price - self.entry_price) * self.direction.sign
        return move * self.quantity * self.contract_value - self.fees - self.funding


class TradeCorrected(TradeFact, frozen=True, kw_only=True):
    """A closed trade was not as first told: ``replacement`` is how it was. A higher ``revision`` wins."""

    revision: int
    replacement: TradeClosed
    reason: Text = ""

    @property
    def identity(self) -> str:
        """One fact per revision of a trade."""
        return f"{self.trade_id}/corrected/{self.revision}"


class TradeVoided(TradeFact, frozen=True, kw_only=True):
    """A trade that was told never happened."""

    reason: Text = ""

    @property
    def identity(self) -> str:
        """One voiding per trade."""
        return f"{self.trade_id}/voided"


class EquityMarked(Fact, frozen=True, kw_only=True):
    """The account was valued: ``equity`` with open positions at market, before any cash flow of the same instant.

    ``balance``: what the broker calls it, if known. ``unrealised``: trade id to its unrealised P&L, where known;
    it lets equity stay right between a closing and the next mark. ``exposure``: sum of absolute position values.
    """

    equity: Amount
    balance: Amount | None = None
    unrealised: Mapping[str, Amount] = {}
    exposure: Magnitude | None = None


class CashFlowed(Fact, frozen=True, kw_only=True):
    """Money was deposited (positive) or withdrawn (negative): not profit, not a drawdown."""

    amount: Amount
    reason: Text = ""
