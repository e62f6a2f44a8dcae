"""A simulated bot: random trades with costs, so that there is something to look at. Nothing here is a market."""

import heapq
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from tradewatch.facts import Direction, Entry, Mode, RunStarted, TradeClosed, TradeOpened

STARTING_EQUITY = 10_000.0
CURRENCY = "USD"
LABEL = "sample trades, simulated"

_MINUTES_BETWEEN_TRADES = 6.0
_MINUTES_HELD = 45.0
_STAKE = 250.0
"""Value of a position when it is opened, in USD."""
_FEE = 0.001
"""Share of the value traded, at each end."""
_PRICES = {"BTC-USD": 64_000.0, "ETH-USD": 3_100.0, "SOL-USD": 145.0, "LTC-USD": 82.0, "ADA-USD": 0.45}


class _Strategy(NamedTuple):
    """How a strategy's trades end: the mean and deviation of their return before fees."""

    name: str
    mean: float
    deviation: float


_STRATEGIES = (
    _Strategy("trend", 0.0034, 0.012),
    _Strategy("reversion", 0.0023, 0.006),
    _Strategy("breakout", 0.0015, 0.017),
)
_TARGET, _STOP = 0.015, -0.012
"""Returns at which a trade counts as having reached its target or its stop."""


def simulated_trades(seed: int, start: datetime) -> Iterator[Entry]:
    """Yield the facts of an endless simulated run in event order; the same seed and start give the same facts."""
    started = RunStarted(
        run_id=run_id_of(start), mode=Mode.SIMULATED, starting_equity=STARTING_EQUITY, currency=CURRENCY, label=LABEL
    )
    yield Entry(start, started.identity, started)
    yield from _in_event_order(_trades(random.Random(seed), start))  # noqa: S311 - a simulation, not a secret


def run_id_of(start: datetime) -> str:
    """Return the id of the simulated run that begins at a moment."""
    return f"sample/{start.isoformat()}"


class _Trade(NamedTuple):
    opened_at: datetime
    opened: TradeOpened
    closed_at: datetime
    closed: TradeClosed


def _trades(chance: random.Random, start: datetime) -> Iterator[_Trade]:
    prices = dict(_PRICES)
    time = start
    number = 0
    while True:
        time += timedelta(minutes=chance.expovariate(1 / _MINUTES_BETWEEN_TRADES))
        number += 1
        yield _trade(chance, prices, time, f"sample-{number}")


def _trade(chance: random.Random, prices: dict[str, float], time: datetime, trade_id: str) -> _Trade:
    asset, strategy = chance.choice(tuple(prices)), chance.choice(_STRATEGIES)
    direction = chance.choice((Direction.BUY, Direction.SELL))
    gain = chance.gauss(strategy.mean, strategy.deviation)
    entry, exit_ = prices[asset], prices[asset] * (1 + gain * direction.sign)
    prices[asset] = exit_  # the only thing that moves a price here is a trade
    quantity = _STAKE / entry
    opened = TradeOpened(
        trade_id=trade_id,
        asset=asset,
        direction=direction,
        quantity=quantity,
        entry_price=entry,
        strategy=strategy.name,
    )
    closed = TradeClosed(
        trade_id=trade_id,
        asset=asset,
        direction=direction,
        quantity=quantity,
        entry_price=entry,
        strategy=strategy.name,
        opened_at=time,
        exit_price=exit_,
        fees=_FEE * quantity * (entry + exit_),
        exit_reason="target" if gain > _TARGET else "stop" if gain < _STOP else "time",
    )
    return _Trade(time, opened, time + timedelta(minutes=chance.expovariate(1 / _MINUTES_HELD)), closed)


def _in_event_order(trades: Iterator[_Trade]) -> Iterator[Entry]:
    closings: list[tuple[datetime, str, TradeClosed]] = []
    for trade in trades:
        while closings and closings[0][0] <= trade.opened_at:
            time, _, closed = heapq.heappop(closings)
            yield _entry(time, closed)
        yield _entry(trade.opened_at, trade.opened)
        heapq.heappush(closings, (trade.closed_at, trade.opened.trade_id, trade.closed))


def _entry(time: datetime, fact: TradeOpened | TradeClosed) -> Entry:
    return Entry(time, fact.identity, fact)
