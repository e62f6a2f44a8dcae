"""The paper broker: orders are filled at the next price, with all that a real broker would charge."""

from collections.abc import Sequence
from datetime import datetime
from math import fsum, inf

import msgspec
from msgspec.structs import replace

from tradewatch.errors import ConfigurationError
from tradewatch.facts import KIND_OF, VIRTUAL, CashFlowed, Entry, EquityMarked, Fact, OrderRefused, stamp
from tradewatch.market.account import Account
from tradewatch.market.bars import Bar
from tradewatch.market.broker_state import BrokerState
from tradewatch.market.desk import Desk
from tradewatch.market.instruments import Instrument, Instruments
from tradewatch.market.limits import Held, Limits, Refusal, refused_by_account, refused_levels, refused_quantity
from tradewatch.market.order_ids import OrderIds
from tradewatch.market.orders import Order
from tradewatch.market.positions import Closing, OpenPosition, Position
from tradewatch.market.prices import Prices
from tradewatch.market.quantities import lots, on_step
from tradewatch.market.settling import Settlement
from tradewatch.market.valuation import Valuation


class PaperBroker:
    """Takes orders, fills them from the bars it is shown, and keeps the account.

    ``instruments``: all that can be traded, and the symbols that convert their quote currencies. ``currency``,
    ``balance``: of the account. Bars come in order of time; a tick is a bar of one price. What a bar brings is told at
    the bar's ``time``, when it is known. Virtual trades (by their ``mode``) are filled, stopped and charged exactly
    alike, but move no money and count for no limit. Positions do not net: each order is a trade of its own.

    Raises `ConfigurationError` for an instrument whose quote currency no symbol converts.
    """

    def __init__(
        self,
        instruments: Instruments,
        currency: str = "USD",
        balance: float = 10_000.0,
        limits: Limits | None = None,
    ) -> None:
        self.instruments = instruments
        self.currency = currency
        self.limits = limits or Limits()
        self._prices = Prices(instruments, currency)
        self._newest = self._prices.newest
        self._values = Valuation(instruments, self._prices)
        self._account = Account(self._prices, currency, balance)
        self._desks: dict[str, Desk] = {}
        self._seen = OrderIds()
        self._told = 0  # facts so far that have no id of their own
        self._equity: float | None = None  # as long as nothing moves it

    def submit(self, order: Order) -> Entry | None:
        """Take an order, to be filled at the open of the asset's next bar; return its refusal, or None.

        An id that was taken before is passed over: an order sent twice is executed once. One that was refused may come
        again. Stop and take-profit are rounded to the symbol's digits. The refusal's reason is ``unknown_symbol``,
        ``quantity_too_small``, ``quantity_too_large``, ``quantity_off_step``, ``reference_price``, ``stop_side``,
        ``take_profit_side``, ``no_rate``, ``position_limit``, ``asset_position_limit`` or ``margin``.
        """
        if order.id in self._seen:
            return None
        instrument = self.instruments.get(order.asset)
        if instrument is None:
            return _refused(order, Refusal("unknown_symbol", f"{order.asset} is not among the instruments"))
        accepted = _on_grid(order, instrument)
        refusal = (
            refused_quantity(order, instrument) or refused_levels(accepted) or self._unaffordable(order, instrument)
        )
        if refusal is not None:
            return _refused(order, refusal)
        self._seen.add(order.id)
        self._desk(instrument).waiting.append(replace(accepted, quantity=on_step(instrument, order.quantity)))
        return None

    def cancel(self, order_id: str) -> bool:
        """Take back an order that still waits; return whether it did."""
        for desk in self._desks.values():
            for order in desk.waiting:
                if order.id == order_id:
                    desk.waiting.remove(order)
                    return True
        return False

    def close(
        self, trade_id: str, *, time: datetime, reason: str, reference_price: float, quantity: float | None = None
    ) -> bool:
        """Close a trade at the open of its asset's next bar; return whether it is open and not about to be closed.

        ``time``: of the decision; ``reference_price``: the mid price that it saw. ``quantity``: lots, rounded down to
        the step; a rest below the smallest lot is closed too. False also for less than the smallest lot.
        """
        position = self._position(trade_id)
        if position is None or position.is_to_be_closed:
            return False
        part = None if quantity is None else lots(self.instruments[position.order.asset], quantity)
        if part == 0:
            return False
        position.closings.append(Closing(time, reason, reference_price, part))
        return True

    def move_stop(self, trade_id: str, price: float) -> bool:
        """Set a trade's stop, rounded to the symbol's digits, if that takes it closer to profit; return whether."""
        position = self._position(trade_id)
        if position is None:
            return False
        stop = self.instruments[position.order.asset].rounded(price)
        is_closer = position.stop is None or (stop - position.stop) * position.sign > 0
        if 0 < stop < inf and is_closer:
            position.stop = stop
            return True
        return False

    def on_bar(self, bar: Bar) -> list[Entry]:
        """Fill what waits at the bar's open, set off stops and take-profits inside it, and return the facts."""
        self._equity = None
        self._account.settlements.clear()
        desk = self._desks.get(bar.asset)
        if desk is None:
            self._newest[bar.asset] = bar
            return []
        facts = desk.deal(bar)
        if desk.is_idle:
            del self._desks[bar.asset]
        return [Entry(bar.time, fact.identity or "", fact) for fact in facts]

    def roll(self, moment: datetime) -> None:
        """Charge swap for the midnights (UTC) up to a moment; bars of that moment must have been seen."""
        self._equity = None
        for desk in self._desks.values():
            desk.roll(moment)

    def mark(self, time: datetime) -> Entry:
        """Return the account's value, at the newest prices; bars of that time must have been seen."""
        self.roll(time)
        real, balance = self._real(), self.balance
        unrealised = {each.order.id: self._values.unrealised(each) for each in real}
        return self._entry(
            time,
            EquityMarked(
                equity=fsum((balance, *unrealised.values())),
                balance=balance,
                unrealised=unrealised,
                exposure=fsum([self._values.value(each) for each in real]),
            ),
        )

    def deposit(self, amount: float, *, time: datetime, reason: str = "") -> Entry:
        """Pay in, or out if negative; return the fact."""
        self._equity = None
        self._account.pay(amount)
        return self._entry(time, CashFlowed(amount=amount, reason=reason))

    @property
    def balance(self) -> float:
        """What was paid in and realised, commissions of open trades included; account currency."""
        return self._account.balance

    @property
    def equity(self) -> float:
        """Balance and unrealised P&L, swap included, at the newest prices; account currency."""
        if self._equity is None:
            self._equity = fsum([self.balance, *[self._values.unrealised(each) for each in self._real()]])
        return self._equity

    @property
    def exposure(self) -> float:
        """Sum of the absolute values of open positions at the newest mid prices; account currency."""
        return fsum(self._values.value(each) for each in self._real())

    def contract_value(self, asset: str) -> float | None:
        """Return what a lot makes in account currency when the price rises by 1; None before a price converts it."""
        try:
            return self._prices.contract_value(self.instruments[asset], self._prices.newest[asset].close)
        except LookupError:
            return None

    @property
    def positions(self) -> list[OpenPosition]:
        """What is open, virtual trades too: by asset, in order of opening."""
        return [self._values.view(each) for desk in self._desks.values() for each in desk.positions.values()]

    @property
    def waiting(self) -> list[Order]:
        """Orders that wait for the next price of their asset."""
        return [order for desk in self._desks.values() for order in desk.waiting]

    @property
    def settlements(self) -> Sequence[Settlement]:
        """What the trades that the last `on_bar` closed made and cost."""
        return tuple(self._account.settlements)

    def state(self) -> object:
        """Return all that `restore` needs: plain lists, numbers, texts and mappings."""
        state = BrokerState(
            balance=self._account.state(),
            newest=self._newest,
            desks=[desk.state() for desk in self._desks.values()],
            seen=self._seen.state(),
            told=self._told,
        )
        return msgspec.to_builtins(state)

    def restore(self, state: object) -> None:
        """Go on from where ``state`` was taken, exactly.

        Raises `ConfigurationError` when it holds an asset that is not among the instruments.
        """
        self._equity = None
        taken = msgspec.convert(state, BrokerState)
        self._account.restore(taken.balance)
        self._prices.restore(taken.newest)
        self._seen.restore(taken.seen)
        self._told = taken.told
        self._desks = {}
        for desk in taken.desks:
            self._desk(self._known(desk.asset)).restore(desk)

    def _known(self, asset: str) -> Instrument:
        if asset not in self.instruments:
            message = f"the saved state trades {asset}, which is not among the instruments: add it, or start anew"
            raise ConfigurationError(message)
        return self.instruments[asset]

    def _desk(self, instrument: Instrument) -> Desk:
        return self._desks.setdefault(instrument.symbol, Desk(instrument, self._account))

    def _position(self, trade_id: str) -> Position | None:
        found = (desk.positions.get(trade_id) for desk in self._desks.values())
        return next((position for position in found if position is not None), None)

    def _real(self) -> list[Position]:
        """Return the positions that move money."""
        return [
            position
            for desk in self._desks.values()
            for position in desk.positions.values()
            if position.order.mode != VIRTUAL
        ]

    def _entry(self, time: datetime, fact: Fact) -> Entry:
        self._told += 1
        return Entry(time, f"{KIND_OF[type(fact)]}/{stamp(time)}/{self._told}", fact)

    def _unaffordable(self, order: Order, instrument: Instrument) -> Refusal | None:
        """Return why the account cannot take an order."""
        if self._prices.rate(instrument, order.reference_price) is None:
            return Refusal("no_rate", f"no price was seen yet that converts {instrument.quote_currency}")
        if order.mode == VIRTUAL:
            return None
        return refused_by_account(self.limits, self._held(order.asset), self._values.notional(order))

    def _held(self, asset: str) -> Held:
        waiting = [order for order in self.waiting if order.mode != VIRTUAL]
        assets = [each.order.asset for each in self._real()] + [order.asset for order in waiting]
        asked = [self._values.notional(order) for order in waiting]
        return Held(len(assets), assets.count(asset), fsum((self.exposure, *asked)), self.equity)


def _on_grid(order: Order, instrument: Instrument) -> Order:
    """Return an order with its levels at the symbol's digits."""
    return replace(
        order,
        stop=None if order.stop is None else instrument.rounded(order.stop),
        take_profit=None if order.take_profit is None else instrument.rounded(order.take_profit),
    )


def _refused(order: Order, refusal: Refusal) -> Entry:
    fact = OrderRefused(
        asset=order.asset,
        reason=refusal.reason,
        detail=refusal.detail,
        strategy=order.strategy,
        engine=order.engine,
        agent=order.agent,
    )
    return Entry(order.time, f"{order.id}/refused", fact)
