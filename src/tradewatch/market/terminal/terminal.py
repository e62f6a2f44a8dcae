"""What every terminal is: the one way to an account, its prices and its orders, simulated or real."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tradewatch.errors import SourceError, TradewatchError
from tradewatch.facts import Direction
from tradewatch.market.bars import Bar, Timeframe
from tradewatch.market.instruments import Instruments
from tradewatch.market.orders import Order
from tradewatch.market.quotes import Quote


class TerminalLost(SourceError):  # noqa: N818 - what happened, as the gateway reads it
    """There is no connection to the terminal, or from it to its server: connect again later."""


class TerminalRefused(TradewatchError):  # noqa: N818 - what happened, as the gateway reads it
    """The terminal is there and did not do what it was asked; ``code`` is its own, short enough for a label."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{sentence} ({code})")
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalAccount:
    """The account that a terminal is logged in to.

    ``balance`` and ``equity``: account currency; equity has open positions at market. ``leverage``: 100 is 1:100.
    """

    login: int
    currency: str
    balance: float
    equity: float
    leverage: int
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of an order: ``trade_id`` is ours, ``ticket`` the terminal's number of the position.

    ``time``: of the execution, aware UTC. ``price``: at which it was filled. ``quantity``: lots that were filled, which
    may be less than asked for.
    """

    trade_id: str
    ticket: int
    time: datetime
    price: float
    quantity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A position that is open in the terminal; ``trade_id`` is None for one that is not ours.

    ``unrealised``: profit at market before costs, account currency.
    """

    trade_id: str | None
    ticket: int
    asset: str
    direction: Direction
    quantity: float
    entry_price: float
    opened_at: datetime
    stop: float | None
    take_profit: float | None
    unrealised: float


class Terminal(Protocol):
    """A trading terminal. Every call may raise `TerminalLost` or `TerminalRefused`; none waits long.

    Calls before `connect`, or after the connection broke, raise `TerminalLost`. All times are aware UTC.
    """

    def connect(self) -> None:
        """Start or find the terminal and log in; connecting again does no harm."""

    def disconnect(self) -> None:
        """Let go of the terminal; never raises."""

    def account(self) -> TerminalAccount:
        """Return the account as it stands now."""

    def symbols(self) -> Instruments:
        """Return the terms of every symbol that can be asked for."""

    def quote(self, symbol: str) -> Quote | None:
        """Return the newest quote, however old or wrong it is; None before the first one."""

    def bars(self, symbol: str, timeframe: Timeframe, after: datetime) -> Sequence[Bar]:
        """Return the closed bars of mid prices that ended later than ``after``, oldest first."""

    def history(self, symbol: str, timeframe: Timeframe, count: int) -> Sequence[Bar]:
        """Return the last ``count`` closed bars of mid prices, oldest first; fewer if there are no more."""

    def send(self, order: Order) -> Receipt:
        """Open a position at the market; an order sent again is not executed again."""

    def close(self, trade_id: str) -> Receipt:
        """Close a whole position at the market, under the id of the order that opened it."""

    def positions(self) -> Sequence[Position]:
        """Return what is open, oldest first."""
