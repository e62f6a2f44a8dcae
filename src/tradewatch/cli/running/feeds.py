"""Where a run's prices come from, as ``--feed`` says."""

from datetime import UTC, datetime, timedelta

from tradewatch.cli.running import live
from tradewatch.cli.running.prices import Prices, Wanted, timeframes_of
from tradewatch.errors import ConfigurationError
from tradewatch.facts import Mode
from tradewatch.market.clock import Clock
from tradewatch.market.feed import Feed
from tradewatch.market.instruments import Instruments
from tradewatch.market.martingale import MartingaleFeed
from tradewatch.market.replay import replay
from tradewatch.market.simulated import SimulatedFeed
from tradewatch.market.terminal import RARE_OUTAGES, Faults, Outages, SimulatedTerminal
from tradewatch.systems.running import Source

_MADE = "simulated, martingale"
KNOWN = f"{_MADE}, replay:PATH, ccxt:EXCHANGE (hydra) or mt5 (velocitytrader)"
_REPLAY = "replay:"


def prices_of(wanted: Wanted) -> Prices:
    """Return the prices that ``--feed`` asks for; raises `ConfigurationError` for one that there is not."""
    if wanted.feed in {"simulated", "martingale"}:
        return _simulated(wanted)
    if wanted.feed.startswith(_REPLAY):
        return _replayed(wanted, wanted.feed.removeprefix(_REPLAY))
    trading = wanted.trading
    if live.is_live(wanted.feed) and wanted.feed.partition(":")[0] == trading.live.partition(":")[0]:
        return live.prices_of(wanted)
    message = f"--feed {wanted.feed} is not known to {trading.system}: give {_MADE}, replay:PATH or {trading.live}"
    raise ConfigurationError(message)


def _simulated(wanted: Wanted) -> Prices:
    trading, timeframes = wanted.trading, timeframes_of(wanted)
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
    if not timeframes_of(wanted, feed.interval):
        message = f"the bars of {path} are {feed.interval:.0f} seconds long: give it bars of an hour at most"
        raise ConfigurationError(message)
    return _behind_a_terminal(feed, wanted, f"replay of {path}", Mode.REPLAY, shortest=feed.interval)


def _behind_a_terminal(  # noqa: PLR0913 - a feed and what makes prices of it
    feed: Feed, wanted: Wanted, label: str, mode: Mode, *, shortest: float = 0.0, is_flawed: bool = False
) -> Prices:
    """Return a feed's prices; ``is_flawed``: now and then the terminal has an outage or a quote that is no use."""
    outages, faults = (RARE_OUTAGES, wanted.trading.faults) if is_flawed else (Outages(), Faults())
    end = None if wanted.days is None else feed.start + timedelta(days=wanted.days)
    timeframes = timeframes_of(wanted, shortest)

    def connect(clock: Clock) -> Source:
        terminal = SimulatedTerminal(
            feed, clock, seed=wanted.seed, outages=outages, faults=faults, timeframes=timeframes
        )
        return Source(
            terminal=terminal,
            instruments=feed.instruments,
            mode=mode,
            label=label,
            is_over=lambda: feed.is_over or (end is not None and clock.now() >= end),
            terminal_state=terminal,
            name=live.MT5 if wanted.trading.live == live.MT5 else str(mode),
        )

    return Prices(
        start=feed.start,
        instruments=feed.instruments,
        connect=connect,
        timeframes=timeframes,
        ends=wanted.days is not None or mode is Mode.REPLAY,
        is_made_up=mode is Mode.SIMULATED,
        refused=lambda: {reason.value: count for reason, count in getattr(feed, "refused", {}).items()},
    )


def _chosen(instruments: Instruments, symbols: tuple[str, ...]) -> Instruments:
    unknown = [symbol for symbol in symbols if symbol not in instruments]
    if unknown:
        message = f"--symbols {unknown[0]} is not simulated: choose among {', '.join(instruments)}"
        raise ConfigurationError(message)
    return {symbol: instruments[symbol] for symbol in symbols or instruments}
