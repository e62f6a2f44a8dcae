"""A market in which nothing can be won: a system that earns more than its costs here sees the future."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from msgspec import Struct

from tradewatch.market.bars import Bar
from tradewatch.market.instruments import Instrument, Instruments
from tradewatch.market.made_daily import MINUTES, MadeDaily

_PERSISTENCE = 0.99
_DEVIATION = 0.4
"""Of the logarithm of a changing volatility, which forgets half of it in 70 minutes."""


class MartingaleState(Struct, kw_only=True):
    """A symbol between two days: its price in points, and the logarithm of its volatility in usual ones."""

    points: int
    level: float = 0.0


class MartingaleFeed(MadeDaily[MartingaleState]):
    """Prices whose expected next one is the newest, in any state of the market; see `MadeDaily` for the parameters.

    It is the price that is a martingale, not its logarithm. ``ticks``: prices in a minute. One makes one-price bars,
    whose open, high, low and close are the same: a broker has nothing to guess. More make bars of so many prices; what
    a system earns there beside one-price bars is the bias of reading the order of events into a bar. A minute's
    volatility is the instrument's, and with ``changing_volatility`` a random multiple of it that knows nothing of the
    moves. The spread is the instrument's usual one, always.
    """

    def __init__(  # noqa: PLR0913 - what every feed is told, and two ways in which honest markets differ
        self,
        instruments: Instruments,
        *,
        seed: int,
        start: datetime,
        days: float | None = None,
        warm_up: timedelta = timedelta(0),
        ticks: int = 1,
        changing_volatility: bool = False,
    ) -> None:
        symbols = {name: _Symbol(each, seed, ticks, changing_volatility) for name, each in instruments.items()}
        super().__init__(instruments, symbols, seed=seed, start=start, days=days, warm_up=warm_up)


class _Symbol:
    def __init__(self, instrument: Instrument, seed: int, ticks: int, changes: bool) -> None:  # noqa: FBT001
        self._instrument = instrument
        self._seed = seed
        self._ticks = ticks
        self._deviation = _DEVIATION if changes else 0.0
        self._unit = instrument.volatility / math.sqrt(365 * MINUTES * ticks)

    def first(self) -> MartingaleState:
        return MartingaleState(points=max(1, round(self._instrument.price * 10**self._instrument.digits)))

    def day(self, state: MartingaleState, day: int, times: Sequence[datetime]) -> list[Bar]:
        """Make a day; volatilities and moves have a generator each, so that neither changes the other."""
        moves = Random(f"{self._seed}/{self._instrument.symbol}/{day}/moves")  # noqa: S311 - a simulated market
        levels = Random(f"{self._seed}/{self._instrument.symbol}/{day}/levels")  # noqa: S311
        return [self._bar(time, self._prices(state, self._volatility(state, levels), moves)) for time in times]

    def _volatility(self, state: MartingaleState, random: Random) -> float:
        """Return a tick's volatility by a log-autoregression (Taylor 1986) whose square has the mean 1."""
        if not self._deviation:
            return self._unit
        shock = random.gauss(0.0, self._deviation * math.sqrt(1 - _PERSISTENCE**2))
        state.level = _PERSISTENCE * state.level + shock
        return self._unit * math.exp(state.level - self._deviation**2)

    def _prices(self, state: MartingaleState, volatility: float, random: Random) -> list[int]:
        """Move by whole points: a symmetric move, rounded up with the probability of its fraction, keeps its mean.

        The largest move is the same up and down and leaves at least one point.
        """
        points, prices = state.points, []
        for _ in range(self._ticks):
            largest = points - 1
            move = max(-largest, min(largest, points * volatility * random.gauss(0.0, 1.0)))
            points += math.floor(move + random.random())
            prices.append(points)
        state.points = points
        return prices

    def _bar(self, time: datetime, points: list[int]) -> Bar:
        is_, scale = self._instrument, 10**self._instrument.digits
        first, high, low, last = (each / scale for each in (points[0], max(points), min(points), points[-1]))
        return Bar(is_.symbol, time, 60.0, first, high, low, last, float(self._ticks), is_.spread, self._ticks)
