"""Bars for tests: candles, candles that Hypothesis draws, and a market with everything that a market does."""

from collections.abc import Iterable, Iterator
from random import Random
from typing import NamedTuple

from hypothesis import strategies as st


class Candle(NamedTuple):
    """A bar, as far as indicators look at it."""

    high: float
    low: float
    close: float

    def scaled(self, factor: float) -> "Candle":
        return Candle(self.high * factor, self.low * factor, self.close * factor)


def flat(*closes: float) -> list[Candle]:
    """Return bars without a range, one for each close."""
    return [Candle(close, close, close) for close in closes]


def drawn(prices: st.SearchStrategy[float], most: int) -> st.SearchStrategy[list[Candle]]:
    """Draw up to so many bars: any gaps, bars without a range, stretches of equal bars."""
    candle = st.tuples(prices, prices, prices).map(sorted).map(lambda three: Candle(three[2], three[0], three[1]))
    stretches = st.lists(st.tuples(candle, st.integers(1, 4)), max_size=most)
    return stretches.map(lambda parts: [candle for candle, times in parts for _ in range(times)][:most])


ORDINARY_BARS = 700
"""After so many, nothing is left of how a Wilder average was seeded: (13/14)^700 is 1e-22."""


def market(seed: int, blocks: int = 12) -> list[Candle]:
    """Return `ORDINARY_BARS` of a random walk, then blocks of 40 bars: trends, gaps, frozen prices, ticks."""
    random = Random(seed)  # noqa: S311 - a simulated market
    candles = list(_walk(random, 100.0, ORDINARY_BARS, drift=0.0))
    kind = ""
    for _ in range(blocks):
        # Never two of a kind: TA-Lib takes for nothing what a Wilder average has left after a long frozen stretch.
        kind = random.choice([each for each in ("rise", "fall", "gap", "frozen", "ticks") if each != kind])
        candles += _block(kind, random, candles[-1].close)
    return candles


def _block(kind: str, random: Random, price: float) -> Iterable[Candle]:
    match kind:
        case "rise":
            return _walk(random, price, 40, drift=0.003)
        case "fall":
            return _walk(random, price, 40, drift=-0.003)
        case "gap":
            return _walk(random, price * random.choice((0.8, 0.95, 1.05, 1.25)), 40, drift=0.0)
        case "frozen":
            return flat(*[price] * 40)
        case _:
            return (Candle(*(float(f"{part:.4g}") for part in each)) for each in _walk(random, price, 40, drift=0.0))


def _walk(random: Random, price: float, count: int, drift: float) -> Iterator[Candle]:
    for _ in range(count):
        before, price = price, price * (1 + random.gauss(drift, 0.004))
        high, low = max(before, price), min(before, price)
        yield Candle(high * (1 + abs(random.gauss(0, 0.001))), low * (1 - abs(random.gauss(0, 0.001))), price)
