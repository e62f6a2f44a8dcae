"""On a market in which nothing can be won HYDRA loses what its broker charges, and nothing else.

How that is judged: `tests.support.honesty`. The guardian's limits of losses are far away, for a market in which only
costs are certain would halt it for good; what is traded before a halt is the same with and without it.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from itertools import groupby

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
from tests.support.runs import COINS, HYDRA, MINUTE, START
from tradewatch.market.bars import Timeframe
from tradewatch.market.clock import SimulatedClock
from tradewatch.market.limits import Limits
from tradewatch.market.martingale import MartingaleFeed
from tradewatch.market.terminal import Gateway, SimulatedTerminal
from tradewatch.systems.hydra.assembly import LEVERAGE
from tradewatch.systems.hydra.cycle import Cycle
from tradewatch.systems.hydra.engines import engines
from tradewatch.systems.hydra.guardian.guardian import Guardian
from tradewatch.systems.hydra.guardian.limits import GuardianLimits
from tradewatch.systems.hydra.regime_detector import RegimeDetector
from tradewatch.systems.hydra.trader import LONGEST_HELD, Trader

TRADED = timedelta(hours=12)
LONGEST = LONGEST_HELD + 2 * MINUTE


@cache
def traded(seed: int, ticks: int = 1) -> Sequence[Outcome]:
    """Return what half a day of a seed came to; trades that are open then are held to their end."""
    days = (TRADED + LONGEST) / timedelta(days=1)
    feed = MartingaleFeed(COINS, seed=seed, start=START, days=days, warm_up=HYDRA.warm_up, ticks=ticks)
    clock, broker = SimulatedClock(START), WatchedBroker(COINS, Limits(leverage=LEVERAGE))
    limits = HYDRA.loose
    assert isinstance(limits, GuardianLimits)
    trader = Trader(broker, RegimeDetector(COINS), engines(()).engines, Guardian(EQUITY, limits), MINUTE)
    gateway = Gateway(SimulatedTerminal(feed, clock, seed=seed), clock)
    cycle = Cycle(gateway, trader, clock, Timeframe.M1, stopwatch=lambda: 0.0)
    cycle.begin()
    while clock.now() < START + TRADED:
        clock.wait_until(clock.now() + MINUTE)
        cycle.run(halted=False)
    for time, bars in groupby(feed.advance(START + TRADED + LONGEST), key=lambda bar: bar.time):
        for bar in bars:
            trader.settle(time, bar)
        assert not list(trader.decide(time, (), halted=True))
    assert not broker.positions
    assert not broker.waiting
    return tuple(broker.outcomes)


def reported(ticks: int = 1) -> Verdict:
    found = verdict([traded(seed, ticks) for seed in range(SEEDS)])
    report(f"bars of {ticks} prices", found)
    return found


def test_trades_lose_what_the_broker_charges_and_nothing_else() -> None:
    found = reported()
    assert found.trades > 20 * SEEDS
    assert found.costs > 0.01
    assert abs(found.errors) < LARGEST_ERROR


@pytest.mark.skipif(SEEDS <= USUAL_SEEDS, reason="the bias of reading an order into bars is reported by `make soak`")
def test_the_bias_of_bars_with_a_range_is_reported() -> None:
    reported(ticks=12)
