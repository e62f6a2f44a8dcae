"""A bot to which everything happens: outages, corrections, late facts, a second run; the same for the same seed."""

from collections.abc import Iterator
from random import Random
from typing import Any

from tests.support.facts import at, closed, opened, started
from tradewatch.facts import (
    BarClosed,
    CashFlowed,
    Direction,
    Entry,
    EquityMarked,
    ErrorOccurred,
    Fact,
    Heartbeat,
    RegimeEntered,
    RunEnded,
    TradeCorrected,
    TradeVoided,
)

HOUR = 3_600
ASSETS = ("BTC", "ETH", "SOL", "ADA")
SILENT = (20 * HOUR, 22 * HOUR)
"""No heartbeat is told between these seconds."""

PAUSED = (30 * HOUR, 33 * HOUR)
"""Between these seconds no run is open."""


def eventful(hours: int = 40, seed: int = 7, *, ends: bool = True) -> list[Entry]:
    """Return facts of so many hours from `MIDNIGHT` on, in event order; the last run is over if it ``ends``."""
    chance = Random(seed)  # noqa: S311 - a simulation, not a secret
    end = hours * HOUR
    told: list[tuple[float, Fact]] = [(37.5, started())]
    told += _runs(end, is_over=ends)
    told += [
        fact for number in range(end // 600) for fact in _trade(chance, number, number * 600 + chance.uniform(60, 599))
    ]
    told += _life(chance, end)
    within = [(seconds, fact) for seconds, fact in told if 37.5 <= seconds <= end]
    return sorted((at(seconds, fact) for seconds, fact in within), key=lambda entry: entry.time)


def as_told(entries: list[Entry], seed: int = 7) -> list[Entry]:
    """Return the same facts as a ledger may have been told them: some came late."""
    chance = Random(seed)  # noqa: S311
    delays = {entry.id: chance.choice((0.0, 0.0, 0.0, 400.0)) for entry in entries}
    return sorted(entries, key=lambda entry: entry.time.timestamp() + delays[entry.id])


def _runs(end: int, *, is_over: bool) -> Iterator[tuple[float, Fact]]:
    if end > PAUSED[1]:
        yield PAUSED[0], RunEnded(run_id="run")
        yield PAUSED[1], started(equity=None, run_id="second")
    if is_over:
        yield end, RunEnded(run_id="second" if end > PAUSED[1] else "run")


def _trade(chance: Random, number: int, begin: float) -> Iterator[tuple[float, Fact]]:
    trade = str(number)
    terms: dict[str, Any] = {  # Any: fields of facts
        "asset": chance.choice(ASSETS),
        "direction": chance.choice(list(Direction)),
        "strategy": chance.choice(("trend", "reversion")),
        "quantity": chance.uniform(0.1, 2.0),
    }
    over = begin + chance.expovariate(1 / 4_000)
    ending = terms | {"exit_price": 100 + chance.gauss(0, 2), "exit_reason": chance.choice(("target", "stop"))}
    if chance.random() < 0.7:
        yield begin, opened(trade, **terms)
    yield over, closed(trade, **ending)
    if chance.random() < 0.1:
        better = closed(trade, **ending | {"exit_price": 100.0})
        yield over + chance.uniform(-50, 9 * HOUR), TradeCorrected(trade_id=trade, revision=1, replacement=better)
    if chance.random() < 0.05:
        yield over + chance.uniform(-50, 9 * HOUR), TradeVoided(trade_id=trade)


def _life(chance: Random, end: int) -> Iterator[tuple[float, Fact]]:
    for seconds in range(40, end, 60):
        if not SILENT[0] <= seconds < SILENT[1] and not PAUSED[0] <= seconds < PAUSED[1]:
            yield seconds + 0.25, Heartbeat(interval=60.0, cycle_seconds=chance.expovariate(10.0))
    for seconds in range(300, end, 300):
        asset = chance.choice(ASSETS)
        yield (
            seconds,
            BarClosed(
                asset=asset,
                interval=300.0,
                open=100.0,
                high=103.0,
                low=97.0,
                close=100 + chance.uniform(-3, 3),
                ticks=5,
            ),
        )
        if chance.random() < 0.1:
            yield seconds, RegimeEntered(asset=asset, regime=chance.choice(("CALM", "WILD")), timeframe="M5")
    for seconds in range(1_000, end, 5_000):
        yield seconds + 0.5, EquityMarked(equity=1_000 + chance.gauss(0, 20))
        yield seconds + 0.75, CashFlowed(amount=chance.choice((-50.0, 100.0)))
        yield seconds + 0.9, ErrorOccurred(component=chance.choice(("feed", "broker")), type="timeout")
