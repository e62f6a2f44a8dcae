"""HYDRA put together: from a terminal, a clock and a ledger to a runtime."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime

from tradewatch import __version__
from tradewatch.ledger import SqliteAppender
from tradewatch.market.broker import PaperBroker
from tradewatch.market.clock import Clock
from tradewatch.market.limits import Limits as BrokerLimits
from tradewatch.market.terminal import Gateway, SimulatedStopwatch
from tradewatch.systems.hydra.cycle import Cycle
from tradewatch.systems.hydra.engines import Loaded, engines
from tradewatch.systems.hydra.guardian.guardian import Guardian
from tradewatch.systems.hydra.guardian.limits import GuardianLimits
from tradewatch.systems.hydra.regime_detector import RegimeDetector
from tradewatch.systems.hydra.runtime import HydraRuntime
from tradewatch.systems.hydra.trader import Trader
from tradewatch.systems.running import RunTerms, Settings, Source, Stateful
from tradewatch.systems.running.limits import told

SYSTEM = "hydra"
"""The name under which its facts are recorded."""

LEVERAGE = 5.0
"""Value of all positions / equity, at most: three of them are worth 3 at their opening."""


def trader_of(source: Source, settings: Settings, limits: GuardianLimits, loaded: Loaded) -> Trader:
    """Return the system's trading part with a new account."""
    timeframe, equity = settings.timeframes[0], settings.starting_equity
    broker = PaperBroker(source.instruments, settings.currency, equity, BrokerLimits(leverage=LEVERAGE))
    detector = RegimeDetector(source.instruments, float(timeframe.seconds))
    return Trader(broker, detector, loaded.engines, Guardian(equity, limits), timeframe.length)


def assembled(  # noqa: PLR0913 - everything that a run is made of
    source: Source,
    settings: Settings,
    parameters: Mapping[str, str],
    *,
    clock: Clock,
    appender: SqliteAppender,
    limits: GuardianLimits | None = None,
    loaded: Loaded | None = None,
    on_commit: Callable[[datetime], None] = lambda _: None,
) -> HydraRuntime:
    """Return a runtime that begins, or goes on from what the ledger kept.

    ``parameters``: what must be the same when it goes on, by the name of the flag. ``loaded``: the engines; None for
    the built-in ones and those that installed distributions offer.
    """
    limits, loaded = limits or GuardianLimits(), loaded or engines()
    trader = trader_of(source, settings, limits, loaded)
    stopwatch = time.perf_counter if source.is_real else SimulatedStopwatch(clock, settings.seed)
    gateway = Gateway(source.terminal, clock, stopwatch=stopwatch, name=source.name)
    cycle = Cycle(gateway, trader, clock, settings.timeframes[0], stopwatch=stopwatch, faults=loaded.errors)
    terms = RunTerms(
        system=SYSTEM,
        mode=source.mode,
        label=source.label,
        assets=tuple(source.instruments),
        starting_equity=settings.starting_equity,
        currency=settings.currency,
        parameters=parameters,
        version=__version__,
        limits=told(limits),
        engines=tuple(loaded.engines),
    )
    runtime = HydraRuntime(
        appender,
        cycle,
        clock,
        terms,
        _parts(source, cycle),
        is_over=source.is_over,
        is_real=source.is_real,
        on_commit=on_commit,
    )
    runtime.restore(appender.kept(SYSTEM))
    return runtime


def _parts(source: Source, cycle: Cycle) -> dict[str, Stateful]:
    """Return everything that a run goes on with; the terminal first, for the gateway asks it."""
    trader = cycle.trader
    parts: dict[str, Stateful] = {} if source.terminal_state is None else {"terminal": source.terminal_state}
    return parts | {
        "gateway": cycle.gateway,
        "broker": trader.broker,
        "detector": trader.detector,
        "guardian": trader.guardian,
        "tournament": trader.tournament,
        "votes": trader.votes,
        "trader": trader,
        "cycle": cycle,
    }
