"""Simulated coins that several of HYDRA's tests look at, and everything an engine could have seen of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

from tradewatch.market.bars import Bar
from tradewatch.market.instruments import CRYPTO
from tradewatch.market.simulated import SimulatedFeed
from tradewatch.systems.hydra.market_view import MarketView
from tradewatch.systems.hydra.regime_detector import RegimeDetector

START = datetime(2026, 3, 2, tzinfo=UTC)


@cache
def bars(*assets: str, days: float = 1.0, seed: int = 1) -> tuple[Bar, ...]:
    feed = SimulatedFeed(
        {name: CRYPTO[name] for name in assets}, seed=seed, start=START, days=days, warm_up=timedelta(0)
    )
    return tuple(feed.advance(START + timedelta(days=days)))


def views(told: tuple[Bar, ...]) -> Iterator[MarketView]:
    """Yield what engines see at each bar, from the first regime on."""
    detector = RegimeDetector(dict.fromkeys(bar.asset for bar in told))
    for bar in told:
        detector.update(bar)
        view = detector.view(bar.asset)
        if view is not None:
            yield view
