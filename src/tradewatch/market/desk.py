"""What is under way in one asset, and what a bar makes of it."""

from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from tradewatch.facts import Fact
from tradewatch.market.account import Account
from tradewatch.market.bars import Bar
from tradewatch.market.broker_state import DeskState
from tradewatch.market.charges import commission, swap
from tradewatch.market.fills import Fill, market_fill, mids_seen, trigger
from tradewatch.market.instruments import Instrument
from tradewatch.market.orders import Order
from tradewatch.market.positions import Closing, Exit, Position
from tradewatch.market.quantities import is_enough, on_step
from tradewatch.market.settling import closing, opening, part_closing, settlement


class Why(NamedTuple):
    """Why a position is closed, and the price that was seen or asked for when that was decided."""

    reason: str
    reference_price: float


class Desk:
    """Orders of one asset that wait for a price, and its open positions, both in order of arrival.

    A bar closes first what was asked to be closed and then opens what was asked to be opened, both at its open and only
    what was asked for before its time; then it sets off stops and take-profits, also of what it has just opened.
    """

    def __init__(self, instrument: Instrument, account: Account) -> None:
        self.waiting: list[Order] = []
        self.positions: dict[str, Position] = {}
        self.instrument = instrument
        self._account = account
        self._prices = account.prices
        self._needs_rate = instrument.quote_currency != account.currency

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        return not (self.waiting or self.positions)

    def state(self) -> DeskState:
        """Return what `restore` needs."""
        positions = list(self.positions.values())
        return DeskState(asset=self.instrument.symbol, waiting=self.waiting, positions=positions)

    def restore(self, state: DeskState) -> None:
        """Go on with what was under way."""
        self.waiting = state.waiting
        self.positions = {position.order.id: position for position in state.positions}

    def deal(self, bar: Bar) -> list[Fact]:
        """Return the facts that a bar brings.

        Nights that were over when the bar began are charged before it, those that ended in it or with it after it.
        """
        start = bar.time - _length(bar.interval)
        self.roll(start)
        facts = self._close_waiting(bar)
        if self.waiting:
            facts += self._open_waiting(bar, start)
        for position in list(self.positions.values()):
            found = trigger(self.instrument, position.sign, position.stop, position.order.take_profit, bar)
            self._observe(position, bar, mids_seen(found, position.sign, bar))
            if found is not None:
                why = Why(found.reason, found.level)
                facts.append(self._exit(position, position.quantity, found.fill, why))
        self._prices.newest[bar.asset] = bar
        self.roll(bar.time)
        return facts

    def roll(self, moment: datetime) -> None:
        """Charge swap for each midnight (UTC) up to ``moment`` that a position was held over, at the newest rate."""
        today = moment.toordinal()
        for position in self.positions.values():
            nights = today - position.rolled
            if nights > 0:
                worth = self._worth(self._prices.newest[self.instrument.symbol].close)
                position.funding += swap(self.instrument, position.sign, nights, position.quantity, worth)
                position.rolled = today

    def _worth(self, mid: float) -> float:
        return self._prices.contract_value(self.instrument, mid) if self._needs_rate else self.instrument.contract_size

    def _close_waiting(self, bar: Bar) -> list[Fact]:
        facts: list[Fact] = []
        for position in [each for each in self.positions.values() if each.closings]:
            due = [asked for asked in position.closings if _begins_after(bar, asked.time)]
            position.closings = position.closings[len(due) :]
            facts += [self._close_at_open(position, bar, asked) for asked in due if position.quantity]
        return facts

    def _close_at_open(self, position: Position, bar: Bar, asked: Closing) -> Fact:
        self._observe(position, bar, (bar.open,))
        fill = market_fill(self.instrument, -position.sign, bar.open, bar.spread)
        quantity = _closable(self.instrument, position.quantity, asked.quantity)
        return self._exit(position, quantity, fill, Why(asked.reason, asked.reference_price))

    def _open_waiting(self, bar: Bar, start: datetime) -> list[Fact]:
        due = [order for order in self.waiting if _begins_after(bar, order.time)]
        self.waiting = [order for order in self.waiting if not _begins_after(bar, order.time)]
        return [self._open(order, bar, start) for order in due]

    def _open(self, order: Order, bar: Bar, start: datetime) -> Fact:
        sign = order.direction.sign
        fill, worth = market_fill(self.instrument, sign, bar.open, bar.spread), self._worth(bar.open)
        at_once = (bar.open - sign * bar.spread / 2 - fill.price) * sign * order.quantity * worth
        position = Position(
            order=order,
            sign=sign,
            opened_at=bar.time,
            entry=fill,
            entry_fee=commission(self.instrument, order.quantity, fill.price, worth),
            quantity=order.quantity,
            stop=order.stop,
            rolled=start.toordinal(),
            worst=at_once,
            best=at_once,
        )
        self.positions[order.id] = position
        self._account.book(position, -position.entry_fee)
        return opening(position, worth, self._account.currency)

    def _observe(self, position: Position, bar: Bar, mids: tuple[float, ...]) -> None:
        half = position.sign * bar.spread / 2
        for mid in mids:
            position.observe(mid - half, self._worth(mid))

    def _exit(self, position: Position, quantity: float, fill: Fill, why: Why) -> Fact:
        """Close a part or the whole; a part takes its share of the swap with it."""
        worth = self._worth(fill.mid)
        position.observe(fill.price, worth)
        left = on_step(self.instrument, position.quantity - quantity)
        funding = position.funding * (quantity / position.quantity) if left else position.funding
        fee = commission(self.instrument, quantity, fill.price, worth)
        position.exits.append(Exit(quantity, fill, why.reference_price, worth, fee, funding))
        position.quantity, position.funding = left, position.funding - funding
        return self._book_part(position, why) if left else self._settle(position, why)

    def _book_part(self, position: Position, why: Why) -> Fact:
        fact = part_closing(position, why.reason)
        self._account.book(position, fact.pnl)
        return fact

    def _settle(self, position: Position, why: Why) -> Fact:
        fact = closing(position, why.reason, self._account.currency)
        del self.positions[position.order.id]
        self._account.settle(position, settlement(position, fact))
        return fact


@cache
def _length(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def _begins_after(bar: Bar, moment: datetime) -> bool:
    """Whether a bar begins when something was decided or later, and so has prices that nobody knew then."""
    return bar.time > moment and bar.time - timedelta(seconds=bar.interval) >= moment


def _closable(instrument: Instrument, held: float, asked: float | None) -> float:
    """Return how much of a position is closed: all of it, if what was left would be below the smallest lot."""
    return held if asked is None or not is_enough(instrument, held - asked) else asked
