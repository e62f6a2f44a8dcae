"""Where a run's prices come from, as ``--feed`` says."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo

from tradewatch.cli.traders import Trading
from tradewatch.errors import ConfigurationError, SourceError
from tradewatch.facts import Mode
from tradewatch.market.bars import Timeframe
from tradewatch.market.clock import Clock, WallClock
from tradewatch.market.feed import Feed
from tradewatch.market.instruments import METATRADER, Instruments
from tradewatch.market.martingale import MartingaleFeed
from tradewatch.market.replay import replay
from tradewatch.market.simulated import SimulatedFeed
from tradewatch.market.terminal import RARE_OUTAGES, Faults, Outages, SimulatedTerminal
from tradewatch.market.terminal.metatrader import MetaTraderSettings, MetaTraderTerminal
from tradewatch.systems.running import Source

_log = logging.getLogger(__name__)

MADE = "simulated, martingale"
KNOWN = f"{MADE}, replay:PATH, ccxt:EXCHANGE (hydra) or mt5 (velocitytrader)"
_REPLAY = "replay:"
MT5 = "mt5"
_PATIENCE = timedelta(minutes=1)
"""With a terminal whose prices do not move yet."""
_SECOND = timedelta(seconds=1)


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
    ``refused``: rows of files that were no use so far, by reason.
    """

    start: datetime
    instruments: Instruments
    connect: Callable[[Clock], Source]
    timeframes: tuple[Timeframe, ...] = tuple(Timeframe)
    ends: bool = False
    is_real: bool = False
    is_made_up: bool = False
    refused: Callable[[], dict[str, int]] = field(default=dict)


def prices_of(wanted: Wanted) -> Prices:
    """Return the prices that ``--feed`` asks for; raises `ConfigurationError` for one that there is not."""
    if wanted.feed in {"simulated", "martingale"}:
        return _simulated(wanted)
    if wanted.feed.startswith(_REPLAY):
        return _replayed(wanted, wanted.feed.removeprefix(_REPLAY))
    if wanted.feed == MT5 == wanted.trading.live:
        return _metatrader(wanted)
    trading = wanted.trading
    message = f"--feed {wanted.feed} is not known to {trading.system}: give {MADE}, replay:PATH or {trading.live}"
    raise ConfigurationError(message)


def _timeframes(wanted: Wanted, shortest: float = 0.0) -> tuple[Timeframe, ...]:
    """Return the timeframes that are traded on where bars are so long, in seconds; empty if they are too long."""
    least = max(shortest, 0.0 if wanted.timeframe is None else wanted.timeframe.seconds)
    return tuple(each for each in Timeframe if each.seconds >= least)


def _simulated(wanted: Wanted) -> Prices:
    trading, timeframes = wanted.trading, _timeframes(wanted)
    instruments, warm_up = _chosen(trading.instruments, wanted.symbols), trading.warm_up(timeframes[0])
    start = wanted.start or datetime.now(UTC).replace(second=0, microsecond=0)
    if wanted.feed == "martingale":
        fair = MartingaleFeed(instruments, seed=wanted.seed, start=start, days=wanted.days, warm_up=warm_up)
        return _behind_a_terminal(fair, wanted, f"simulated martingale, seed {wanted.seed}", Mode.SIMULATED)
    market = SimulatedFeed(instruments, seed=wanted.seed, start=start, days=wanted.days, warm_up=warm_up)
    return _behind_a_terminal(market, wanted, f"simulated market, seed {wanted.seed}", Mode.SIMULATED, is_flawed=True)


def _replayed(wanted: Wanted, path: str) -> Prices:
    feed = replay(path, start=wanted.start, known=wanted.trading.instruments, zone=wanted.zone)
    if wanted.symbols:
        message = "--symbols is not for a replay: give it the files of the symbols"
        raise ConfigurationError(message)
    timeframes = _timeframes(wanted, feed.interval)
    if not timeframes:
        message = f"the bars of {path} are {feed.interval:.0f} seconds long: give it bars of an hour at most"
        raise ConfigurationError(message)
    return replace(_behind_a_terminal(feed, wanted, f"replay of {path}", Mode.REPLAY), timeframes=timeframes)


def _behind_a_terminal(feed: Feed, wanted: Wanted, label: str, mode: Mode, *, is_flawed: bool = False) -> Prices:
    """Return a feed's prices; ``is_flawed``: now and then the terminal has an outage or a quote that is no use."""
    outages, faults = (RARE_OUTAGES, wanted.trading.faults) if is_flawed else (Outages(), Faults())
    end = None if wanted.days is None else feed.start + timedelta(days=wanted.days)

    def connect(clock: Clock) -> Source:
        terminal = SimulatedTerminal(feed, clock, seed=wanted.seed, outages=outages, faults=faults)
        return Source(
            terminal=terminal,
            instruments=feed.instruments,
            mode=mode,
            label=label,
            is_over=lambda: feed.is_over or (end is not None and clock.now() >= end),
            terminal_state=terminal,
            name=MT5 if wanted.trading.live == MT5 else str(mode),
        )

    return Prices(
        start=feed.start,
        instruments=feed.instruments,
        connect=connect,
        timeframes=_timeframes(wanted),
        ends=wanted.days is not None or mode is Mode.REPLAY,
        is_made_up=mode is Mode.SIMULATED,
        refused=lambda: {reason.value: count for reason, count in getattr(feed, "refused", {}).items()},
    )


def _metatrader(wanted: Wanted) -> Prices:
    if wanted.start is not None or wanted.days is not None:
        message = "--feed mt5 trades now and until it is stopped: leave out --start, --days and --fast"
        raise ConfigurationError(message)
    clock = WallClock()
    terminal = MetaTraderTerminal(clock, MetaTraderSettings(symbols=wanted.symbols))
    _connect(terminal, clock)
    instruments = terminal.symbols()
    if unknown := [symbol for symbol in instruments if symbol not in METATRADER]:
        _log.warning("commission and slippage of %s are not known and count as 0", ", ".join(unknown))
    label = "prices of a MetaTrader 5 terminal, traded on paper"
    source = Source(terminal=terminal, instruments=instruments, mode=Mode.PAPER, label=label)
    return Prices(
        start=clock.now(),
        instruments=instruments,
        connect=lambda _: source,
        is_real=True,
        timeframes=_timeframes(wanted),
    )


def _connect(terminal: MetaTraderTerminal, clock: Clock) -> None:
    """Connect; the server's time zone is known only once a price has moved, which may take a moment."""
    give_up = clock.now() + _PATIENCE
    while True:
        try:
            terminal.connect()
        except SourceError as error:
            if clock.now() >= give_up or not clock.wait_until(clock.now() + _SECOND):
                message = f"{error}; start MetaTrader 5 on this machine, log in, and try again while its market is open"
                raise ConfigurationError(message) from error
        else:
            return


def _chosen(instruments: Instruments, symbols: tuple[str, ...]) -> Instruments:
    unknown = [symbol for symbol in symbols if symbol not in instruments]
    if unknown:
        message = f"--symbols {unknown[0]} is not simulated: choose among {', '.join(instruments)}"
        raise ConfigurationError(message)
    return {symbol: instruments[symbol] for symbol in symbols or instruments}
