"""Where a run's prices come from, as ``--feed`` says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tradewatch.errors import ConfigurationError
from tradewatch.facts import Mode
from tradewatch.market.bars import Timeframe
from tradewatch.market.clock import Clock
from tradewatch.market.feed import Feed
from tradewatch.market.instruments import METATRADER, Instruments
from tradewatch.market.martingale import MartingaleFeed
from tradewatch.market.simulated import SimulatedFeed
from tradewatch.market.terminal import RARE_FAULTS, RARE_OUTAGES, Faults, Outages, SimulatedTerminal
from tradewatch.systems.velocitytrader.assembly import Source

KNOWN = "simulated, martingale, replay:PATH or mt5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """A source of prices that a run can be made with.

    ``start``: when trading starts. ``connect``: the terminal at a clock. ``timeframes``: those it has bars for.
    """

    start: datetime
    instruments: Instruments
    connect: Callable[[Clock], Source]
    timeframes: tuple[Timeframe, ...] = tuple(Timeframe)
    is_real: bool = False


def prices_of(feed: str, *, seed: int, start: datetime, days: float | None) -> Prices:
    """Return the prices that ``--feed`` asks for; raises `ConfigurationError` for one that there is not."""
    if feed == "simulated":
        market = SimulatedFeed(METATRADER, seed=seed, start=start, days=days)
        return _behind_a_terminal(market, seed, f"simulated market, seed {seed}", Mode.SIMULATED, is_flawed=True)
    if feed == "martingale":
        fair = MartingaleFeed(METATRADER, seed=seed, start=start, days=days)
        return _behind_a_terminal(fair, seed, f"simulated martingale, seed {seed}", Mode.SIMULATED)
    message = f"--feed {feed} is not known: give {KNOWN}"
    raise ConfigurationError(message)


def _behind_a_terminal(feed: Feed, seed: int, label: str, mode: Mode, *, is_flawed: bool = False) -> Prices:
    """Return a feed's prices; ``is_flawed``: now and then the terminal has an outage or a quote that is no use."""
    outages, faults = (RARE_OUTAGES, RARE_FAULTS) if is_flawed else (Outages(), Faults())

    def connect(clock: Clock) -> Source:
        terminal = SimulatedTerminal(feed, clock, seed=seed, outages=outages, faults=faults)
        return Source(
            terminal=terminal,
            instruments=feed.instruments,
            mode=mode,
            label=label,
            is_over=lambda: feed.is_over,
            terminal_state=terminal,
        )

    return Prices(start=feed.start, instruments=feed.instruments, connect=connect)
