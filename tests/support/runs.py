"""VelocityPTrader's runs, small enough for tests."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.ledgers import rows
from tradewatch.facts import Mode
from tradewatch.ledger import Row, SqliteAppender
from tradewatch.market.clock import Clock, SimulatedClock
from tradewatch.market.feed import Feed
from tradewatch.market.instruments import METATRADER, Instruments
from tradewatch.market.simulated import SimulatedFeed
from tradewatch.market.terminal import Faults, Outages, SimulatedTerminal
from tradewatch.systems.running import Kept, Runtime, Settings, Source
from tradewatch.systems.velocitytrader.assembly import SYSTEM, assembled
from tradewatch.systems.velocitytrader.risk import Limits

START = datetime(2026, 1, 5, tzinfo=UTC)
FEW: Instruments = {name: METATRADER[name] for name in ("EURUSD+", "XAUUSD+", "BTCUSD")}
SETTINGS = Settings(seed=3)


def feed_of(days: float = 1.0, *, seed: int = 3, instruments: Instruments = FEW) -> Feed:
    """Return a simulated market whose M1, M5 and M15 are warm at the start."""
    return SimulatedFeed(instruments, seed=seed, start=START, days=days, warm_up=timedelta(days=3))


def run_of(  # noqa: PLR0913 - what may differ from run to run
    appender: SqliteAppender,
    feed: Feed,
    *,
    clock: Clock | None = None,
    limits: Limits | None = None,
    outages: Outages = Outages(),  # noqa: B008 - frozen
    faults: Faults = Faults(),  # noqa: B008 - frozen
    on_commit: Callable[[datetime], None] = lambda _: None,
) -> Runtime:
    """Return a run into a ledger, which goes on where the ledger's last one was."""
    clock = clock or SimulatedClock(Kept(appender.kept(SYSTEM), "the test's").reached or feed.start)
    terminal = SimulatedTerminal(feed, clock, seed=SETTINGS.seed, outages=outages, faults=faults)
    source = Source(
        terminal=terminal,
        instruments=feed.instruments,
        mode=Mode.SIMULATED,
        label="simulated, for a test",
        is_over=lambda: feed.is_over,
        terminal_state=terminal,
    )
    return assembled(source, SETTINGS, {}, clock=clock, appender=appender, limits=limits, on_commit=on_commit)


def traded(path: Path, feed: Feed, **changes: object) -> list[Row]:
    """Run to the end of a feed; return all facts."""
    with closing(SqliteAppender(path)) as appender:
        run_of(appender, feed, **changes).run()  # type: ignore[arg-type]  # as `run_of` takes them
    return rows(path, SYSTEM)
