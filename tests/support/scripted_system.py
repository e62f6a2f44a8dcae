"""A system of which a test decides how it is: python scripted_system.py SYSTEM LEDGER CONTROL.

It lives, in heartbeats of a second, and sees prices. A file ``no-feed`` in the folder CONTROL takes the prices away, a
file ``broken`` lets it end at once. Everything else the test writes into the ledger itself.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tradewatch.facts import BarClosed, ConnectionChanged, Entry, Fact, Heartbeat, Mode, RunStarted
from tradewatch.ledger import SqliteAppender

EQUITY = 10_000.0
LIMITS = {"daily_loss": 0.02, "daily_drawdown": 0.03, "drawdown": 0.06}
ASSET = "BTC-USD"
PAUSE = 0.25


def live(system: str, ledger: Path, control: Path) -> None:
    begun = datetime.now(UTC)
    with closing(SqliteAppender(ledger)) as appender:
        run = RunStarted(
            run_id=f"run/{begun.isoformat()}",
            mode=Mode.SIMULATED,
            starting_equity=EQUITY,
            currency="USD",
            limits=LIMITS,
        )
        appender.append([entry(run), entry(ConnectionChanged(connection="mt5", connected=True))], system)
        while not (control / "broken").exists():
            appender.append([entry(fact) for fact in signs_of_life(control)], system)
            time.sleep(PAUSE)


def signs_of_life(control: Path) -> Iterator[Fact]:
    yield Heartbeat(interval=1.0)
    if not (control / "no-feed").exists():
        yield BarClosed(asset=ASSET, interval=1.0, open=100.0, high=101.0, low=99.0, close=100.0)


def entry(fact: Fact) -> Entry:
    now = datetime.now(UTC)
    return Entry(now, fact.identity or f"{type(fact).__name__}/{now.isoformat()}", fact)


if __name__ == "__main__":
    live(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    sys.exit("the scripted system is broken")
