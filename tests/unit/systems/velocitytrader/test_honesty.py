"""On a market in which nothing can be won the system loses what its broker charges, and nothing else.

A trade's P&L before costs, in what was risked, is expected to be zero whatever was known when it was opened, if nothing
was known that came later. Trades of one seed overlap and teach the agents, so they are no sample; a seed's total is: a
sum of such amounts, each trade held to its end, whose mean is zero exactly (optional stopping), and seeds are
independent. Symbols are those priced in the account's currency: converting others is not linear.
"""

import os
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from math import fsum, sqrt
from statistics import fmean, stdev
from typing import NamedTuple

import pytest

from tests.support.runs import FEW, START
from tradewatch.facts import VIRTUAL, Entry, TradeClosed
from tradewatch.market.bars import Bar, Timeframe
from tradewatch.market.broker import PaperBroker
from tradewatch.market.clock import SimulatedClock
from tradewatch.market.martingale import MartingaleFeed
from tradewatch.market.terminal import Gateway, SimulatedTerminal
from tradewatch.systems.velocitytrader.agents import Agent
from tradewatch.systems.velocitytrader.cycle import Cycle
from tradewatch.systems.velocitytrader.risk import RiskManager
from tradewatch.systems.velocitytrader.temperament import BERSERKER, SNIPER
from tradewatch.systems.velocitytrader.trader import LONGEST_HELD, Trader

USUAL_SEEDS = 20
SEEDS = int(os.environ.get("HONESTY_SEEDS", USUAL_SEEDS))
"""How many markets are traded; `make soak` takes more."""

TIMEFRAMES = (Timeframe.M1, Timeframe.M5)
TRADED = timedelta(days=2)
MINUTE = timedelta(minutes=1)
EQUITY = 10_000.0
LARGEST_ERROR = 3.5
"""Standard errors by which the mean of the totals may miss zero."""


class Outcome(NamedTuple):
    """A closed trade in what it risked when it was decided: its P&L before costs, and the costs."""

    is_virtual: bool
    surplus: float
    costs: float


class WatchedBroker(PaperBroker):
    """Remembers what its trades came to."""

    def __init__(self) -> None:
        super().__init__(FEW, "USD", EQUITY)
        self.outcomes: list[Outcome] = []

    def on_bar(self, bar: Bar) -> list[Entry]:
        entries = super().on_bar(bar)
        closed = [entry.fact for entry in entries if isinstance(entry.fact, TradeClosed)]
        for fact, settled in zip(closed, self.settlements, strict=True):
            assert fact.trade_id == settled.trade_id
            risk = _risk(fact)
            self.outcomes.append(
                Outcome(fact.mode == VIRTUAL, (settled.pnl + settled.costs) / risk, settled.costs / risk)
            )
        return entries


def _risk(fact: TradeClosed) -> float:
    """Return what was risked as it was known when the trade was decided."""
    assert None not in {fact.stop, fact.entry_reference_price, fact.quantity}
    distance = (fact.entry_reference_price or 0.0) - (fact.stop or 0.0)
    return abs(distance) * (fact.quantity or 0.0) * fact.contract_value


@cache
def traded(seed: int, ticks: int = 1) -> Sequence[Outcome]:
    """Return what two days of a seed came to; trades that are open then are held to their end."""
    longest = (LONGEST_HELD + 1) * TIMEFRAMES[-1].length
    days = (TRADED + longest) / timedelta(days=1)
    feed = MartingaleFeed(FEW, seed=seed, start=START, days=days, warm_up=timedelta(days=1), ticks=ticks)
    clock, broker = SimulatedClock(START), WatchedBroker()
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


class Verdict(NamedTuple):
    """What many seeds came to: trades, mean surplus and costs of one in R, and the surplus in standard errors."""

    trades: int
    surplus: float
    costs: float
    errors: float

    def __str__(self) -> str:
        return (
            f"{self.trades} trades, {self.surplus:+.4f} R a trade before costs of {self.costs:.4f} R: "
            f"{self.errors:+.2f} standard errors"
        )


def verdict(*, is_virtual: bool, ticks: int = 1) -> Verdict:
    of_seeds = [[each for each in traded(seed, ticks) if each.is_virtual is is_virtual] for seed in range(SEEDS)]
    totals = [fsum(each.surplus for each in outcomes) for outcomes in of_seeds]
    count = sum(map(len, of_seeds))
    costs = fsum(each.costs for outcomes in of_seeds for each in outcomes)
    return Verdict(count, fsum(totals) / count, costs / count, fmean(totals) / (stdev(totals) / sqrt(len(totals))))


def reported(ticks: int = 1) -> tuple[Verdict, Verdict]:
    """Return the verdicts on trades with money and on virtual ones, and print them."""
    real, virtual = (verdict(is_virtual=is_virtual, ticks=ticks) for is_virtual in (False, True))
    print(f"{SEEDS} seeds, bars of {ticks} prices\n  with money: {real}\n  virtual: {virtual}")  # noqa: T201 - shown with -s
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
