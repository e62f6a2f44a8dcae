"""Closed trades to measure with: random, the same in every run, three years long however many there are."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple

from tradewatch.facts import Direction, Entry, Mode, RunStarted, TradeClosed

START = datetime(2023, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=3 * 365)
STARTING_EQUITY = 1_000_000.0


class Variety(NamedTuple):
    """How many different values each label has."""

    assets: int
    strategies: int
    tags: int
    exit_reasons: int


THOUSAND_SERIES = Variety(assets=64, strategies=5, tags=8, exit_reasons=4)
"""As many parts as make a page of a little more than 1,000 samples."""

TEN_THOUSAND_SERIES = Variety(assets=300, strategies=300, tags=300, exit_reasons=4)


def run_started() -> Entry:
    """Return the beginning of the run that all trades belong to."""
    fact = RunStarted(run_id="benchmark", mode=Mode.REPLAY, starting_equity=STARTING_EQUITY, currency="USD")
    return Entry(START, fact.identity, fact)


def closings(count: int, variety: Variety) -> Iterator[Entry]:
    """Yield so many closed trades in event order, evenly over the span."""
    random = Random(7)  # noqa: S311 - a simulation, not a secret
    for number in range(count):
        yield closing(number, START + SPAN * ((number + 1) / count), random, variety)


def closing(number: int, time: datetime, random: Random, variety: Variety) -> Entry:
    """Return a trade that closed at a moment."""
    entry_price = 100.0 + number % 50
    fact = TradeClosed(
        trade_id=f"trade-{number}",
        asset=f"ASSET{number % variety.assets}-USD",
        direction=Direction.BUY if random.random() < 0.5 else Direction.SELL,
        quantity=5.0,
        entry_price=entry_price,
        exit_price=entry_price * (1 + random.gauss(0.0, 0.01)),
        fees=0.05,
        strategy=f"strategy-{random.randrange(variety.strategies)}",
        tag=f"tag-{random.randrange(variety.tags)}",
        exit_reason=f"reason-{random.randrange(variety.exit_reasons)}",
        opened_at=time - timedelta(minutes=random.uniform(1, 600)),
    )
    return Entry(time, fact.identity, fact)
