"""On a market in which nothing can be won the system loses what its broker charges, and nothing else.

How that is judged: `tests.support.honesty`. The agents learn from what their trades come to, which is the past.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache

import pytest

from tests.support.honesty import (
    EQUITY,
    LARGEST_ERROR,
    SEEDS,
    USUAL_SEEDS,
    Outcome,
    Verdict,
    WatchedBroker,
    report,
    verdict,
)
from tests.support.runs import FEW, MINUTE, START
from tradewatch.market.bars import Timeframe
from tradewatch.market.clock import SimulatedClock
from tradewatch.market.martingale import MartingaleFeed
from tradewatch.market.terminal import Gateway, SimulatedTerminal
from tradewatch.systems.velocitytrader.agents import Agent
from tradewatch.systems.velocitytrader.cycle import Cycle
from tradewatch.systems.velocitytrader.risk import RiskManager
from tradewatch.systems.velocitytrader.temperament import BERSERKER, SNIPER
from tradewatch.systems.velocitytrader.trader import LONGEST_HELD, Trader

TIMEFRAMES = (Timeframe.M1, Timeframe.M5)
TRADED = timedelta(days=2)


@cache
def traded(seed: int, ticks: int = 1) -> Sequence[Outcome]:
    """Return what two days of a seed came to; trades that are open then are held to their end."""
    longest = (LONGEST_HELD + 1) * TIMEFRAMES[-1].length
    days = (TRADED + longest) / timedelta(days=1)
    feed = MartingaleFeed(FEW, seed=seed, start=START, days=days, warm_up=timedelta(days=1), ticks=ticks)
    clock, broker = SimulatedClock(START), WatchedBroker(FEW)
    trader = Trader(broker, [Agent(each, seed) for each in (BERSERKER, SNIPER)], RiskManager(EQUITY), TIMEFRAMES)
    cycle = Cycle(Gateway(SimulatedTerminal(feed, clock, seed=seed), clock), trader, clock, TIMEFRAMES)
    cycle.begin()
    while clock.now() < START + TRADED:
        clock.wait_until(clock.now() + MINUTE)
        cycle.run(halted=False)
    for bar in feed.advance(START + TRADED + longest):
        trader.settle(bar.time, bar)
        trader.close_overdue(bar.time)
    assert not broker.positions
    assert not broker.waiting
    return tuple(broker.outcomes)


def reported(ticks: int = 1) -> tuple[Verdict, Verdict]:
    """Return the verdicts on trades with money and on virtual ones, and print them."""
    real, virtual = (
        verdict([[each for each in traded(seed, ticks) if each.is_virtual is is_virtual] for seed in range(SEEDS)])
        for is_virtual in (False, True)
    )
    report(f"bars of {ticks} prices, with money", real)
    report(f"bars of {ticks} prices, virtual", virtual)
    return real, virtual


def test_trades_lose_what_the_broker_charges_and_nothing_else() -> None:
    real, virtual = reported()
    assert real.trades > 10 * SEEDS
    assert virtual.trades > 100 * SEEDS
    assert min(real.costs, virtual.costs) > 0.01
    assert max(abs(real.errors), abs(virtual.errors)) < LARGEST_ERROR


@pytest.mark.skipif(SEEDS <= USUAL_SEEDS, reason="the bias of reading an order into bars is reported by `make soak`")
def test_the_bias_of_bars_with_a_range_is_reported() -> None:
    reported(ticks=12)
