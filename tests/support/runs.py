"""Runs of the trading systems, small enough for tests."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.support.ledgers import rows
from tradewatch.facts import Mode
from tradewatch.ledger import Row, SqliteAppender
from tradewatch.market.clock import Clock, SimulatedClock
from tradewatch.market.feed import Feed
from tradewatch.market.instruments import CRYPTO, METATRADER, Instruments
from tradewatch.market.simulated import SimulatedFeed
from tradewatch.market.terminal import Faults, Outages, SimulatedTerminal
from tradewatch.systems.hydra import assembly as hydra
from tradewatch.systems.hydra.guardian.limits import GuardianLimits
from tradewatch.systems.running import Kept, Runtime, Settings, Source
from tradewatch.systems.velocitytrader import assembly as velocitytrader
from tradewatch.systems.velocitytrader.risk import Limits

START = datetime(2026, 1, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FEW: Instruments = {name: METATRADER[name] for name in ("EURUSD+", "XAUUSD+", "BTCUSD")}
COINS: Instruments = {name: CRYPTO[name] for name in ("BTC-USD", "ETH-USD", "XRP-USD")}
SETTINGS = Settings(seed=3)


class KilledError(Exception):
    """Stands for kill -9: nothing that comes after it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A system and how it is tried.

    ``warm_up``: makes the timeframes ready that matter. ``strict``, ``loose``: limits that halt it at its first loss,
    until a person ends that, and limits of losses that are never reached. ``faults``: many of those that its terminal
    has now and then.
    """

    system: str
    assembled: Callable[..., Runtime]
    instruments: Instruments
    warm_up: timedelta
    strict: object
    loose: object
    faults: Faults
    settings: Settings = SETTINGS

    def feed(self, days: float = 0.25, *, seed: int = 3) -> SimulatedFeed:
        """Return a simulated market that is warm at the start."""
        return SimulatedFeed(self.instruments, seed=seed, start=START, days=days, warm_up=self.warm_up)

    def runtime(  # noqa: PLR0913 - what may differ from run to run
        self,
        appender: SqliteAppender,
        feed: Feed,
        *,
        clock: Clock | None = None,
        terminal: SimulatedTerminal | None = None,
        outages: Outages = Outages(),  # noqa: B008 - frozen
        faults: Faults = Faults(),  # noqa: B008 - frozen
        **more: Any,
    ) -> Runtime:
        """Return a run into a ledger, which goes on where the ledger's last one was."""
        clock = clock or SimulatedClock(Kept(appender.kept(self.system), "the test's").reached or feed.start)
        terminal = terminal or SimulatedTerminal(feed, clock, seed=self.settings.seed, outages=outages, faults=faults)
        source = Source(
            terminal=terminal,
            instruments=feed.instruments,
            mode=Mode.SIMULATED,
            label="simulated, for a test",
            is_over=lambda: feed.is_over,
            terminal_state=terminal,
        )
        return self.assembled(source, self.settings, {}, clock=clock, appender=appender, **more)

    def traded(self, path: Path, feed: Feed, **changes: Any) -> list[Row]:
        """Run to the end of a feed; return all facts."""
        with closing(SqliteAppender(path)) as appender:
            self.runtime(appender, feed, **changes).run()
        return rows(path, self.system)


VELOCITYTRADER = Trial(
    system=velocitytrader.SYSTEM,
    assembled=velocitytrader.assembled,
    instruments=FEW,
    warm_up=timedelta(days=3),
    strict=Limits(drawdown=1e-3, daily_loss=0.9),
    loose=Limits(drawdown=0.9, daily_loss=0.9),
    faults=Faults(stall=0.001, locked=0.01, crossed=0.01),
)
HYDRA = Trial(
    system=hydra.SYSTEM,
    assembled=hydra.assembled,
    instruments=COINS,
    warm_up=timedelta(hours=6),
    strict=GuardianLimits(drawdown=1e-3, daily_loss=0.9, daily_drawdown=0.9),
    loose=GuardianLimits(
        drawdown=0.9, daily_loss=0.9, daily_drawdown=0.9, losses_to_pause=10**9, choppy=timedelta(days=3650)
    ),
    faults=Faults(refused=1 / 60),
)
TRIALS: Sequence[Trial] = (VELOCITYTRADER, HYDRA)


_SECONDS = 5.0


class SlowWatch:
    """The machine's clock for a runtime, which commits after some seconds: one on which they are so many looks."""

    def __init__(self, looks: int = 10) -> None:
        self._seconds = 0.0
        self._a_look = _SECONDS / looks

    def monotonic(self) -> float:
        self._seconds += self._a_look
        return self._seconds


def killed_at(moment: datetime) -> Callable[[datetime], None]:
    """Return what kills a run once it has committed this moment."""

    def kill(reached: datetime) -> None:
        if reached >= moment:
            raise KilledError

    return kill


def told(found: Sequence[Row]) -> list[tuple[int, str, str, str]]:
    """Return what rows say, without their numbers."""
    return [(row.time, row.kind, row.id, row.body) for row in found]


def feed_of(days: float = 1.0, *, seed: int = 3) -> Feed:
    """Return a simulated market whose M1, M5 and M15 are warm at the start."""
    return VELOCITYTRADER.feed(days, seed=seed)


def traded(path: Path, feed: Feed, **changes: object) -> list[Row]:
    """Run VelocityPTrader to the end of a feed; return all facts."""
    return VELOCITYTRADER.traded(path, feed, **changes)
