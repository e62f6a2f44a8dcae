"""Prices of now: a MetaTrader terminal's, or an exchange's."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from tradewatch.cli.running.prices import Prices, Wanted, timeframes_of
from tradewatch.errors import ConfigurationError, SourceError
from tradewatch.facts import Mode
from tradewatch.market.bars import Timeframe
from tradewatch.market.clock import WallClock
from tradewatch.market.instruments import METATRADER
from tradewatch.market.terminal.exchange import connected
from tradewatch.market.terminal.exchange_settings import ExchangeSettings
from tradewatch.market.terminal.metatrader import MetaTraderSettings, MetaTraderTerminal
from tradewatch.systems.running import Source

_log = logging.getLogger(__name__)

MT5 = "mt5"
CCXT = "ccxt:"

_PATIENCE = timedelta(minutes=1)
"""With a terminal whose prices do not move yet."""
_SECOND = timedelta(seconds=1)


def is_live(feed: str) -> bool:
    """Whether a feed's prices are those of now."""
    return feed == MT5 or feed.startswith(CCXT)


def prices_of(wanted: Wanted) -> Prices:
    """Return the prices of now that ``--feed`` asks for, connected; raises `ConfigurationError` if that cannot be."""
    if wanted.start is not None or wanted.days is not None:
        message = f"--feed {wanted.feed} trades now and until it is stopped: leave out --start, --days and --fast"
        raise ConfigurationError(message)
    clock = WallClock()
    source, offered = _metatrader(wanted, clock) if wanted.feed == MT5 else _exchange(wanted, clock)
    timeframes = [each for each in timeframes_of(wanted) if each in offered]
    if not timeframes:
        names = ", ".join(each.name for each in offered)
        message = f"--feed {wanted.feed} has no bars of the length that is asked for: give --timeframe one of {names}"
        raise ConfigurationError(message)
    return Prices(
        start=clock.now(),
        instruments=source.instruments,
        connect=lambda _: source,
        live_clock=clock,
        timeframes=timeframes,
    )


def _metatrader(wanted: Wanted, clock: WallClock) -> tuple[Source, Sequence[Timeframe]]:
    terminal = MetaTraderTerminal(clock, MetaTraderSettings(symbols=wanted.symbols))
    _connect(terminal, clock)
    instruments = terminal.symbols()
    if unknown := [symbol for symbol in instruments if symbol not in METATRADER]:
        _log.warning("commission and slippage of %s are not known and count as 0", ", ".join(unknown))
    label = "prices of a MetaTrader 5 terminal, traded on paper"
    source = Source(terminal=terminal, instruments=instruments, mode=Mode.PAPER, label=label)
    return source, tuple(Timeframe)


def _exchange(wanted: Wanted, clock: WallClock) -> tuple[Source, Sequence[Timeframe]]:
    name = wanted.feed.removeprefix(CCXT)
    assets = wanted.symbols or tuple(wanted.trading.instruments)
    terminal = connected(ExchangeSettings(exchange=name, assets=assets), clock)
    label = f"prices of {name}, traded on paper"
    source = Source(terminal=terminal, instruments=terminal.symbols(), mode=Mode.PAPER, label=label, name=name)
    return source, terminal.timeframes


def _connect(terminal: MetaTraderTerminal, clock: WallClock) -> None:
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
