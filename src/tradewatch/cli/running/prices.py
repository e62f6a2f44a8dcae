"""What a run wants of prices, and what a source of prices is to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from tradewatch.cli.running.traders import Trading
from tradewatch.market.bars import Timeframe
from tradewatch.market.clock import Clock
from tradewatch.market.instruments import Instruments
from tradewatch.systems.running import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line says of prices. ``start``: None is the feed's own, or now.

    ``timeframe``: the shortest bars that are traded on; None for the shortest there are.
    """

    trading: Trading
    feed: str
    seed: int
    start: datetime | None
    days: float | None
    symbols: tuple[str, ...]
    zone: tzinfo | None = None
    timeframe: Timeframe | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """A source of prices that a run can be made with.

    ``start``: when trading starts. ``connect``: the terminal at a clock. ``timeframes``: those it has bars for.
    ``ends``: whether it comes to an end by itself. ``is_made_up``: whether the market is simulated.
    ``live_clock``: the clock of prices of now, None for others.
    ``refused``: rows of files that were no use so far, by reason.
    """

    start: datetime
    instruments: Instruments
    connect: Callable[[Clock], Source]
    timeframes: Sequence[Timeframe] = tuple(Timeframe)
    ends: bool = False
    live_clock: Clock | None = None
    is_made_up: bool = False
    refused: Callable[[], dict[str, int]] = field(default=dict)


def timeframes_of(wanted: Wanted, shortest: float = 0.0) -> tuple[Timeframe, ...]:
    """Return the timeframes that are traded on where bars are so long, in seconds; empty if they are too long."""
    least = max(shortest, 0.0 if wanted.timeframe is None else wanted.timeframe.seconds)
    possible = tuple(each for each in Timeframe if each.seconds >= least)
    return possible[:1] if wanted.trading.has_one_timeframe else possible
