"""VelocityPTrader put together: from a terminal, a clock and a ledger to a runtime."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime

from tradewatch import __version__
from tradewatch.ledger import SqliteAppender
from tradewatch.market.broker import PaperBroker
from tradewatch.market.clock import Clock
from tradewatch.market.instruments import Instruments
from tradewatch.market.limits import Limits as BrokerLimits
from tradewatch.market.terminal import Gateway
from tradewatch.systems.running import RunTerms, Runtime, Settings, Source, Stateful
from tradewatch.systems.running.limits import told
from tradewatch.systems.velocitytrader.agents import Agent
from tradewatch.systems.velocitytrader.cycle import Cycle
from tradewatch.systems.velocitytrader.risk import Limits, RiskManager
from tradewatch.systems.velocitytrader.temperament import BERSERKER, SNIPER
from tradewatch.systems.velocitytrader.trader import Trader

SYSTEM = "velocitytrader"
"""The name under which its facts are recorded."""

MOST_POSITIONS = 10
LEVERAGE = 30.0


def trader_of(instruments: Instruments, settings: Settings, limits: Limits | None = None) -> Trader:
    """Return the system's trading part with a new account."""
    broker = PaperBroker(
        instruments,
        settings.currency,
        settings.starting_equity,
        BrokerLimits(positions=MOST_POSITIONS, leverage=LEVERAGE),
    )
    agents = [Agent(each, settings.seed) for each in (BERSERKER, SNIPER)]
    return Trader(broker, agents, RiskManager(settings.starting_equity, limits), settings.timeframes)


def assembled(  # noqa: PLR0913 - everything that a run is made of
    source: Source,
    settings: Settings,
    parameters: Mapping[str, str],
    *,
    clock: Clock,
    appender: SqliteAppender,
    limits: Limits | None = None,
    on_commit: Callable[[datetime], None] = lambda _: None,
) -> Runtime:
    """Return a runtime that begins, or goes on from what the ledger kept.

    ``parameters``: what must be the same when it goes on, by the name of the flag.
    """
    trader = trader_of(source.instruments, settings, limits)
    stopwatch = time.perf_counter if source.is_real else None
    gateway = Gateway(source.terminal, clock, name=source.name)
    cycle = Cycle(gateway, trader, clock, settings.timeframes, stopwatch)
    terms = RunTerms(
        system=SYSTEM,
        mode=source.mode,
        label=source.label,
        assets=tuple(source.instruments),
        starting_equity=settings.starting_equity,
        currency=settings.currency,
        parameters=parameters,
        version=__version__,
        limits=told(trader.risk.limits),
    )
    parts = _parts(source, trader, cycle)
    over = source.is_over
    runtime = Runtime(appender, cycle, clock, terms, parts, is_over=over, is_real=source.is_real, on_commit=on_commit)
    runtime.restore(appender.kept(SYSTEM))
    return runtime


def _parts(source: Source, trader: Trader, cycle: Cycle) -> dict[str, Stateful]:
    """Return everything that a run goes on with; the terminal first, for the gateway asks it."""
    parts: dict[str, Stateful] = {} if source.terminal_state is None else {"terminal": source.terminal_state}
    parts |= {"gateway": cycle.gateway, "broker": trader.broker, "risk": trader.risk, "trader": trader, "cycle": cycle}
    parts |= {f"agent/{name}": agent for name, agent in trader.agents.items()}
    parts |= {f"watch/{symbol}/{frame.name}": watch for (symbol, frame), watch in trader.watches.items()}
    return parts
