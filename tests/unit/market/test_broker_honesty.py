"""Nobody makes money on a martingale: what is lost there is what the broker charges, and nothing else."""

from collections.abc import Callable, Iterator
from math import fsum, sqrt
from random import Random
from statistics import fmean, stdev
from typing import NamedTuple

import pytest

from tests.support.busy_trader import chance
from tests.support.trading import SYMBOLS, bar, order
from tradewatch.facts import Direction, TradeClosed, TradeFact
from tradewatch.market import fills
from tradewatch.market.bars import Bar
from tradewatch.market.broker import PaperBroker
from tradewatch.market.fills import STOP_LOSS, TAKE_PROFIT, Fill, Trigger
from tradewatch.market.instruments import Instrument
from tradewatch.market.limits import Limits

SEEDS = range(20)
TICKS = 1_500
SECONDS_HELD = 40
LARGEST_ERROR = 3.5
"""Standard errors of the mean by which net P&L and costs may miss zero."""


class Trade(NamedTuple):
    """A closed trade: what it made, what the broker says that it cost, and what it made at the mid prices it met."""

    pnl: float
    costs: float
    at_mid: float


def martingale(random: Random, price: float) -> Iterator[float]:
    """Yield prices of which the next is expected to be the last: calm, with jumps that leave no level untouched."""
    while True:
        yield price
        size = 0.002 if random.random() < 0.1 else 0.0003
        price *= 1.0 + size * max(-4.0, min(4.0, random.gauss(0.0, 1.0)))


def traded(seed: int, asset: str) -> list[Trade]:
    """Trade ticks of a martingale at random, with stops, take-profits and a limit of time."""
    random, trades, mids = chance(seed), list[Trade](), dict[str, float]()
    broker = PaperBroker(SYMBOLS, balance=1e9, limits=Limits(leverage=1e9))
    prices = martingale(random, SYMBOLS[asset].price)
    for number in range(TICKS):
        tick = bar(asset, number / 60, next(prices), spread=SYMBOLS[asset].spread, interval=0.0)
        for _, _, fact in broker.on_bar(tick):
            assert isinstance(fact, TradeFact)
            mid = mids.setdefault(fact.trade_id, tick.open)
            if isinstance(fact, TradeClosed):
                trades.append(outcome(broker, fact, tick.open - mid))
        decide(broker, random, tick, number)
    return trades


def outcome(broker: PaperBroker, fact: TradeClosed, move: float) -> Trade:
    """Return a closed trade; ``move``: of the mid price between the ticks that opened and closed it."""
    assert fact.direction is not None
    assert fact.quantity is not None
    (settled,) = (each for each in broker.settlements if each.trade_id == fact.trade_id)
    return Trade(settled.pnl, settled.costs, move * fact.direction.sign * fact.quantity * fact.contract_value)


def decide(broker: PaperBroker, random: Random, tick: Bar, number: int) -> None:
    """Open a trade on either side now and then, and close what is held for too long."""
    for position in broker.positions:
        if (tick.time - position.opened_at).total_seconds() > SECONDS_HELD:
            broker.close(position.trade_id, time=tick.time, reason="timeout", reference_price=tick.close)
    if random.random() < 0.2:
        side = random.choice((1, -1))
        broker.submit(
            order(
                f"{number}",
                tick.asset,
                Direction.BUY if side > 0 else Direction.SELL,
                0.1,
                tick.close,
                time=tick.time,
                stop=tick.close * (1 - side * random.uniform(0.0005, 0.002)),
                take_profit=tick.close * (1 + side * random.uniform(0.0005, 0.003)),
            )
        )


def errors_of(amounts: list[float]) -> float:
    """Return how many standard errors a mean is from zero."""
    return fmean(amounts) / (stdev(amounts) / sqrt(len(amounts)))


def surplus(asset: str = "XAUUSD") -> float:
    """Return what trades make above their costs, in standard errors of the mean."""
    trades = [trade for seed in SEEDS for trade in traded(seed, asset)]
    assert len(trades) > 4_000
    return errors_of([trade.pnl + trade.costs for trade in trades])


@pytest.mark.parametrize("asset", ["EURUSD+", "XAUUSD", "BTCUSD"])
def test_a_martingale_costs_what_the_broker_charges(asset: str) -> None:
    assert abs(surplus(asset)) < LARGEST_ERROR


@pytest.mark.parametrize("seed", SEEDS)
def test_no_seed_is_lucky_and_costs_are_those_of_the_mid_prices(seed: int) -> None:
    trades = traded(seed, "XAUUSD")
    assert abs(errors_of([trade.pnl + trade.costs for trade in trades])) < LARGEST_ERROR
    assert all(trade.costs == pytest.approx(trade.at_mid - trade.pnl, abs=1e-6) for trade in trades)
    assert fsum(trade.costs for trade in trades) > 0


def stop_without_gaps(instrument: Instrument, sign: int, stop: float, bar: Bar) -> Trigger:
    """Fill a stop at its price, although the market jumped over it."""
    mid = stop + sign * bar.spread / 2
    return Trigger(fills.market_fill(instrument, -sign, mid, bar.spread), STOP_LOSS, stop, is_gap=False)


def take_profit_without_gaps(sign: int, target: float, bar: Bar) -> Trigger:
    """Fill a take-profit at its price, although the market jumped over it."""
    half = bar.spread / 2
    return Trigger(Fill(target, target + sign * half, half), TAKE_PROFIT, target, is_gap=False)


@pytest.mark.parametrize(
    ("name", "mistake"), [("_stop_loss", stop_without_gaps), ("_take_profit", take_profit_without_gaps)]
)
def test_fills_that_jump_over_gaps_are_found_out(
    monkeypatch: pytest.MonkeyPatch, name: str, mistake: Callable[..., Trigger]
) -> None:
    monkeypatch.setattr(fills, name, mistake)
    assert abs(surplus()) > LARGEST_ERROR
