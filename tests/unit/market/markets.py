"""Simulated markets that several tests look at, made once."""

from datetime import UTC, datetime, timedelta
from functools import cache

from tradewatch.market.bars import Bar
from tradewatch.market.instruments import METATRADER, Instrument
from tradewatch.market.simulated import SimulatedFeed
from tradewatch.market.simulated_symbol import HiddenState

START = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def coin(symbol: str, price: float = 100.0, volatility: float = 0.8) -> Instrument:
    return Instrument(
        symbol=symbol,
        digits=4,
        contract_size=1.0,
        base_currency=symbol,
        quote_currency="USD",
        spread_points=200.0,
        price=price,
        volatility=volatility,
    )


COINS = {name: coin(name) for name in ("BTC", "ETH", "SOL")}


def feed(*symbols: str, seed: int = 1, days: float | None = None, warm_up: timedelta = MINUTE * 0) -> SimulatedFeed:
    instruments = {**METATRADER, **COINS}
    return SimulatedFeed(
        {name: instruments[name] for name in symbols}, seed=seed, start=START, days=days, warm_up=warm_up
    )


@cache
def month(symbol: str, seed: int = 1, days: int = 30) -> tuple[list[Bar], list[HiddenState]]:
    """The bars of a symbol for 30 days, and what was hidden in each."""
    market = feed(symbol, seed=seed)
    bars: list[Bar] = []
    hidden: list[HiddenState] = []
    for number in range(1, days * 1_440 + 1):
        bars += market.advance(START + number * MINUTE)
        hidden.append(market.hidden_state(symbol))
    return bars, hidden
