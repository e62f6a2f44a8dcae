"""Instruments with round costs, and short ways to order and to show a paper broker bars."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tradewatch.facts import Direction, Fact, TradeClosed, TradeOpened
from tradewatch.market.bars import Bar
from tradewatch.market.broker import PaperBroker
from tradewatch.market.instruments import Instrument, Instruments
from tradewatch.market.orders import Order

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)  # a Monday

SYMBOLS: Instruments = {
    each.symbol: each
    for each in (
        Instrument(
            symbol="EURUSD+",
            digits=5,
            contract_size=100_000.0,
            base_currency="EUR",
            quote_currency="USD",
            spread_points=8.0,
            price=1.1,
            volatility=0.075,
            commission_per_lot=3.0,
            swap_long_points=-6.5,
            swap_short_points=2.0,
            slippage_points=1.0,
        ),
        Instrument(
            symbol="USDJPY",
            digits=3,
            contract_size=100_000.0,
            base_currency="USD",
            quote_currency="JPY",
            spread_points=10.0,
            price=150.0,
            volatility=0.095,
            commission_per_lot=3.0,
            swap_long_points=9.0,
            swap_short_points=-18.0,
            slippage_points=1.0,
        ),
        Instrument(
            symbol="EURJPY",
            digits=3,
            contract_size=100_000.0,
            base_currency="EUR",
            quote_currency="JPY",
            spread_points=10.0,
            price=165.0,
            volatility=0.1,
        ),
        Instrument(
            symbol="XAUUSD",
            digits=2,
            contract_size=100.0,
            base_currency="XAU",
            quote_currency="USD",
            spread_points=20.0,
            price=2_400.0,
            volatility=0.15,
            commission_per_lot=3.0,
            swap_long_points=-38.0,
            swap_short_points=15.0,
            slippage_points=3.0,
        ),
        Instrument(
            symbol="BTCUSD",
            digits=2,
            contract_size=1.0,
            base_currency="BTC",
            quote_currency="USD",
            spread_points=1_000.0,
            price=50_000.0,
            volatility=0.55,
            commission_rate=0.0002,
            slippage_points=200.0,
        ),
    )
}
"""Symbols as brokers have them, with costs that are easy to reckon with."""


def bar(
    asset: str,
    minutes: float,
    prices: tuple[float, float, float, float] | float,
    spread: float = 0.0,
    interval: float = 60.0,
) -> Bar:
    """Return the bar that ends so many minutes after noon; of open, high, low and close, or of one price."""
    first, high, low, last = prices if isinstance(prices, tuple) else (prices,) * 4
    return Bar(asset, NOON + timedelta(minutes=minutes), interval, first, high, low, last, spread=spread)


def order(
    order_id: str, asset: str, direction: Direction, quantity: float, reference_price: float, **more: Any
) -> Order:
    """Return an order decided at noon, unless ``more`` says otherwise."""
    terms: dict[str, Any] = {"time": NOON} | more  # Any: fields of an order
    return Order(
        id=order_id, asset=asset, direction=direction, quantity=quantity, reference_price=reference_price, **terms
    )


def cents(amount: float | None) -> float:
    """Return an amount of money to the cent."""
    assert amount is not None
    return round(amount, 2)


def facts(broker: PaperBroker, *bars: Bar) -> list[Fact]:
    """Show a broker bars, and return what they brought."""
    return [entry.fact for each in bars for entry in broker.on_bar(each)]


def opened(broker: PaperBroker, asked: Order, *bars: Bar) -> TradeOpened:
    """Submit an order that is taken and show bars, of which the last opens the trade."""
    assert broker.submit(asked) is None
    fact = facts(broker, *bars)[-1]
    assert isinstance(fact, TradeOpened)
    return fact


def closed(broker: PaperBroker, *bars: Bar) -> TradeClosed:
    """Show bars, of which the last closes one trade, and return its closing."""
    fact = facts(broker, *bars)[-1]
    assert isinstance(fact, TradeClosed)
    return fact


def ask_to_close(broker: PaperBroker, trade_id: str, minutes: float, quantity: float | None = None) -> bool:
    """Ask for a trade to be closed, so many minutes after noon; return whether that was taken."""
    return broker.close(
        trade_id,
        time=NOON + timedelta(minutes=minutes),
        reason="signal",
        reference_price=1.0,
        quantity=quantity,
    )
