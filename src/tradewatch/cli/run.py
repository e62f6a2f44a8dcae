"""``tradewatch run``: run a trading system on paper."""

import logging
import signal
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from tradewatch.cli.feeds import KNOWN, prices_of
from tradewatch.cli.options import ledger_option, starting_equity_option
from tradewatch.cli.progress import days_done
from tradewatch.errors import ConfigurationError
from tradewatch.ledger import SqliteAppender
from tradewatch.market.clock import CatchUpClock, Clock, SimulatedClock, WallClock
from tradewatch.systems.velocitytrader.assembly import Settings, assembled
from tradewatch.systems.velocitytrader.runtime import SYSTEM, Kept

_EQUITY = 10_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the command line asks for."""

    ledger: Path
    feed: str
    seed: int
    start: datetime | None
    days: float | None
    fast: bool
    equity: float


@click.command("run")
@click.argument("system", type=click.Choice([SYSTEM]))
@ledger_option
@click.option(
    "--feed", default="simulated", show_default=True, metavar="FEED", help=f"Where prices come from: {KNOWN}."
)
@click.option("--seed", type=int, default=7, show_default=True, help="Of everything that is left to chance.")
@click.option("--start", type=click.DateTime(), help="When trading starts, UTC.  [default: now]")
@click.option("--days", type=click.FloatRange(0, 3650, min_open=True), help="How long it trades.  [default: no end]")
@click.option("--fast", is_flag=True, help="Do not wait for the clock; needs --days.")
@starting_equity_option
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def command(  # noqa: PLR0913 - one parameter an option
    *,
    system: str,  # noqa: ARG001 - the only one
    ledger: Path,
    feed: str,
    seed: int,
    start: datetime | None,
    days: float | None,
    fast: bool,
    starting_equity: float | None,
    quiet: bool,
) -> None:
    """Run a trading system on paper: no order reaches a market.

    A run that was stopped or killed goes on where it was when the same command is given again. A start that lies in the
    past is caught up with first.
    """
    logging.basicConfig(level=logging.WARNING, format="tradewatch: %(message)s")
    equity = starting_equity or _EQUITY
    asked = _Asked(ledger=ledger, feed=feed, seed=seed, start=start, days=days, fast=fast, equity=equity)
    if fast and days is None:
        message = "--fast would never end: give --days too"
        raise ConfigurationError(message)
    with closing(SqliteAppender(ledger)) as appender:
        reached = _run(asked, appender, is_quiet=quiet)
    if not quiet:
        click.echo(f"{SYSTEM} traded until {reached:%Y-%m-%d %H:%M} UTC, on paper: {ledger}")


def _run(asked: _Asked, appender: SqliteAppender, *, is_quiet: bool) -> datetime:
    kept = Kept(appender.kept(SYSTEM), str(asked.ledger))
    start = _start_of(asked, kept)
    parameters = {
        "--feed": asked.feed,
        "--seed": str(asked.seed),
        "--start": start.isoformat(),
        "--starting-equity": str(asked.equity),
    }
    kept.require(parameters)
    prices = prices_of(asked.feed, seed=asked.seed, start=start, days=asked.days)
    clock = _clock(asked, kept.reached or prices.start, is_real=prices.is_real)
    settings = Settings(seed=asked.seed, starting_equity=asked.equity, timeframes=prices.timeframes)
    with days_done(start, asked.days, is_shown=not is_quiet) as progress:
        runtime = assembled(
            prices.connect(clock), settings, parameters, clock=clock, appender=appender, on_commit=progress
        )
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: clock.stop())
        runtime.run()
    return clock.now()


def _start_of(asked: _Asked, kept: Kept) -> datetime:
    """Return when trading starts: as asked for, as it did, or now."""
    if asked.start is not None:
        return asked.start.replace(tzinfo=UTC)
    before = kept.parameter("--start")
    return datetime.fromisoformat(before) if before else datetime.now(UTC).replace(second=0, microsecond=0)


def _clock(asked: _Asked, start: datetime, *, is_real: bool) -> Clock:
    if asked.fast:
        return SimulatedClock(start)
    return WallClock() if is_real else CatchUpClock(start, WallClock())
